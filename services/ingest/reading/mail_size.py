"""How large the mail of an alert can get, by its text alone. Pure.

Notify tells what it really is, and what the relay takes, once the alert is submitted. This bound is
known at once: what is above it can be sent to nobody, and is not saved.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from services.ingest.problems import FieldError
from shared.article import Article

MOST_OCTETS = 1_000_000
"""Of a mail. Relays take ten times as much (Postfix, Amazon SES), but this goes to each member, and
Gmail shows a tenth of it."""
_AROUND_OCTETS = 20_000
"""Headers, styles, headings, a member's own lines."""
_MARKUP_OCTETS = 400
"""Around a text that stands by itself: its element with styles, its label, its day."""
_JOINED_OCTETS = 30
"""Around a text in a list of names: comma, triangle."""
_JOINED = ("brands", "batches")
_NOT_MAILED = ("atc", "code", "severity", "urgency", "certainty", "event_type", "mode")
_TITLE_TIMES = 3
"""The subject, and the titles of the HTML."""
_ESCAPED_OCTETS = {"&": 6, "<": 5, ">": 5, '"': 7, "'": 7, "=": 6}
"""In both parts together."""
_NOT_ASCII = bytes(range(128, 256))
_WRAPPED = 1.2
"""Soft line breaks are 3 octets to 73; wrapping adds up to 5 to a line of 37 characters."""


def at_most(article: Article, notes: Sequence[str] = ()) -> int:
    """Octets that the mail of this alert has at most; 0 for news. `notes` are those of its
    corrections, the new one's too."""
    if article.alert is None:
        return 0
    return _AROUND_OCTETS + sum(_by_field(article).values()) + sum(map(_octets, notes))


def refusal(article: Article, notes: Sequence[str], earlier: Article | None) -> FieldError | None:
    """Why the article's mail can be sent to nobody; none if it can, for all that its text tells. A
    text that got no longer than the `earlier` one passes: no rule may keep a live alert from being
    corrected."""
    octets = at_most(article, notes)
    if octets <= MOST_OCTETS or (earlier and at_most(article) <= at_most(earlier)):
        return None
    fields = _by_field(article)
    longest = max(fields, key=lambda field: fields[field])
    return FieldError(
        longest,
        f"e-posten kan bli på {octets // 1000} kB, og mer enn {MOST_OCTETS // 1000} kB kan ikke "
        "sendes til alle; det meste er dette feltet, så kort det ned, og la detaljer stå i "
        "brødteksten",
    )


def _by_field(article: Article) -> dict[str, int]:
    """The octets of each field that is mailed, by its path."""
    fields = {"title": _TITLE_TIMES * _octets(article.title)}
    sources = [source.model_dump(mode="json") for source in article.sources]
    alert = article.alert.model_dump(mode="json") if article.alert else {}
    named = {"sources": sources} | {f"alert.{name}": value for name, value in alert.items()}
    for path, value in named.items():
        name = path.rpartition(".")[2]
        fields[path] = sum(_octets(text, joined=joined) for text, joined in _texts(value, name))
    return fields


def _texts(value: Any, name: str) -> Iterator[tuple[str, bool]]:
    """Each text that is mailed, and whether it is one in a list of names."""
    if name in _NOT_MAILED:
        return
    if isinstance(value, dict):
        for inner in value:
            yield from _texts(value[inner], inner)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, name)
    elif isinstance(value, str):
        yield value, name in _JOINED


def _octets(text: str, *, joined: bool = False) -> int:
    """In quoted-printable, in text and HTML together."""
    encoded = text.encode()
    ascii_only = len(encoded.translate(None, delete=_NOT_ASCII))
    plain = 2 * (ascii_only + 3 * (len(encoded) - ascii_only))
    more = sum(text.count(char) * (octets - 2) for char, octets in _ESCAPED_OCTETS.items())
    return int((plain + more) * _WRAPPED) + (_JOINED_OCTETS if joined else _MARKUP_OCTETS)
