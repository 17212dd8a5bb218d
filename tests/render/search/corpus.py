"""The articles and queries of corpus.txt."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from shared.article import Article
from shared.revision import Revision
from tests.make import alert, alert_fields, news, revision

_FIRST = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Corpus:
    revisions: tuple[Revision, ...]
    queries: tuple[tuple[str, frozenset[str]], ...]
    """What is asked, and the slugs of all right answers."""


@cache
def corpus() -> Corpus:
    text = Path(__file__).with_name("corpus.txt").read_text()
    revisions: list[Revision] = []
    right: dict[str, set[str]] = {}
    for number, block in enumerate(text.split("\n= ")[1:]):
        head, title, lead, body, *queries = block.strip().splitlines()
        slug, kind, topics = (part.strip() for part in head.split(";"))
        fields: dict[str, Any] = {
            "title": title,
            "lead": lead,
            "body": body + "\n",
            "topics": [topic.strip() for topic in topics.split(",")],
        }
        at = _FIRST + timedelta(days=3 * number)
        revisions.append(
            revision(_article(kind, fields), id=f"c{number:011}", slug=slug, published_at=at)
        )
        for query in queries:
            assert query.startswith("? "), query
            right.setdefault(query[2:], set()).add(slug)
    return Corpus(
        tuple(revisions), tuple((query, frozenset(slugs)) for query, slugs in right.items())
    )


def _article(kind: str, fields: dict[str, Any]) -> Article:
    if not kind.startswith("alert "):
        return news(**fields, lang=kind)
    substance, _, brands = kind.removeprefix("alert ").partition(":")
    medicine = {"substance": substance, "brands": [brand.strip() for brand in brands.split(",")]}
    about = alert_fields() | {
        "medicines": [medicine],
        "what_happened": fields["lead"],
        "who_is_affected": "Du som bruker medisinen.",
        "what_to_do": ["Snakk med legen din."],
        "seek_help_if": ["Ring 113 hvis du blir akutt dårlig."],
    }
    return alert(**fields, alert=about)
