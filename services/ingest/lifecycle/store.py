"""The articles in Redis.

`ingest:article:{id}` has an article's life and its version, `ingest:revisions:{id}` its revisions
by number and compact (shared/compact.py), and `ingest:articles:{state}` the articles in a state.
"""

import math
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import cast, get_args

from redis.asyncio import Redis

from services.ingest.alike.store import ALIKE, LIVE
from services.ingest.alike.terms import LiveArticle
from services.ingest.audit.trail import Prepared
from services.ingest.lifecycle.idempotency import KEEP_SECONDS, IdempotencyClaim
from services.ingest.lifecycle.life import ArticleState, Life, StoredRevision
from services.ingest.lifecycle.plan import Plan, StoredArticle
from services.ingest.telling import store as tellings
from services.ingest.titles.store import TITLES, title_entry
from shared.bus import lua
from shared.bus.streams import text
from shared.compact import compact, json_of
from shared.events import to_fields
from shared.slug import slug

SCHEDULE = "ingest:schedule"
"""Articles by the time at which they are published, in ms since 1970."""

_CONTENTS = "ingest:contents"
_SLUGS = "ingest:slugs"
_MOVED = "ingest:moved"
"""Paths on sites that articles were moved from → the article."""
_FILLED_AT_ONCE = 500
"""Articles of which a start keeps at once what they are found by."""
_SLUGS_AT_ONCE = 50
"""How many slugs one call to Redis looks up."""


class Advanced(StrEnum):
    """The answers of advance.lua; see `Articles.advance`."""

    DONE = "done"
    MOVED = "moved"
    SAME = "same"
    IN_FLIGHT = "in_flight"
    EARLY = "early"
    THERE = "there"


@dataclass(frozen=True)
class LookedUp:
    """What `Articles.look` has found."""

    stored: StoredArticle | None
    slug: str
    now: datetime
    """The time by Redis, when the article was read."""


