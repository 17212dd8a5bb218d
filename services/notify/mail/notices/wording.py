"""The words around a notice of a breach (GDPR, article 34)."""

from dataclasses import dataclass
from functools import cache

from shared.article import Lang
from shared.languages.say import Nb, in_language


@dataclass(frozen=True)
class NoticeLabels:
    """One language's words."""

    subject: str
    """Before the name of the association."""
    neutral_subject: str
    heading: str
    intro: str
    """Before the name of the association."""
    what_happened: str
    consequences: str
    measures: str
    advice: str
    contact: str
    never: str
    """What a real notice never asks for: false ones follow a breach."""
    own_data: str
    """Before the address of «Min side»."""
    complain: str
    why_you: str
    """Before the name of the association."""


BOKMAL: Nb[NoticeLabels] = NoticeLabels(
    subject="Viktig melding om personopplysningene dine fra",
    neutral_subject="Viktig melding fra",
    heading="Viktig melding om personopplysningene dine",
    intro="Opplysninger om deg kan ha kommet på avveie. Derfor skriver vi til deg. Hilsen",
    what_happened="Hva har skjedd?",
    consequences="Hva kan det bety for deg?",
    measures="Hva har vi gjort, og hva gjør vi?",
    advice="Hva kan du gjøre?",
    contact="Hvem kan du spørre?",
    never="Vi spør deg aldri om passord, koder eller kontonummer i en e-post.",
    own_data="Se, rett eller slett det vi har lagret om deg",
    complain="Du kan klage til Datatilsynet: https://www.datatilsynet.no",
    why_you="Du får denne e-posten fordi e-postadressen din er lagret hos",
)


@cache
def labels(lang: Lang) -> NoticeLabels:
    """The words of a notice's language."""
    return in_language(BOKMAL, lang)
