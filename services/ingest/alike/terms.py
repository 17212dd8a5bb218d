"""What an article is recognised by: its title, and the names of its medicines. Pure."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.article import Article
from shared.fields import Model

AlikeField = Literal["title", "alert.medicines"]


class LiveArticle(Model):
    """A live article, as a warning names it."""

    title: str
    path: str
    """Of its page."""
    at: datetime
    """When its first revision was published."""


@dataclass(frozen=True)
class Term:
    """One thing that an article is recognised by."""

    key: str
    """The same for all articles that have this in common."""
    field: AlikeField
    words: str
    """As this article writes it."""


def folded(text: str) -> str:
    """`text` as it is compared: composed (NFC), without case, spaces and punctuation."""
    one_case = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    kept = "".join(char for char in one_case if unicodedata.category(char)[0] in "LMN")
    return unicodedata.normalize("NFC", kept)


def terms(article: Article | None) -> tuple[Term, ...]:
    """All that `article` is recognised by, its title first, each once.

    Only articles of one kind have terms in common, and only alerts of one mode: members never got
    an exercise. Alerts are alike by any medicine, since two who write of one warning seldom list
    the same packages. Gives nothing for no article.
    """
    if article is None:
        return ()
    alert = article.alert
    group = f"{article.kind}:{alert.mode}" if alert else article.kind
    found = [_term(group, "title", article.title)]
    for medicine in alert.medicines if alert else ():
        for name in (medicine.substance, *medicine.brands):
            found.append(_term(group, "alert.medicines", name))
    return tuple({term.key: term for term in reversed(found) if term.key}.values())[::-1]


def _term(group: str, field: AlikeField, words: str) -> Term:
    said = folded(words)
    return Term(f"{group}:{field}:{said}" if said else "", field, words)


def entries(article: str, at: datetime, of: tuple[Term, ...]) -> set[str]:
    """What `ingest:alike` holds of a live article, published first at `at`: its terms, by time."""
    milliseconds = int(at.timestamp() * 1000)
    return {f"{term.key}|{milliseconds:015d}|{article}" for term in of}
