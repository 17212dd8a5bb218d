"""The life of a made-up alert: with all it may say, corrected, withdrawn."""

from datetime import timedelta
from typing import Any

from shared.article import Article
from shared.revision import Change, Past, Revision, content_sha256
from tests.make import alert_fields


def every_alert_field() -> dict[str, Any]:
    """An alert in which every optional field is used."""
    fields = alert_fields()
    exempla, provo = fields["medicines"]
    exempla["atc"] = [
        {"code": "L04AA29", "valid_to": "2023-12-31"},
        {"code": "L04AF01", "valid_from": "2024-01-01"},
    ]
    exempla["batches"] = ["A1234", "B5678"]
    provo["atc"] = [{"code": "L04AF02"}]
    return fields | {
        "urgency": "expected",
        "certainty": "observed",
        "event_type": "adverse_reaction",
        "groups": ["De som er 65 år eller eldre", "De som røyker"],
        "conditions": ["Ulcerøs kolitt"],
        "valid_from": "2026-09-01",
        "review_by": "2126-12-01",
        "authorities": [
            {"name": "EMA", "reference": "EMA/1/2026", "url": "https://ema.example.org/1"},
            {"name": "Helsedirektoratet"},
        ],
    }


def later(earlier: Revision, article: Article | None = None, **overrides: Any) -> Revision:
    """The next published revision, an hour after `earlier`; a correction where nothing is said."""
    article = article or earlier.article
    change = Change.model_validate(
        overrides.pop("change", {"kind": "correction", "note": "Dosen var feil"})
    )
    past = Past(revision=earlier.revision, at=earlier.at, change=earlier.change)
    fields = earlier.model_dump() | {
        "revision": earlier.revision + 1,
        "article": article,
        "sha256": content_sha256(article, earlier.pictures, change),
        "revised_at": earlier.at + timedelta(hours=1),
        "change": change,
        "history": (*earlier.history, past),
    }
    return Revision.model_validate(fields | overrides)


def withdrawal(earlier: Revision, **overrides: Any) -> Revision:
    """`earlier` withdrawn, by the next revision."""
    change = {"kind": "withdrawal", "note": "Opplysningene var feil."}
    return later(earlier, change=change, **overrides)
