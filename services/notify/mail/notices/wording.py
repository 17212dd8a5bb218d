"""The words around a notice of a breach (GDPR, article 34), in both standards of Norwegian."""

from dataclasses import dataclass

from shared.article import Lang


@dataclass(frozen=True)
class NoticeLabels:
    """One standard's words."""

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


BOKMAL = NoticeLabels(
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

NYNORSK = NoticeLabels(
    subject="Viktig melding om personopplysningane dine frå",
    neutral_subject="Viktig melding frå",
    heading="Viktig melding om personopplysningane dine",
    intro="Opplysningar om deg kan ha kome på avvegar. Difor skriv vi til deg. Helsing",
    what_happened="Kva har skjedd?",
    consequences="Kva kan det bety for deg?",
    measures="Kva har vi gjort, og kva gjer vi?",
    advice="Kva kan du gjere?",
    contact="Kven kan du spørje?",
    never="Vi spør deg aldri om passord, kodar eller kontonummer i ein e-post.",
    own_data="Sjå, rett eller slett det vi har lagra om deg",
    complain="Du kan klage til Datatilsynet: https://www.datatilsynet.no",
    why_you="Du får denne e-posten fordi e-postadressa di er lagra hos",
)


def labels(lang: Lang) -> NoticeLabels:
    return NYNORSK if lang == "nn" else BOKMAL
