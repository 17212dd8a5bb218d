"""The words that notify itself puts in a mail, in both written standards of Norwegian.

Those that the article's page has too are in `shared/alert_words.py`.
"""

from dataclasses import dataclass

from shared import alert_words
from shared.alert import Mode
from shared.alert_words import AlertWords
from shared.article import Lang


@dataclass(frozen=True)
class NeutralLabels:
    """Of a mail whose subject and first lines say nothing of what it is about."""

    subject: str
    """Before the name of the association."""
    first: str
    """Before the same. So long that mail programs that show the first lines show no others."""


@dataclass(frozen=True)
class MailLabels(AlertWords):
    """One standard's words."""

    subject_of_mode: dict[Mode, str]
    not_real: dict[Mode, str]
    """The first line of a mail that is no actual alert."""
    neutral: NeutralLabels
    monitored_note: str
    read_all: str
    with_table: str
    """Behind `read_all` where the page has a table, since no mail has one."""
    authority: str
    """Before the name of a further authority that warns."""
    why_you: str
    """Before the name of the association."""
    unsubscribe: str
    contact: str
    """Before whom members can ask, and how."""


BOKMAL = MailLabels(
    **vars(alert_words.BOKMAL),
    subject_of_mode={"actual": "", "exercise": "ØVELSE: ", "test": "TEST: "},
    not_real={
        "actual": "",
        "exercise": "ØVELSE. Dette er ikke et ekte varsel.",
        "test": "TEST. Dette er ikke et ekte varsel.",
    },
    neutral=NeutralLabels(
        subject="Viktig sikkerhetsmelding fra",
        first=(
            "Dette er en viktig sikkerhetsmelding, og du bør lese den i dag. Åpne e-posten for å "
            "se hva den handler om. Det står ikke i emnet eller her øverst, for at ingen andre "
            "skal se det på skjermen din. Hilsen"
        ),
    ),
    monitored_note="▼ betyr at medisinen er under særlig overvåking.",
    read_all="Les hele saken",
    with_table="med tabell",
    authority="Varsler også",
    why_you="Du får denne e-posten fordi du har sagt ja til sikkerhetsvarsler fra",
    unsubscribe="Meld deg av sikkerhetsvarslene",
    contact="Spør oss",
)

NYNORSK = MailLabels(
    **vars(alert_words.NYNORSK),
    subject_of_mode={"actual": "", "exercise": "ØVING: ", "test": "TEST: "},
    not_real={
        "actual": "",
        "exercise": "ØVING. Dette er ikkje eit ekte varsel.",
        "test": "TEST. Dette er ikkje eit ekte varsel.",
    },
    neutral=NeutralLabels(
        subject="Viktig tryggleiksmelding frå",
        first=(
            "Dette er ei viktig tryggleiksmelding, og du bør lese henne i dag. Opne e-posten for å "
            "sjå kva ho handlar om. Det står ikkje i emnet eller her øvst, for at ingen andre skal "
            "sjå det på skjermen din. Helsing"
        ),
    ),
    monitored_note="▼ tyder at medisinen er under særleg overvaking.",
    read_all="Les heile saka",
    with_table="med tabell",
    authority="Varslar òg",
    why_you="Du får denne e-posten fordi du har sagt ja til tryggleiksvarsel frå",
    unsubscribe="Meld deg av tryggleiksvarsla",
    contact="Spør oss",
)


def labels(lang: Lang) -> MailLabels:
    """The words of an article's language."""
    return NYNORSK if lang == "nn" else BOKMAL
