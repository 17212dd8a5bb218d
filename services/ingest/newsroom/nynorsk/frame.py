"""What stands around every page, and the pages of refusals."""

TEXTS: dict[str, str] = {
    "Kopier": "Kopier",
    "Kopiert": "Kopiert",
    "Redaksjonen": "Redaksjonen",
    "Saker": "Saker",
    "Ny sak": "Ny sak",
    "Folk": "Folk",
    "Emner": "Emne",
    "Tilstand": "Tilstand",
    "Spor": "Spor",
    "Logg ut": "Logg ut",
    "Hopp til innholdet": "Hopp til innhaldet",
    "Må rettes": "Må rettast",
    "Noe må rettes": "Noko må rettast",
    "Til sakene": "Til sakene",
    "Dette gikk ikke": "Dette gjekk ikkje",
    "Ingenting er endret. Gå tilbake, og prøv igjen.": "Ingenting er endra. Gå tilbake, og prøv igjen.",
    "Det har du ikke lov til her": "Det har du ikkje lov til her",
    "Siden kan ha stått åpen for lenge, eller rollen din gir ikke adgang. Ingenting er endret. Gå tilbake, last siden på nytt, og prøv igjen.": "Sida kan ha stått open for lenge, eller rolla di gir ikkje tilgang. Ingenting er endra. Gå tilbake, last sida på nytt, og prøv igjen.",
    "Vi finner ikke siden": "Vi finn ikkje sida",
    "Kanskje kom ikke hele adressen med.": "Kanskje kom ikkje heile adressa med.",
    "Det var for mye": "Det var for mykje",
    "Ingenting er lagret. Gå tilbake, og kort ned.": "Ingenting er lagra. Gå tilbake, og kort ned.",
    "Vent litt": "Vent litt",
    "Det er prøvd mange ganger herfra. Prøv igjen om ti minutter.": "Det er prøvd mange gonger herifrå. Prøv igjen om ti minutt.",
    "Noe er midlertidig galt hos oss. Ingenting er endret; prøv om litt.": "Noko er mellombels gale hos oss. Ingenting er endra; prøv om litt.",
    "Noe er midlertidig galt hos oss. Det du skrev, er ikke lagret, men det er heller ikke borte: "
    "det står her. La siden stå åpen, vent litt, og send det på nytt.": (
        "Noko er mellombels gale hos oss. Det du skreiv, er ikkje lagra, men det er heller ikkje "
        "borte: det står her. Lat sida stå open, vent litt, og send det på nytt."
    ),
    "Noen andre har logget inn i denne nettleseren siden siden ble åpnet. Ingenting er lagret "
    "ennå, men alt som ble skrevet, er her. Lagrer du nå, er det du som har skrevet det.": "Nokon "
    "andre har logga inn i denne nettlesaren sidan sida vart opna. Ingenting er lagra enno, men "
    "alt som vart skrive, er her. Lagrar du no, er det du som har skrive det.",
    "Øvelse": "Øving",
    "ØVELSE": "ØVING",
    "ØVELSE – går bare til de ansatte": "ØVING – går berre til dei tilsette",
    "Send på nytt": "Send på nytt",
    "Noe gikk galt hos oss": "Noko gjekk gale hos oss",
    "Det er ikke din feil, og det er skrevet ned i loggen.": (
        "Det er ikkje din feil, og det er skrive ned i loggen."
    ),
    "Vi vet ikke om det du sendte, ble tatt imot. Det er ikke borte: det ligger på denne siden.": (
        "Vi veit ikkje om det du sende, vart teke imot. Det er ikkje borte: det ligg på denne sida."
    ),
    "Vent litt, og la denne siden stå åpen.": "Vent litt, og lat denne sida stå open.",
    "Se etter i en ny fane om det er gjort alt.": "Sjå etter i ei ny fane om det er gjort alt.",
    "Er det ikke gjort, så send det på nytt herfra. La du ved en fil, må du velge den igjen på "
    "siden du kom fra.": (
        "Er det ikkje gjort, så send det på nytt herifrå. La du ved ei fil, må du velje henne igjen "
        "på sida du kom frå."
    ),
    "Vent litt, og last siden på nytt.": "Vent litt, og last sida på nytt.",
    "Skjer det igjen, så si fra til den som drifter Varsel, og si når det skjedde.": (
        "Skjer det igjen, så sei frå til den som driftar Varsel, og sei når det skjedde."
    ),
}
