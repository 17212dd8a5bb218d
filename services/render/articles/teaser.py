"""Teasers: what lists and feeds show of an article. They end at a sentence or a word."""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Literal, Self

from pydantic import AwareDatetime, ConfigDict

from services.render.articles.changes import is_withdrawn, newest_change
from shared.alert import Mode, Severity
from shared.article import Kind, Lang
from shared.fields import Model
from shared.picture_files import PictureSizes
from shared.revision import Revision

LONGEST = 160
"""Characters of a teaser."""
_SHORTEST_SENTENCE = 60
"""Characters; a teaser does not end after a sentence that is shorter."""
_ELLIPSIS = "\u00a0…"
_ABBREVIATIONS = frozenset(
    {
        *("adm.", "bl.a.", "ca.", "dr.", "dvs.", "e.l.", "eks.", "ev.", "f.eks.", "fr.", "hhv."),
        *("jf.", "kl.", "kr.", "maks.", "mfl.", "m.fl.", "mill.", "min.", "mm.", "m.m.", "mrd."),
        *("nr.", "o.a.", "o.l.", "pga.", "pkt.", "prof.", "red.", "sml.", "st.", "t.d.", "tlf."),
    }
)
_SENTENCE_END = re.compile(r"[.!?…][»”’)]*(?= )")
_NUMBER = re.compile(r"[\d.,–/+-]*\d[\d.,–/+-]*")
_BYLINE = re.compile(r"(skrevet av|skriven av|skrive av|tekst og foto:|tekst:|av)\s+", re.I)


class Teaser(Model):
    """What a list or a feed shows of an article, kept apart from it so that lists read little.

    Stored in Redis: a field that is added later needs a default.
    """

    model_config = ConfigDict(extra="ignore")

    id: str
    revision: int
    path: str
    kind: Kind
    lang: Lang
    title: str
    lead: str
    sentence: str
    author: str
    severity: Severity | None
    published_on: date
    published_at: AwareDatetime
    updated_at: AwareDatetime
    change: Literal["correction", "withdrawal"] | None = None
    """The newest one that readers must know of."""
    note: str | None = None
    """What changed by it, or why the article is withdrawn."""
    mode: Mode = "actual"
    valid_from: date | None = None
    review_by: date | None = None
    topics: tuple[str, ...] = ()
    picture: str = ""
    """The name of the picture that lists show beside it; empty for none. An alert has none: nothing
    is to stand beside its words."""
    sizes: PictureSizes | None = None
    """Of that picture. Not stored here; none if there is nothing beside the picture's own file,
    which is too large for a list."""

    @classmethod
    def of(cls, revision: Revision) -> Self:
        article = revision.article
        alert = article.alert
        past = newest_change(revision)
        change = past.change if past else None
        return cls(
            id=revision.id,
            revision=revision.revision,
            path=revision.path,
            kind=article.kind,
            lang=article.lang,
            title=article.title,
            lead=article.lead,
            sentence=sentence(article.lead),
            author=author(article.byline),
            severity=alert.severity if alert else None,
            published_on=article.published_on,
            published_at=revision.published_at,
            updated_at=revision.at,
            change=change.kind if change and change.kind != "edit" else None,
            note=change.note if change else None,
            mode=alert.mode if alert else "actual",
            valid_from=alert.valid_from if alert else None,
            review_by=alert.review_by if alert else None,
            topics=article.topics,
            picture="" if alert else next((one.name for one in revision.pictures.values()), ""),
        )

    @property
    def withdrawn(self) -> bool:
        return self.change == "withdrawal"

    @property
    def listed(self) -> bool:
        """Withdrawn news leaves the lists. A withdrawn alert stays, marked: people act on it.
        Exercises and tests are for those who were told of them. What is no news is in no list."""
        return _listed(self.kind, self.mode, withdrawn=self.withdrawn)

    @property
    def is_found(self) -> bool:
        """Whether the search and sitemaps have it: what is listed, and pages that are no news."""
        return self.listed or (self.kind == "info" and not self.withdrawn)

    @property
    def last_day(self) -> date | None:
        """The last day on which this is a valid warning; None if it is none at all."""
        if self.severity is None:
            return None
        return _last_day(self.review_by, self.mode, withdrawn=self.withdrawn)

    def valid_on(self, day: date) -> bool:
        """Whether this is a warning that holds on `day`. Without a last day it does until it is
        withdrawn."""
        if self.last_day is None:
            return False
        return (self.valid_from or date.min) <= day <= self.last_day


