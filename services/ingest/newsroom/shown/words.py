"""What fields are called, and what their codes mean, where people read what has changed.

A test holds that no field of an article and no
code is without words.
"""

from contextlib import suppress
from datetime import date

from shared.alert_words import BOKMAL
from shared.article import Lang
from shared.languages.dates import written_day
from shared.languages.say import Nb, say

NAMES: Nb[dict[str, str]] = {
    "change.kind": "Hva slags endring",
    "change.note": "Hva er rettet",
    "title": "Tittel",
    "lead": "Ingress",
    "kind": "Hva slags sak",
    "lang": "Språk",
    "translation_of": "Oversettelse av",
    "byline": "Hvem har skrevet",
    "published_on": "Dato på saken",
    "kicker": "Stikktittel",
    "topics": "Temaer",
    "sources": "Kilder",
    "sources.publisher": "Hvem",
    "sources.url": "Nettadresse",
    "sources.published_on": "Dato",
    "body": "Brødtekst",
    "pictures": "Bilder",
    "alert.severity": "Hvor alvorlig",
    "alert.medicines": "Medisiner",
    "alert.medicines.substance": "Virkestoff",
    "alert.medicines.brands": "Merkenavn",
    "alert.medicines.additional_monitoring": "Under særlig overvåking (▼)",
    "alert.medicines.atc": "ATC-koder",
    "alert.medicines.atc.code": "Kode",
    "alert.medicines.atc.valid_from": "Gyldig fra",
    "alert.medicines.atc.valid_to": "Gyldig til",
    "alert.medicines.batches": "Batchnummer",
    "alert.what_happened": "Hva har skjedd",
    "alert.who_is_affected": "Hvem gjelder det",
    "alert.what_to_do": "Dette bør de gjøre",
    "alert.stop_advice": "Råd om å fortsette eller slutte",
    "alert.stop_advice.code": "Råd",
    "alert.stop_advice.text": "Tekst",
    "alert.seek_help_if": "Søk hjelp med en gang",
    "alert.report": "Meld fra om bivirkninger",
    "alert.report.patient": "Pasienter og pårørende",
    "alert.report.health_personnel": "Helsepersonell",
    "alert.urgency": "Hvor mye det haster",
    "alert.certainty": "Hvor sikkert det er",
    "alert.event_type": "Hva varselet gjelder",
    "alert.groups": "Særlig utsatt",
    "alert.conditions": "Gjelder ved",
    "alert.valid_from": "Gjelder fra",
    "alert.review_by": "Vurderes på nytt senest",
    "alert.authorities": "Andre myndigheter som varsler",
    "alert.authorities.name": "Navn",
    "alert.authorities.reference": "Myndighetens nummer eller navn på varselet",
    "alert.authorities.url": "Nettadresse",
    "alert.mode": "På ordentlig eller øvelse",
}
"""By the path without places in lists."""

_DAYS = ("published_on", "valid_from", "valid_to", "review_by")
"""Fields that are a day, by their last name."""

VALUES: Nb[dict[str, dict[str, str]]] = {
    "change.kind": {
        "edit": "mindre endring, sendes ingen",
        "correction": "rettelse, sendes dem som har fått varselet",
        "withdrawal": "trukket tilbake",
    },
    "kind": {"news": "nyhet", "safety_alert": "sikkerhetsvarsel", "info": "side"},
    "lang": {"nb": "bokmål", "nn": "nynorsk", "en": "engelsk"},
    "alert.severity": dict[str, str](BOKMAL.severity.items()),
    "alert.stop_advice.code": dict[str, str](BOKMAL.stop_advice.items()),
    "alert.urgency": {
        "immediate": "straks",
        "expected": "snart",
        "future": "senere",
        "past": "er over",
        "unknown": "ukjent",
    },
    "alert.certainty": {
        "observed": "har skjedd",
        "likely": "sannsynlig",
        "possible": "mulig",
        "unlikely": "lite sannsynlig",
        "unknown": "ukjent",
    },
    "alert.event_type": {
        "adverse_reaction": "bivirkning",
        "contraindication": "noen som ikke bør bruke medisinen",
        "interaction": "virker dårlig sammen med noe annet",
        "dosing": "dosering",
        "recall": "tilbakekalling",
        "quality_defect": "feil ved produktet",
        "falsified": "forfalsket medisin",
        "shortage": "mangel på medisinen",
        "device": "medisinsk utstyr",
        "food": "mat",
        "other": "annet",
    },
    "alert.mode": {
        "actual": "på ordentlig",
        "exercise": "ØVELSE",
        "test": "TEST",
    },
}
"""What codes mean, by the same paths."""


def named(path: str, lang: Lang = "nb") -> str:
    """What the field at a path is called; the path itself if it has no name."""
    return say(NAMES[path], lang) if path in NAMES else path


def valued(path: str, value: str | bool, lang: Lang = "nb") -> str:
    """What the field at a path says: a code in words, and any other text as it is."""
    if isinstance(value, bool):
        return "ja" if value else "nei"
    if path.rpartition(".")[2] in _DAYS:
        with suppress(ValueError):
            day = date.fromisoformat(value)
            return written_day(day, lang)
    codes = VALUES.get(path, {})
    return say(codes[value], lang) if value in codes else value
