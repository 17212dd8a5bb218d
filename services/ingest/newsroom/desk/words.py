"""What the form says of each field: in plain words, with an example beside it. Pure.

`*` in a path stands for a row's number. In bokmål.
"""

import re
from dataclasses import dataclass
from typing import Literal

from shared.languages.say import NAMES as LANGUAGES
from shared.languages.say import Nb

Input = Literal["text", "area", "date", "moment", "url", "check", "choice"]


@dataclass(frozen=True)
class FieldWords:
    """What stands around one field."""

    label: str
    hint: str = ""
    example: str = ""
    input: Input = "text"
    rows: int = 2
    """Lines of an area."""


@dataclass(frozen=True)
class FieldOption:
    value: str
    label: str
    hint: str = ""


FIELDS: Nb[dict[str, FieldWords]] = {
    "title": FieldWords(
        "Tittel",
        "Si hva det gjelder, med navnet på medisinen. Høyst 70\u00a0tegn vises helt i innbokser.",
        "Exempla kan skade leveren",
    ),
    "lead": FieldWords(
        "Ingress",
        "Det viktigste, på to–tre korte setninger. Mange leser bare dette.",
        "Myndighetene advarer mot leverskade ved bruk av Exempla. Snakk med legen din.",
        "area",
        3,
    ),
    "kicker": FieldWords("Stikktittel", "Ett eller to ord over tittelen.", "Sikkerhet"),
    "byline": FieldWords("Hvem har skrevet den?", "Slik leserne ser det.", ""),
    "lang": FieldWords("Språk", input="choice"),
    "translation_of": FieldWords(
        "Er den en oversettelse?",
        "Skriv id-en til saken på det andre språket. Da viser de to sidene til hverandre.",
        "",
    ),
    "published_on": FieldWords("Dato på saken", input="date"),
    "topics": FieldWords(
        "Temaer", "Ett på hver linje, eller med komma mellom.", "legemiddelsikkerhet, Exempla",
        "area",
    ),
    "body": FieldWords(
        "Teksten",
        "Lag avsnitt med en tom linje mellom. «## » først på linjen gir en mellomtittel, «- » et "
        "punkt i en liste, «– » en replikk. Et punkt under et punkt har to mellomrom foran.",
        "",
        "area",
        18,
    ),
    "sources": FieldWords("Kilder", "Hvor opplysningene kommer fra, så leserne kan sjekke."),
    "sources.*.publisher": FieldWords("Hvem sier det?", example="Eksempeltilsynet"),
    "sources.*.url": FieldWords("Adressen", example="https://www.example.org/varsel", input="url"),
    "sources.*.published_on": FieldWords("Datoen de skrev det", input="date"),
    "publish_at": FieldWords(
        "Når skal den ut?",
        "La feltet stå tomt hvis den skal ut så snart den er godkjent. Norsk tid.",
        input="moment",
    ),
    "change.kind": FieldWords("Hva slags endring?", input="choice"),
    "change.note": FieldWords(
        "Hva er rettet?",
        "Det første leserne får se.",
        "Vi skrev feil dose i går. Riktig dose er 5\u00a0mg.",
        "area",
        2,
    ),
    "given": FieldWords(
        "Varselet fra myndigheten",
        "Lim inn teksten du skriver etter, og ta med adressen til siden. Den publiseres aldri, og "
        "er borte når saken er sendt inn.",
        "",
        "area",
        10,
    ),
    "alert": FieldWords("Varselet"),
    "alert.mode": FieldWords("Er dette på alvor?", input="choice"),
    "alert.severity": FieldWords("Hvor alvorlig er det?", input="choice"),
    "alert.medicines": FieldWords("Hvilke medisiner gjelder det?"),
    "alert.medicines.*.substance": FieldWords(
        "Virkestoff", "Står med liten skrift på pakken.", "eksempelinib"
    ),
    "alert.medicines.*.brands": FieldWords(
        "Navn på pakken",
        "Ett på hver linje, eller med komma mellom. Ta med alle navnene den selges under.",
        "Exempla, Exempla Rapid",
        "area",
        1,
    ),
    "alert.medicines.*.additional_monitoring": FieldWords(
        "Har svart trekant (overvåkes særskilt)", input="check"
    ),
    "alert.medicines.*.atc": FieldWords(
        "ATC-kode", "Én på hver linje, om du vet den.", "L04AF01", "area", 1
    ),
    "alert.medicines.*.batches": FieldWords(
        "Batchnumre", "Ved tilbakekalling: som på pakken, med komma mellom.", "A1234", "area", 1
    ),
    "alert.what_happened": FieldWords(
        "Hva har skjedd?",
        "Én eller to korte setninger. Nevn både navnet på pakken og virkestoffet.",
        "Eksempelinib (Exempla) kan gi alvorlig leverskade hos noen.",
        "area",
        3,
    ),
    "alert.who_is_affected": FieldWords(
        "Hvem gjelder det?",
        "Så leseren straks vet om det er dem.",
        "Alle som bruker Exempla, særlig de over 65\u00a0år.",
        "area",
        3,
    ),
    "alert.what_to_do": FieldWords(
        "Hva skal de gjøre?", "Ett råd i hvert felt, det viktigste først.",
        "Bestill time hos legen.",
    ),
    "alert.what_to_do.*": FieldWords("Råd", input="area", rows=2),
    "alert.stop_advice": FieldWords("Skal de slutte med medisinen?"),
    "alert.stop_advice.code": FieldWords("Skal de slutte med medisinen?", input="choice"),
    "alert.stop_advice.text": FieldWords(
        "Si med egne ord om de skal slutte",
        "Leserne ser denne setningen.",
        "Ikke slutt uten å snakke med legen din først.",
        "area",
        2,
    ),
    "alert.seek_help_if": FieldWords(
        "Når skal de søke hjelp med en gang?",
        "Ett tegn på fare i hvert felt. Knapper til 113 og legevakten er alltid med.",
        "Ring 113 hvis du får vondt i brystet.",
    ),
    "alert.seek_help_if.*": FieldWords("Når", input="area", rows=2),
    "alert.report": FieldWords(
        "Hvor skal bivirkninger meldes?",
        "Utfylt som i forrige varsel, første gang med de nasjonale skjemaene. Bytt om det trengs.",
    ),
    "alert.report.patient": FieldWords(
        "Pasienter melder her", example="https://www.example.org/meld", input="url"
    ),
    "alert.report.health_personnel": FieldWords(
        "Helsepersonell melder her", example="https://www.example.org/helsepersonell", input="url"
    ),
    "alert.urgency": FieldWords("Hvor mye haster det?", input="choice"),
    "alert.certainty": FieldWords("Hvor sikkert er det?", input="choice"),
    "alert.event_type": FieldWords("Hva slags varsel?", input="choice"),
    "alert.groups": FieldWords(
        "Grupper som er mer utsatt", "Én på hver linje.", "Gravide i siste tredjedel", "area",
    ),
    "alert.conditions": FieldWords(
        "Sykdommer det gjelder", "Én på hver linje.", "Kreft, unntatt hudkreft", "area"
    ),
    "alert.valid_from": FieldWords("Gjelder fra", input="date"),
    "alert.review_by": FieldWords(
        "Må ses på igjen innen", "Siste dag varselet gjelder uten at noen har sett på det igjen.",
        input="date",
    ),
    "alert.authorities": FieldWords("Andre myndigheter som advarer", "Ut over kildene."),
    "alert.authorities.*.name": FieldWords("Navn", example="Nabotilsynet"),
    "alert.authorities.*.reference": FieldWords("Deres nummer", example="N/7/2026"),
    "alert.authorities.*.url": FieldWords("Adressen", input="url"),
}  # fmt: skip