def is_listed(revision: Revision) -> bool:
    """Whether lists show it: `Teaser.listed`."""
    alert = revision.article.alert
    mode: Mode = alert.mode if alert else "actual"
    return _listed(revision.article.kind, mode, withdrawn=is_withdrawn(revision))


def review_is_past(revision: Revision, day: date) -> bool:
    """Whether it is a warning that was to be looked at again before `day`, and has not been."""
    alert = revision.article.alert
    if alert is None:
        return False
    last = _last_day(alert.review_by, alert.mode, withdrawn=is_withdrawn(revision))
    return last is not None and last < day


def _last_day(review_by: date | None, mode: Mode, *, withdrawn: bool) -> date | None:
    """The last day on which an alert is a valid warning; None if it is none at all."""
    if withdrawn or mode != "actual":
        return None
    return review_by or date.max


def _listed(kind: Kind, mode: Mode, *, withdrawn: bool) -> bool:
    if kind == "info":
        return False
    return mode == "actual" and (kind == "safety_alert" or not withdrawn)


def author(byline: str) -> str:
    """The person in a byline such as «Skrevet av Kari Nordmann»."""
    return _BYLINE.sub("", byline, count=1) if _BYLINE.match(byline) else byline


def ended(text: str) -> str:
    """`text` with a full stop if it ends with no mark, so that something may follow it."""
    return text if text.rstrip("»”’)").endswith((".", "!", "?", "…", ":")) else f"{text}."


@lru_cache(maxsize=64)
def sentence(lead: str) -> str:
    """At most 160 characters of `lead`, in NFC with single spaces.

    All of it if it fits; else up to the last end of a sentence from character 60 on; else up to
    the last word, and « …». Never between a number and what it counts, nor inside a pair of «».
    """
    text = " ".join(unicodedata.normalize("NFC", lead).split()).replace(" …", _ELLIPSIS)
    if len(text) <= LONGEST:
        return text
    depths = _quote_depths(text)
    return _whole_sentences(text, depths) or _whole_words(text, depths)


def _quote_depths(text: str) -> list[int]:
    """For each place between characters, how many «» pairs it is inside; a lone « opens nothing."""
    depths = [0] * (len(text) + 1)
    opened: list[int] = []
    for place, char in enumerate(text):
        if char == "«":
            opened.append(place)
        elif char == "»" and opened:
            for inside in range(opened.pop() + 1, place + 1):
                depths[inside] += 1
    return depths


def _whole_sentences(text: str, depths: list[int]) -> str | None:
    ends = (
        match.end()
        for match in _SENTENCE_END.finditer(text, 0, LONGEST + 1)
        if match.end() >= _SHORTEST_SENTENCE
        and not depths[match.end()]
        and _ends_sentence(text, match)
    )
    return text[:last] if (last := max(ends, default=0)) else None


def _ends_sentence(text: str, end: re.Match[str]) -> bool:
    if not text.startswith(".", end.start()):
        following = text[end.end() + 1 : end.end() + 2]
        return not following.islower()
    word = text[: end.start() + 1].rsplit(" ", 1)[-1].lstrip("(«“‘").lower()
    stem = word.rstrip(".")
    ordinal_or_initial = len(stem) <= 2 and (stem.isdigit() or len(stem) == 1)
    return word not in _ABBREVIATIONS and not ordinal_or_initial


def _whole_words(text: str, depths: list[int]) -> str:
    spaces = [place for place in range(1, LONGEST) if text[place] == " "]
    for place in reversed(spaces):
        cut = text[:place].rstrip(" ,;:–-")
        last_word = cut.rsplit(" ", 1)[-1]
        fits = cut and len(cut) + len(_ELLIPSIS) <= LONGEST
        if fits and not depths[place] and not _NUMBER.fullmatch(last_word):
            return cut + _ELLIPSIS
    return _first_words(text, depths, spaces)


def _first_words(text: str, depths: list[int], spaces: list[int]) -> str:
    """If there is no good place: one long quotation, which is closed, or one endless word."""
    for place in (*reversed(spaces), LONGEST - len(_ELLIPSIS)):
        closing = _ELLIPSIS + "»" * depths[place]
        if place + len(closing) <= LONGEST:
            return text[:place] + closing
    return _ELLIPSIS.strip()
