"""The words that render itself puts on a page.

Those that a mail has too are in `shared/alert_words.py`, those of header and footer in
`shared/frame/words.py`.
"""

from dataclasses import dataclass
from functools import cache

from shared import alert_words
from shared.alert import Certainty, EventType, Mode, Urgency
from shared.alert_words import AlertWords
from shared.article import Lang
from shared.frame import words as frame_words
from shared.frame.words import FrameWords
from shared.languages.say import Nb, in_language


@dataclass(frozen=True)
class PageLabels(AlertWords, FrameWords):
    """One language's words. Those that stand for a code are looked up by the codes of
    `shared.alert`; `changes` by the kinds of `shared.revision`, and `published` for the first
    one."""

    all_news: str
    monitored: str
    monitored_note: str
    event_type_label: str
    event_type: dict[EventType, str]
    urgency_label: str
    urgency: dict[Urgency, str]
    certainty_label: str
    certainty: dict[Certainty, str]
    for_health_personnel: str
    code_from: str
    code_to: str
    authorities: str
    changes: dict[str, str]
    history: str
    withdrawn_alert: str
    withdrawn_fold: str
    """What opens the old advice."""
    withdrawn_heading: str
    withdrawn_news: str
    reason: str
    not_published: str
    not_published_note: str
    mode: dict[Mode, str]
    mode_note: dict[Mode, str]
    footnote: str
    footnotes: str
    table: str
    """The name of a table that has neither caption nor heading."""
    back_to_text: str
    audit: str
    valid_now: str
    valid_later: str
    valid_before: str
    help_now: str
    """Before the numbers to ring, on the front page."""
    review_was_by: str
    """Before the day, which has passed."""
    review_is_past: str
    """After that: what it means for who reads the alert."""
    topics: str

    # What is found beside an article: related ones, medicines, translations.
    read_also: str
    all_alerts_about: str
    translated: dict[Lang, str]


BOKMAL: Nb[PageLabels] = PageLabels(
    **vars(alert_words.BOKMAL),
    **vars(frame_words.BOKMAL),
    all_news="Se alle nyheter",
    monitored="Under særlig overvåking:",
    monitored_note="Medisinen er under særlig overvåking.",
    event_type_label="Hva det dreier seg om:",
    event_type={
        "adverse_reaction": "bivirkning",
        "contraindication": "noen må ikke bruke medisinen",
        "interaction": "går ikke sammen med noe annet",
        "dosing": "dosering",
        "recall": "tilbakekalling",
        "quality_defect": "feil ved kvaliteten",
        "falsified": "forfalsket medisin",
        "shortage": "mangel på medisinen",
        "device": "medisinsk utstyr",
        "food": "mat eller kosttilskudd",
        "other": "annet",
    },
    urgency_label="Når du bør gjøre noe:",
    urgency={
        "immediate": "med en gang",
        "expected": "snart",
        "future": "i tiden som kommer",
        "past": "det haster ikke lenger",
        "unknown": "ikke kjent",
    },
    certainty_label="Hvor sikkert det er:",
    certainty={
        "observed": "har skjedd",
        "likely": "sannsynlig",
        "possible": "mulig",
        "unlikely": "lite sannsynlig",
        "unknown": "ikke kjent",
    },
    for_health_personnel="For helsepersonell:",
    code_from="fra",
    code_to="til",
    authorities="Også varslet av:",
    changes={
        "published": "Publisert",
        "edit": "Oppdatert",
        "correction": "Rettet",
        "withdrawal": "Trukket",
    },
    history="Endringer",
    withdrawn_alert="Dette varselet er trukket tilbake og gjelder ikke lenger.",
    withdrawn_fold="Les det som ble varslet",
    withdrawn_heading="Saken er trukket",
    withdrawn_news="Vi har trukket tilbake denne saken. Den er derfor ikke lenger å lese her.",
    reason="Grunnen er:",
    not_published="Ikke publisert.",
    not_published_note="Slik ser saken ut hvis den blir godkjent. Ikke del adressen med andre.",
    mode={"actual": "", "exercise": "Øvelse", "test": "Test"},
    mode_note={
        "actual": "",
        "exercise": "Dette er en øvelse. Ingenting av det som står her, har skjedd.",
        "test": "Dette er en test. Ingenting av det som står her, har skjedd.",
    },
    footnote="Fotnote",
    footnotes="Fotnoter",
    table="Tabell",
    back_to_text="Tilbake til teksten, fotnote",
    audit="Revisjonsspor",
    valid_now="Alvorlige varsler som gjelder nå",
    valid_later="Gjelder fra en senere dag",
    valid_before="Gjelder ikke lenger",
    help_now="Akutt hjelp:",
    review_was_by="Dette varselet skulle vurderes på nytt senest",
    review_is_past=(
        "Rådene her er de siste vi har gitt, men noe kan ha endret seg siden. Er du i tvil, snakk "
        "med lege eller apotek før du endrer noe."
    ),
    topics="Emner",
    # Beside an article.
    read_also="Les også",
    all_alerts_about="Alle varsler om:",
    translated={
        "nb": "Denne saken på bokmål",
        "nn": "Denne saken på nynorsk",
        "en": "Denne saken på engelsk",
    },
)


@cache
def labels(lang: Lang) -> PageLabels:
    """The words of a page in this language."""
    return in_language(BOKMAL, lang)
