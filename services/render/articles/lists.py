"""The lists that go by the date which readers see: of all articles, of alerts, of each topic and
of each subject; and which articles are related by them. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from shared.revision import Revision
from shared.slug import slug

ALL = "all"
ALERTS = "alerts"
TOPIC, SUBJECT = "topic:", "subject:"
SAME = "same."
"""With an article's id after it: the translations of that article."""
RELATED = 3
"""Teasers of related articles under an article."""
NEAR = 3
"""Places in a list, in each direction, within which articles are related by it."""
_WEIGHTS = {TOPIC: 10, SUBJECT: 31}
"""Of a list that two articles stand in. One medicine counts more than three topics; to stand in
the list of all counts 1, so that those published just before fill the places that are left."""


@dataclass(frozen=True)
class Near:
    """An article that stands near another in a list."""

    list: str
    article: str
    order: int
    """Grows with the date."""


@lru_cache(maxsize=1024)
def topic_slug(topic: str) -> str:
    """A topic in addresses. Topics that differ in case alone are one."""
    return slug(topic, empty="emne")


def topic_list(topic: str) -> str:
    return TOPIC + topic_slug(topic)


def subject_list(subject: str) -> str:
    return SUBJECT + subject


def lists_of(revision: Revision, *, listed: bool) -> list[str]:
    """The lists in which an article stands for what it says itself; none if it is not listed."""
    if not listed:
        return []
    article = revision.article
    topics = dict.fromkeys(map(topic_list, article.topics))
    original = [SAME + article.translation_of] if article.translation_of else []
    return [ALL, *([ALERTS] if article.alert else []), *original, *topics]


def reach(name: str) -> tuple[int, int]:
    """How many places before and after its own a list relates an article to."""
    if name == ALERTS or name.startswith(SAME):
        return 0, 0
    return NEAR, 0 if name == ALL else NEAR


def related(near: Iterable[Near]) -> list[str]:
    """The articles to show under one, of those that stand `near` it: first those that share most
    with it, of these the newest."""
    shared: Counter[str] = Counter()
    orders: dict[str, int] = {}
    for one in near:
        kind = one.list[: one.list.find(":") + 1]
        shared[one.article] += _WEIGHTS.get(kind, 1)
        orders[one.article] = one.order
    return sorted(shared, key=lambda one: (-shared[one], -orders[one]))[:RELATED]


def wording(slug_: str, topics: Sequence[str]) -> str | None:
    """The topic of `topics` that has this slug, as it is written there."""
    return next((topic for topic in topics if topic_slug(topic) == slug_), None)