class Articles:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._advance = lua.load(redis, Path(__file__).with_name("advance.lua"), Advanced)

    async def now(self) -> datetime:
        """The time by Redis's clock, which all processes go by."""
        return _time(await self._redis.time())

    async def life(self, article: str) -> Life | None:
        """Where an article is in its life; None if there is no such article."""
        stored = await self._redis.hget(_article(article), "life")
        return Life.model_validate_json(stored) if stored else None

    async def find(self, article: str) -> StoredArticle | None:
        """An article with its newest and its live revision; None if there is none."""
        async with self._redis.pipeline(transaction=False) as reads:
            reads.hget(_article(article), "life")
            reads.time()  # last, so that no step of the life is later
            life, clock = await reads.execute()
        return await self._whole(life, _time(clock)) if life else None

    async def look(self, article: str, title: str | None) -> LookedUp:
        """The article, if it is there, and the slug that it has if it gets this `title` now. Until
        something is published, the slug follows the title, or the stored one if none is given: it
        has a number if another article has it."""
        async with self._redis.pipeline(transaction=False) as reads:
            reads.hget(_article(article), "life")
            reads.hmget(_SLUGS, _numbered(slug(title or ""), 1))
            reads.time()
            life, owners, clock = await reads.execute()
        now = _time(clock)
        stored = await self._whole(life, now) if life else None
        if stored and stored.life.history:
            return LookedUp(stored, stored.life.slug, now)
        if stored and not title:
            return LookedUp(stored, await self._free(slug(stored.life.title), article), now)
        return LookedUp(stored, await self._free(slug(title or ""), article, owners), now)

    async def _whole(self, stored: bytes, now: datetime) -> StoredArticle:
        life = Life.model_validate_json(stored)
        wanted = [life.revision, *([life.live] if life.live not in (None, life.revision) else [])]
        found = await self.revisions(life.id, wanted)
        live = found[-1] if life.live is not None else None
        return StoredArticle(life, head=found[0], live=live, now=now)

    async def revisions(
        self, article: str, numbers: Sequence[int | None] = ()
    ) -> list[StoredRevision]:
        """The revisions of an article: those of `numbers` that exist, in that order; without
        `numbers`, all of them, the oldest first."""
        key = f"ingest:revisions:{article}"
        stored: Sequence[bytes | str | None] = (
            await self._redis.hmget(key, [str(number) for number in numbers])
            if numbers
            else await self._redis.hvals(key)
        )
        found = [StoredRevision.model_validate_json(json_of(one)) for one in stored if one]
        return found if numbers else sorted(found, key=lambda one: one.revision)

    async def _free(
        self, wanted: str, article: str, owners: Sequence[bytes | str | None] = ()
    ) -> str:
        """This slug, or the first with a number, that no other article has. `owners` has the first
        ones' articles, if they were read."""
        first = 1
        while True:
            slugs = _numbered(wanted, first)
            for one, owner in zip(slugs, owners or await self._owners(slugs), strict=True):
                if owner is None or text(owner) == article:
                    return one
            first, owners = first + _SLUGS_AT_ONCE, ()

    async def _owners(self, slugs: Sequence[str]) -> Sequence[bytes | str | None]:
        """The ids of the articles that have these slugs for good."""
        return await self._redis.hmget(_SLUGS, slugs)

    async def moved_from(self, path: str) -> str | None:
        """The id of the article that was at this path of a site that it was moved from."""
        found = await self._redis.hget(_MOVED, path)
        return text(found) if found else None

    async def has_slug(self, slug_: str) -> str | None:
        """The id of the article that has this slug for good."""
        found = await self._redis.hget(_SLUGS, slug_)
        return text(found) if found else None

    async def advance(
        self, plan: Plan, trail: Prepared, claim: IdempotencyClaim | None, answer: str
    ) -> tuple[Advanced, str]:
        """Carry out `plan` and write its entries to the audit trail, in one script that may be sent
        again. The idempotency key of `claim` gets `answer`.

        Gives the outcome and, for `same` and `there`, an article's id. Nothing is written unless it
        is `done`.
        `moved`: somebody else was first, so decide again. `same`: another article, the one whose id
        is given, has this content. `there`: that one was moved from where this is to be moved from.
        `in_flight`: the idempotency key is no longer this request's.
        `early`: it is not due yet.
        """
        before, after = plan.before, plan.life
        saved, event = plan.new_revision, plan.event
        step = {
            "id": after.id,
            "call": plan.call,
            "version": str(before.version if before else 0),
            "next": str(after.version),
            "life": after.model_dump_json(),
            "revision": str(after.revision),
            "content": plan.claimed,
            "dropped": plan.dropped,
            "slug": after.slug if plan.takes_slug else None,
            "moved_from": after.moved_from if before is None and after.moved_from else None,
            # Among those that were published when it was, not on top of all.
            "listed_at": _ms(after.published_at) if before is None and after.moved_from else None,
            "due": _ms(after.due),
            "not_before": _ms(plan.not_before),
            "live": _about(plan),
            "title": _entry(after),
            "listed": sorted(plan.listed),
            "unlisted": sorted(plan.unlisted),
            "marker": claim and claim.marker,
            "answer": claim and claim.answered(answer),
            "seconds": str(KEEP_SECONDS),
        }
        keys: dict[str, lua.KeyNames] = {
            "article": _article(after.id),
            "revisions": f"ingest:revisions:{after.id}",
            "contents": _CONTENTS,
            "slugs": _SLUGS,
            "moved": _MOVED,
            "schedule": SCHEDULE,
            "alike": ALIKE,
            "live": LIVE,
            "titles": TITLES,
            "stream": "articles",
            "before": _listed(before.state if before else after.state),
            "after": _listed(after.state),
            "answer": claim.record if claim else None,
        }
        given = {name: value for name, value in step.items() if value is not None}
        done = await self._advance(
            keys={**keys, **trail.keys, **tellings.KEYS},
            args={
                "plan": given,
                "tellings": tellings.planned(plan.tellings),
                # Not in the plan: what is long would be JSON in JSON there, and is not all text.
                "saved": [compact(saved.model_dump_json())] if saved else [],
                "event": [part for pair in to_fields(event).items() for part in pair]
                if event
                else [],
            }
            | trail.args,
        )
        return done.word, done.values[0].decode() if done.values else ""

    async def ids(self) -> list[str]:
        """The ids of all articles, in no order."""
        return [
            text(article)
            for state in STATES
            for article in await self._redis.zrange(_listed(state), 0, -1)
        ]

    async def skip_revisions(self, article: str, last: int) -> None:
        """Let no revision of the article get a number up to `last`. Only while nobody takes steps:
        before a system that was put back is started."""
        if (life := await self.life(article)) and life.skipped < last:
            after = life.model_copy(update={"skipped": last})
            await self._redis.hset(_article(article), "life", after.model_dump_json())

    async def newest(self, states: Sequence[ArticleState], count: int) -> list[Life]:
        """At most `count` articles in one of `states`, the one with the latest step first."""
        found: list[tuple[float, str]] = []
        for state in states:
            listed = cast(
                "list[tuple[bytes, float]]",
                await self._redis.zrange(_listed(state), 0, count - 1, desc=True, withscores=True),
            )
            found += [(at, text(article)) for article, at in listed]
        found.sort(reverse=True)
        return await self.those([article for _, article in found[:count]])

    async def those(self, articles: Sequence[str]) -> list[Life]:
        """Those of these articles that there are, in this order."""
        async with self._redis.pipeline(transaction=False) as all_of_them:
            for article in articles:
                all_of_them.hget(_article(article), "life")
            lives = await all_of_them.execute()
        return [Life.model_validate_json(life) for life in lives if life]

    async def each(self, state: ArticleState, at_once: int) -> AsyncIterator[list[Life]]:
        """All articles in a state, some at a time. An article that enters or leaves it meanwhile
        may be there or not."""
        ids = cast("list[bytes]", await self._redis.zrange(_listed(state), 0, -1))
        for first in range(0, len(ids), at_once):
            async with self._redis.pipeline(transaction=False) as some:
                for article in ids[first : first + at_once]:
                    some.hget(_article(text(article)), "life")
                yield [Life.model_validate_json(life) for life in await some.execute() if life]

    async def counts(self) -> dict[ArticleState, int]:
        """How many articles are in each state."""
        async with self._redis.pipeline(transaction=False) as all_of_them:
            for state in STATES:
                all_of_them.zcard(_listed(state))
            return dict(zip(STATES, await all_of_them.execute(), strict=True))

    async def listed(self, state: ArticleState, start: int, count: int) -> list[tuple[float, str]]:
        """The articles in a state from the `start`-th on, from 0, at most `count`, the one with the
        latest step first: when that was, in ms since 1970, and its id."""
        found = cast(
            "list[tuple[bytes, float]]",
            await self._redis.zrange(
                _listed(state), start, start + count - 1, desc=True, withscores=True
            ),
        )
        return [(at, text(article)) for article, at in found]

    async def by_state(
        self, articles: Sequence[str]
    ) -> dict[ArticleState, list[tuple[float, str]]]:
        """Those of these articles that are in each state, as `listed` has them."""
        if not articles:
            return {state: [] for state in STATES}
        async with self._redis.pipeline(transaction=False) as all_of_them:
            for state in STATES:
                all_of_them.zmscore(_listed(state), list(articles))
            scores = await all_of_them.execute()
        return {
            state: sorted(
                ((at, one) for at, one in zip(found, articles, strict=True) if at is not None),
                reverse=True,
            )
            for state, found in zip(STATES, scores, strict=True)
        }

    async def fill_titles(self) -> None:
        """Keep what articles are found by that are from before that was kept. At a start; it may
        break off anywhere and be done again."""
        if await self._redis.hlen(TITLES) >= sum((await self.counts()).values()):
            return
        for state in STATES:
            start = 0
            while some := await self.listed(state, start, _FILLED_AT_ONCE):
                start += _FILLED_AT_ONCE
                async with self._redis.pipeline(transaction=False) as all_of_them:
                    for life in await self.those([article for _, article in some]):
                        all_of_them.hsetnx(TITLES, life.id, _entry(life))
                    await all_of_them.execute()

    async def due(self, count: int) -> list[str]:
        """The ids of at most `count` articles whose time has come, the longest due first."""
        now = math.floor((await self.now()).timestamp() * 1000)
        return [text(one) for one in await self._redis.zrange(
            SCHEDULE, "-inf", str(now), byscore=True, offset=0, num=count
        )]  # fmt: skip


STATES: tuple[ArticleState, ...] = get_args(ArticleState)


def _numbered(wanted: str, first: int) -> list[str]:
    """As many slugs as are looked up at once, from the `first` on; 1 has no number."""
    numbers = range(first, first + _SLUGS_AT_ONCE)
    return [wanted if number == 1 else f"{wanted}-{number}" for number in numbers]


def _article(article: str) -> str:
    return f"ingest:article:{article}"


def _listed(state: ArticleState) -> str:
    return f"ingest:articles:{state}"


def _entry(life: Life) -> str:
    return title_entry(life.title, life.last.by, life.slug)


def _about(plan: Plan) -> str | None:
    """What a warning says of the article from now on; None if it is not live."""
    at = plan.life.published_at
    if plan.live is None or at is None:
        return None
    about = LiveArticle(title=plan.live.title, path=plan.life.path, at=at)
    return about.model_dump_json()


def _ms(at: datetime | None) -> str | None:
    """Milliseconds since 1970, rounded up: never before `at`."""
    return str(math.ceil(at.timestamp() * 1000)) if at else None


def _time(clock: tuple[int, int]) -> datetime:
    seconds, microseconds = clock
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)
