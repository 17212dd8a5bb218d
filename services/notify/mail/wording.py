"""The words that notify itself puts in a mail.

Those that the article's page has too are in `shared/alert_words.py`.
"""

from dataclasses import dataclass
from functools import cache

from shared import alert_words
from shared.alert import Mode
from shared.alert_words import AlertWords
from shared.article import Lang
from shared.languages.say import Nb, in_language


@dataclass(frozen=True)
class NeutralLabels:
    """The words of a mail whose subject and first lines say nothing of what it is about."""

    subject: str
    """Before the name of the association."""
    first: str
    """Before the association's name. Long enough that a mail program's preview shows nothing after
    it."""


@dataclass(frozen=True)
class MailLabels(AlertWords):
    """One language's words."""

    not_real: dict[Mode, str]
    """The first line of a mail that is no actual alert."""
    neutral: NeutralLabels
    monitored_note: str
    read_all: str
    with_table: str
    """Behind `read_all` if the page has a table, since no mail has one."""
    authority: str
    """Before the name of a further authority that warns."""
    why_you: str
    """Before the name of the association."""
    unsubscribe: str
    contact: str
    """Before whom members can ask, and how."""


BOKMAL: Nb[MailLabels] = MailLabels(
    **vars(alert_words.BOKMAL),
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


@cache
def labels(lang: Lang) -> MailLabels:
    """The words of an article's language."""
    return in_language(BOKMAL, lang)