OPTIONS: Nb[dict[str, tuple[FieldOption, ...]]] = {
    "lang": tuple(FieldOption(code, name) for code, name in LANGUAGES.items()),
    "alert.mode": (
        FieldOption("actual", "Ja, det går til medlemmene"),
        FieldOption("exercise", "Nei, en øvelse", "Går bare til de ansatte, og er tydelig merket."),
        FieldOption("test", "Nei, en teknisk prøve", "Går bare til de ansatte."),
    ),
    "alert.severity": (
        FieldOption(
            "extreme",
            "Svært alvorlig",
            "Livsfare. Går til alle medlemmer, uansett hva de har valgt.",
        ),
        FieldOption("severe", "Alvorlig", "Kan gi varig skade eller innleggelse."),
        FieldOption("moderate", "Moderat", "Kan gi plager som bør følges opp."),
        FieldOption("minor", "Mindre alvorlig", "Greit å vite om."),
    ),
    "alert.stop_advice.code": (
        FieldOption("do_not_stop", "Nei, ikke slutt på egen hånd"),
        FieldOption("stop_now", "Ja, slutt nå"),
        FieldOption("contact_before_next_dose", "Snakk med lege eller apotek før neste dose"),
        FieldOption("not_applicable", "Passer ikke her", "For eksempel ved feil på utstyr."),
    ),
    "alert.urgency": (
        FieldOption("immediate", "Gjør noe nå"),
        FieldOption("expected", "Gjør noe snart"),
        FieldOption("future", "Gjør noe etter hvert"),
        FieldOption("past", "Faren er over"),
        FieldOption("unknown", "Vet ikke"),
    ),
    "alert.certainty": (
        FieldOption("observed", "Det har skjedd"),
        FieldOption("likely", "Sannsynlig"),
        FieldOption("possible", "Mulig"),
        FieldOption("unlikely", "Lite sannsynlig"),
        FieldOption("unknown", "Vet ikke"),
    ),
    "alert.event_type": (
        FieldOption("adverse_reaction", "Bivirkning"),
        FieldOption("contraindication", "Noen må ikke bruke den"),
        FieldOption("interaction", "Virker dårlig sammen med noe annet"),
        FieldOption("dosing", "Dosering"),
        FieldOption("recall", "Tilbakekalling"),
        FieldOption("quality_defect", "Feil ved medisinen"),
        FieldOption("falsified", "Forfalskning"),
        FieldOption("shortage", "Mangel på medisinen"),
        FieldOption("device", "Utstyr"),
        FieldOption("food", "Mat"),
        FieldOption("other", "Noe annet"),
    ),
    "change.kind": (
        FieldOption("edit", "En mindre endring", "Skrivefeil og lignende. Ingen får e-post."),
        FieldOption("correction", "En rettelse", "Noe var feil. De som fikk varselet, får e-post."),
    ),
}  # fmt: skip

