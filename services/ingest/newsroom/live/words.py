"""Pure: what a delivery's state and causes mean, in words for whoever wrote the alert.

In bokmål. Each says what is so, and what to do.
"""

from typing import Literal, NamedTuple

from shared.event_data import DeliveryCommand, DeliveryKind, FailureCause
from shared.languages.say import Nb, nb

Tone = Literal["", "good", "careful", "wrong"]
"""As the classes of a notice."""


class ReceiptText(NamedTuple):
    """A text, and what is put into it: `t(said.text, **said.values)`."""

    text: str
    values: dict[str, object]

    @classmethod
    def of(cls, text: str, **values: object) -> "ReceiptText":
        return cls(text, values)


class Stand(NamedTuple):
    """How it stands, on top of the page."""

    heading: str
    text: str
    tone: Tone = ""


KINDS: Nb[dict[DeliveryKind, str]] = {
    "alert": "Varselet",
    "correction": "Rettelsen",
    "withdrawal": "Tilbaketrekkingen",
    "notice": "Meldingen",
}

NOBODY: Nb[Stand] = Stand("Ingen e-post", "Denne saken blir ikke sendt til noen på e-post.")
WAITS: Nb[Stand] = Stand(
    "Venter på siden",
    "E-posten går ut så snart siden er ute. Det tar vanligvis noen sekunder. Du trenger ikke gjøre "
    "noe.",
)
SENDS: Nb[Stand] = Stand(
    "Sendes nå", "Du trenger ikke gjøre noe. Siden her følger med av seg selv."
)
PUT_OFF: Nb[Stand] = Stand(
    "Resten venter litt",
    "Resten blir prøvd igjen av seg selv. Noen mottakeres e-post har bedt oss vente litt, og det "
    "er vanlig.",
)
STUCK: Nb[Stand] = Stand(
    "Noe har stoppet opp",
    "Varsel har gitt opp en del av arbeidet. Det som er sendt, er sendt. Be den som drifter "
    "Varsel, om å se på det nå.",
    "wrong",
)
DONE: Nb[Stand] = Stand("Ferdig", "Alle som skulle ha den, er prøvd.", "good")
DONE_ALL: Nb[Stand] = Stand("Ferdig", "Alle har fått den.", "good")
DONE_NOT_ALL: Nb[Stand] = Stand(
    "Ferdig, men ikke alle har fått den", "Se under hvorfor, og hva du kan gjøre.", "careful"
)
TO_NOBODY: Nb[Stand] = Stand(
    "Ingen fikk e-post",
    "Siden er ute, men ingen medlemmer skulle ha den på e-post. Stemmer ikke det? Se etter at "
    "medlemslisten er lagt inn, eller be den som drifter Varsel, om å legge den inn.",
    "careful",
)
CANCELLED: Nb[Stand] = Stand(
    "Avbrutt", "De som ikke hadde fått den, får den ikke. Det kan ikke gjøres om."
)
SUPERSEDED: Nb[Stand] = Stand("Avløst", "Det er sendt noe nyere i stedet.")

_HELD: Nb[dict[str, Stand]] = {
    "operator": Stand(
        "Satt på pause", "Ingen flere får e-post før noen lar den gå videre.", "careful"
    ),
    "stale": Stand(
        "Venter på deg",
        "Den har stått så lenge at innholdet kan være utdatert. Les saken igjen. Stemmer den "
        "fortsatt, så la den gå videre. Stemmer den ikke, så avbryt, og rett saken.",
        "careful",
    ),
    "unsafe": Stand(
        "Kan ikke sendes slik den er",
        "Teksten har tegn som bare Varsel kan bruke. Rett saken, og send den inn igjen.",
        "wrong",
    ),
    "too_large": Stand(
        "Kan ikke sendes slik den er",
        "E-posten er for stor. Gjør saken kortere, og send den inn igjen.",
        "wrong",
    ),
    "unreadable": Stand(
        "Kan ikke sendes nå",
        "Varsel får ikke lest adressene. Be den som drifter Varsel, om å se på det nå.",
        "wrong",
    ),
}
_PAGE_WRONG: Nb[Stand] = Stand(
    "Venter, for leserne ser ikke siden",
    "E-posten går ut av seg selv når siden er som den skal. Varer det mer enn noen minutter, så be "
    "den som drifter Varsel, om å se på det.",
    "wrong",
)
_PAGE_UNSEEN: Nb[Stand] = Stand(
    "Venter, for Varsel når ikke nettstedet",
    "E-posten går ut av seg selv om høyst to minutter.",
    "careful",
)
_RELAY: Nb[Stand] = Stand(
    "Venter på e-posttjeneren",
    "Den tar ikke imot akkurat nå. Varsel prøver igjen av seg selv, og ingen går tapt. Varer det "
    "mer enn et kvarter, så be den som drifter Varsel, om å se på det.",
    "careful",
)


def held(cause: str) -> Stand:
    """What a delivery waits for that is paused for this cause."""
    if cause.startswith("page_wrong"):
        return _PAGE_WRONG
    if cause.startswith("page_unseen"):
        return _PAGE_UNSEEN
    return _HELD.get(cause, _RELAY)


