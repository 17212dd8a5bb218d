"""The page with what is being written in frames."""

TEXTS: dict[str, str] = {
    "Slik blir den": "Slik blir ho",
    "Vis teksten slik den er nå": "Vis teksten slik han er no",
    "Tilbake til teksten": "Tilbake til teksten",
    "[Mangler: {label}]": "[Manglar: {label}]",
    "[Kan ikke vises: {label}]": "[Kan ikkje visast: {label}]",
    "Den er ikke vist ennå.": "Ho er ikkje vist enno.",
    "Du ser teksten slik den er lagret.": "Du ser teksten slik han er lagra.",
    "Teksten er endret siden {time}.": "Teksten er endra sidan {time}.",
    "Ikke ferdig ennå ({number}): det som mangler, står i klammer, som [Mangler: …].": (
        "Ikkje ferdig enno ({number}): det som manglar, står i klammer, som [Manglar: …]."
    ),
    "Du har ikke valgt {what} ennå. Det som står om det under, er bare eksempel.": (
        "Du har ikkje valt {what} enno. Det som står om det under, er berre eksempel."
    ),
    "hvor alvorlig det er": "kor alvorleg det er",
    "om de skal slutte med medisinen": "om dei skal slutte med medisinen",
    " og ": " og ",
    "Se den mens du skriver": "Sjå ho medan du skriv",
    "Siden på en telefon": "Sida på ein telefon",
    "E-posten på en telefon": "E-posten på ein telefon",
    "Emne:": "Emne:",
    "En nyhet sendes ikke på e-post.": "Ei nyheit blir ikkje send på e-post.",
    "Siden på en skjerm": "Sida på ein skjerm",
    "Siden på papir": "Sida på papir",
    "Trykk på «Vis teksten slik den er nå».": "Trykk på «Vis teksten slik han er no».",
    "Lages … Det tar et øyeblikk.": "Blir laga … Det tek ein augneblink.",
}