ADVICE_BLOCKS: Nb[tuple[str, ...]] = (
    "Snakk med legen din.",
    "Spør på apoteket om medisinen din er en av disse.",
    "Meld fra om bivirkninger.",
)
"""Sentences to pick if no alert has said what to do before."""

HELP_BLOCKS: Nb[tuple[str, ...]] = (
    "Ring 113 ved brystsmerter, plutselig tung pust eller lammelser.",
    "Ring 113 hvis noen blir bevisstløs eller får kramper.",
    "Ring legevakten på 116\u00a0117 hvis du blir raskt dårligere.",
    "Ring legevakten på 116\u00a0117 ved høy feber eller kraftig utslett.",
)
"""Sentences to pick, and to mend afterwards."""

_NUMBER = re.compile(r"(?<=\.)\d+(?=\.|$)")
_PLAIN = {
    "verken tittel, ingress, what_happened eller who_is_affected nevner": (
        "verken tittel, ingress, «Hva har skjedd?» eller «Hvem gjelder det?» nevner"
    ),
    "i feltene under «alert»": "i varselet",
    "sett anførselstegn rundt verdien": "skriv det på nytt",
    "må være en av: ": "velg en av: ",
    "; legg filen i samme mappe som saken, med nøyaktig dette navnet": (
        "; last det opp under «Bilder»"
    ),
    "feltet mangler; fyll det ut": "mangler",
    "feltet er tomt; fyll det ut": "mangler",
    "feltet er tomt": "mangler",
    "må ha minst 1 innslag": "mangler",
    "en sak av typen «safety_alert» må ha dette feltet": "mangler",
}
"""What programs are told, and what people are."""


def of(path: str) -> FieldWords:
    """What stands around the field at `path`. KeyError if the form has none there."""
    return FIELDS[_NUMBER.sub("*", path)]


def named(path: str) -> str:
    """The field as people know it: «Kilder 2: Adressen»."""
    parts = path.split(".")
    number = next((int(part) + 1 for part in parts if part.isdigit()), None)
    label = FIELDS[wild].label if (wild := _NUMBER.sub("*", path)) in FIELDS else path
    if number is None:
        return label.rstrip("?")
    place = next(place for place, part in enumerate(parts) if part.isdigit())
    group = FIELDS[".".join(parts[:place])].label.rstrip("?")
    is_whole_row = place == len(parts) - 1
    return f"{group}, nr. {number}" if is_whole_row else f"{group}, nr. {number}: {label}"


def plain(message: str) -> str:
    """A message of `reading` for somebody who has never seen a field's name in a file."""
    for programs, people in _PLAIN.items():
        message = message.replace(programs, people)
    return message


SCRIPT: Nb[dict[str, str]] = {
    "saving": "Lagrer …",
    "saved": "Lagret kl.\u00a0{time}",
    "notSaved": "Ikke lagret",
    "offline": "Får ikke lagret nå. Teksten ligger i nettleseren, og vi prøver igjen.",
    "kept": "I denne nettleseren ligger det tekst fra kl.\u00a0{time} som ikke ble lagret.",
    "bringBack": "Hent den tilbake",
    "throwAway": "Kast den",
    "one": "{names} har også saken åpen",
    "several": "Disse har også saken åpen: {names}",
    "loggedOutShort": "Logget ut. Ikke lagret",
    "loggedOut": "Du er logget ut. Alt du har skrevet, ligger trygt i nettleseren. Logg inn i et "
    "nytt vindu, kom tilbake hit, og lagre.",
    "logIn": "Logg inn i et nytt vindu",
    "saveNow": "Lagre nå",
    "conflict": "{name} har lagret siden du åpnet saken. Ingenting er overskrevet, og teksten din "
    "er ikke borte.",
    "conflictSomebody": "Noen har lagret siden du åpnet saken. Ingenting er overskrevet, og "
    "teksten din er ikke borte.",
    "seeBoth": "Se begge, og velg",
    "noPicture": "Velg et bilde først.",
    "uploading": "Laster opp bildet …",
    "pictureRefused": "Bildet ble ikke tatt imot: {why}",
}
"""What the form's script says."""
