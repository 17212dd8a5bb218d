"""The words that render itself puts on a page, in both written standards of Norwegian.

Those that a mail has too are in `shared/alert_words.py`.
"""

from dataclasses import dataclass

from shared import alert_words
from shared.alert import Certainty, EventType, Mode, Urgency
from shared.alert_words import AlertWords
from shared.article import Lang


@dataclass(frozen=True)
class PageLabels(AlertWords):
    """One standard's words. Those that stand for a code are looked up by the codes of
    `shared.alert`; `changes` by the kinds of `shared.revision`, and `published` for the first
    one."""

    skip_link: str
    site_menu: str
    news: str
    all_news: str
    published: str
    revised: str
    alert_heading: str
    monitored: str
    monitored_note: str
    severity_label: str
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
    withdrawn_heading: str
    withdrawn_news: str
    reason: str
    not_published: str
    not_published_note: str
    mode: dict[Mode, str]
    mode_note: dict[Mode, str]
    footnote: str
    footnotes: str
    back_to_text: str
    follow: str
    audit: str
    valid_now: str
    topics: str


BOKMAL = PageLabels(
    **vars(alert_words.BOKMAL),
    skip_link="Hopp til innholdet",
    site_menu="Hovedmeny",
    news="Nyheter",
    all_news="Se alle nyheter",
    published="Publisert",
    revised="Oppdatert",
    alert_heading="Varsel om medisin",
    monitored="Under særlig overvåking:",
    monitored_note="Medisinen er under særlig overvåking.",
    severity_label="Alvorlighetsgrad:",
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
    withdrawn_alert="Dette varselet er trukket tilbake og gjelder ikke lenger. "
    "Teksten står for dem som vil se hva som ble varslet.",
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
    back_to_text="Tilbake til teksten, fotnote",
    follow="Følg nyhetene",
    audit="Revisjonsspor",
    valid_now="Alvorlige varsler som gjelder nå",
    topics="Emner",
)

NYNORSK = PageLabels(
    **vars(alert_words.NYNORSK),
    skip_link="Hopp til innhaldet",
    site_menu="Hovudmeny",
    news="Nyhende",
    all_news="Sjå alle nyhende",
    published="Publisert",
    revised="Oppdatert",
    alert_heading="Varsel om medisin",
    monitored="Under særleg overvaking:",
    monitored_note="Medisinen er under særleg overvaking.",
    severity_label="Alvorsgrad:",
    event_type_label="Kva det dreier seg om:",
    event_type={
        "adverse_reaction": "biverknad",
        "contraindication": "nokre må ikkje bruke medisinen",
        "interaction": "går ikkje saman med noko anna",
        "dosing": "dosering",
        "recall": "tilbakekalling",
        "quality_defect": "feil ved kvaliteten",
        "falsified": "forfalska medisin",
        "shortage": "mangel på medisinen",
        "device": "medisinsk utstyr",
        "food": "mat eller kosttilskot",
        "other": "anna",
    },
    urgency_label="Når du bør gjere noko:",
    urgency={
        "immediate": "med ein gong",
        "expected": "snart",
        "future": "i tida som kjem",
        "past": "det hastar ikkje lenger",
        "unknown": "ikkje kjent",
    },
    certainty_label="Kor sikkert det er:",
    certainty={
        "observed": "har skjedd",
        "likely": "sannsynleg",
        "possible": "mogleg",
        "unlikely": "lite sannsynleg",
        "unknown": "ikkje kjent",
    },
    for_health_personnel="For helsepersonell:",
    code_from="frå",
    code_to="til",
    authorities="Også varsla av:",
    changes={
        "published": "Publisert",
        "edit": "Oppdatert",
        "correction": "Retta",
        "withdrawal": "Trekt",
    },
    history="Endringar",
    withdrawn_alert="Dette varselet er trekt tilbake og gjeld ikkje lenger. "
    "Teksten står for dei som vil sjå kva det vart varsla om.",
    withdrawn_heading="Saka er trekt",
    withdrawn_news="Vi har trekt tilbake denne saka. Difor kan ho ikkje lesast her lenger.",
    reason="Grunnen er:",
    not_published="Ikkje publisert.",
    not_published_note="Slik ser saka ut om ho blir godkjend. Ikkje del adressa med andre.",
    mode={"actual": "", "exercise": "Øving", "test": "Test"},
    mode_note={
        "actual": "",
        "exercise": "Dette er ei øving. Ingenting av det som står her, har hendt.",
        "test": "Dette er ein test. Ingenting av det som står her, har hendt.",
    },
    footnote="Fotnote",
    footnotes="Fotnotar",
    back_to_text="Tilbake til teksten, fotnote",
    follow="Følg nyhenda",
    audit="Revisjonsspor",
    valid_now="Alvorlege varsel som gjeld no",
    topics="Emne",
)


def labels(lang: Lang) -> PageLabels:
    """The words of an article's language."""
    return NYNORSK if lang == "nn" else BOKMAL
