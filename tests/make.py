"""Made-up things for tests."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shared.article import Article
from shared.revision import Revision, content_sha256
from shared.settings import Settings

_folder = tempfile.TemporaryDirectory(prefix="varsel-")  # gone when the test run ends


def settings(**overrides: Any) -> Settings:
    """Settings with a data folder of their own, apart from the environment of the test run."""
    overrides.setdefault("data", Path(tempfile.mkdtemp(dir=_folder.name)))
    return Settings(**overrides)


def news(**overrides: Any) -> Article:
    fields: dict[str, Any] = {
        "title": "Åpent møte om høstens kurs",
        "lead": "Vi inviterer alle medlemmer til et åpent møte. Ta gjerne med en venn.",
        "kind": "news",
        "lang": "nb",
        "byline": "Skrevet av Kari Eksempel",
        "published_on": "2026-09-01",
        "body": "Møtet er på biblioteket.\n\n## Program\n\n- Kaffe\n- Kurs\n",
    }
    return Article.model_validate(fields | overrides)


def alert_fields() -> dict[str, Any]:
    return {
        "severity": "severe",
        "medicines": [
            {"substance": "eksempelinib", "brands": ["Exempla"], "additional_monitoring": True},
            {"substance": "prøvomab", "brands": ["Provo", "Provex"]},
        ],
        "what_happened": "Eksempelinib kan gi alvorlig leverskade hos noen pasienter.",
        "who_is_affected": "Alle som bruker Exempla eller Provo.",
        "what_to_do": ["Bestill time hos legen.", "Ta blodprøve før neste dose."],
        "stop_advice": {"code": "do_not_stop", "text": "Ikke slutt uten å snakke med legen."},
        "seek_help_if": ["Ring 113 hvis du blir gul i huden og svært slapp."],
        "report": {
            "patient": "https://meld.example.org/pasient",
            "health_personnel": "https://meld.example.org/helse",
        },
    }


def all_alert_fields() -> dict[str, Any]:
    """With all that an alert may have besides."""
    fields = alert_fields()
    fields["medicines"][0] |= {"atc": [{"code": "L04AF99"}], "batches": ["A1234", "B5678"]}
    return fields | {
        "urgency": "immediate",
        "certainty": "likely",
        "event_type": "adverse_reaction",
        "groups": ["Eldre over 65 år", "Personer som røyker"],
        "conditions": ["Ulcerøs kolitt", "Leddgikt"],
        "valid_from": "2026-09-02",
        "review_by": "2126-12-01",
        "authorities": [
            {"name": "Nabotilsynet", "reference": "N/7/2026", "url": "https://nabo.example.org/7"},
            {"name": "Verdenstilsynet"},
        ],
    }


def alert(**overrides: Any) -> Article:
    fields: dict[str, Any] = {
        "title": "Eksempelinib kan skade leveren",
        "lead": "Myndighetene advarer mot leverskade ved bruk av eksempelinib.",
        "kind": "safety_alert",
        "lang": "nb",
        "kicker": "Sikkerhet",
        "byline": "Skrevet av Ola Eksempel",
        "published_on": "2026-09-02",
        "topics": ["legemiddelsikkerhet"],
        "sources": [
            {
                "publisher": "Eksempeltilsynet",
                "url": "https://tilsyn.example.org/varsel",
                "published_on": "2026-09-01",
            }
        ],
        "alert": alert_fields(),
        "body": "Tilsynet har fått flere meldinger.\n\n– Vi følger nøye med, sier legen.\n",
    }
    return Article.model_validate(fields | overrides)


def revision(article: Article | None = None, **overrides: Any) -> Revision:
    """A published revision of `article` (made-up news by default)."""
    article = article or news()
    pictures = overrides.get("pictures", {})
    change = overrides.get("change")
    fields: dict[str, Any] = {
        "id": "a1b2c3d4e5f6",
        "revision": 1,
        "slug": "en-sak",
        "sha256": content_sha256(article, pictures, change),
        "published_at": datetime(2026, 9, 1, 10, 0, tzinfo=UTC),
        "article": article,
    }
    return Revision.model_validate(fields | overrides)