def is_of_relay(cause: str) -> bool:
    """Whether the cause is what the relay says, or what is wrong with our line to it."""
    return bool(cause) and held(cause) is _RELAY


def going_on(cause: str) -> tuple[str, str]:
    """The button and hint of letting a delivery go on that is paused for this cause."""
    if cause.startswith(("page_wrong", "page_unseen")):
        return SEND_ANYWAY
    if is_of_relay(cause):
        return TRY_NOW
    if cause in ("unsafe", "too_large", "unreadable"):
        return TRY_MENDED
    return BUTTONS["resume"], HINTS["resume"]


PAGE_NOT_YET: Nb[str] = "Siden er ikke ute ennå"
PAGE_WRITTEN: Nb[str] = "Siden er skrevet. Varsel ser etter at leserne får den"
PAGE_NOT_LOOKED: Nb[str] = "Siden er skrevet. Ingen har ennå sett etter at leserne får den"
PAGE_SEEN: Nb[str] = "Siden er ute. Varsel så den slik leserne ser den, {time}"
PAGE_STILL_OUT: Nb[str] = "Siden sier ikke ennå at saken er trukket tilbake"
PAGE_WITHDRAWN_NOT_LOOKED: Nb[str] = (
    "Det er skrevet på siden at saken er trukket tilbake. Ingen har ennå sett etter at leserne får "
    "se det"
)
PAGE_WITHDRAWN_SEEN: Nb[str] = (
    "Siden sier at saken er trukket tilbake. Varsel så det slik leserne ser det, {time}"
)
PAGE_SAYS: Nb[str] = "Leserne ser ikke siden: den svarer {why}"
PAGE_SAID: Nb[str] = "Leserne så ikke siden da Varsel så etter, {time}: den svarte {why}"
PAGE_HELD: dict[str, tuple[str, Tone]] = {
    "page_wrong": (nb("Leserne ser ikke siden: {why}"), "wrong"),
    "page_unseen": (nb("Varsel kan ikke se siden slik leserne gjør: {why}"), "careful"),
}
"""What holds the delivery now."""
PAGE_LOOKED: dict[str, tuple[str, Tone]] = {
    "page_wrong": (nb("Leserne så ikke siden da Varsel så etter, {time}: {why}"), "wrong"),
    "page_unseen": (nb("Varsel fikk ikke sett siden slik leserne gjør, {time}: {why}"), "careful"),
}
"""What the last look found, while nothing is held for it."""
PAGE_PASSED: Nb[dict[str, str]] = {
    "patience": "Varsel ventet i to minutter, og lot så e-posten gå",
    "person": "Noen valgte å sende e-posten likevel",
}
"""Why mail goes though readers were not seen to get the page: `page_passed` of the delivery."""
PAGE_WHY: Nb[dict[str, str]] = {
    "tls": "nettleseren ville advart: sertifikatet godtas ikke",
    "redirect": "de blir sendt til et annet sted",
    "no_answer": "den svarer ikke ferdig",
    "other_revision": "den viser en annen utgave",
    "other_page": "den viser en annen side",
    "dns": "navnet på nettstedet finnes ikke",
    "connect": "ingen forbindelse dit",
}
"""What is wrong with a page, by the word behind `page_wrong` or `page_unseen`."""

CAUSES: Nb[dict[FailureCause, str]] = {
    "no_address": "Adressen finnes ikke",
    "closed": "Postkassen er stengt",
    "full": "Postkassen er full",
    "refused": "Mottakerens e-post avviste den",
    "not_reached": "Mottakerens e-post svarte ikke, heller ikke etter flere dager",
    "other": "Uten nærmere grunn",
}

ASKED: Nb[dict[DeliveryCommand, str]] = {
    "hold": "{name} ba om pause. Venter på svar …",
    "resume": "{name} lot den gå videre. Venter på svar …",
    "cancel": "{name} avbrøt den. Venter på svar …",
    "again": "{name} ba om at de som ikke fikk den, blir prøvd igjen. Venter på svar …",
}
"""While nobody has heard it yet. It takes a moment."""

BUTTONS: Nb[dict[DeliveryCommand, str]] = {
    "hold": "Sett på pause",
    "resume": "La den gå videre",
    "cancel": "Avbryt …",
    "again": "Prøv igjen dem som ikke fikk den",
}
SEND_ANYWAY: Nb[tuple[str, str]] = (
    "Send likevel",
    "E-posten går ut, selv om leserne ikke får se siden.",
)
TRY_NOW: Nb[tuple[str, str]] = ("Prøv igjen", "Varsel spør e-posttjeneren igjen innen et minutt.")
TRY_MENDED: Nb[tuple[str, str]] = (
    "Prøv igjen",
    "Det hjelper bare hvis det som er feil, er rettet.",
)
"""What `resume` comes to while something else than a person holds it: its button and hint."""
HINTS: Nb[dict[DeliveryCommand, str]] = {
    "hold": "Ingen flere får e-post foreløpig. Du kan la den gå videre når som helst.",
    "resume": "De som ikke har fått den, får den nå.",
    "cancel": "Resten får den aldri. Du blir spurt først.",
    "again": "De som har fått den, får den ikke en gang til.",
}
