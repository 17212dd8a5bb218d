"""Flow: a restored system goes on, as a person has decided.

What they did not name does not happen: deliveries under way are cancelled, articles that were to
be published are drafts again, posts that waited are dropped, and people whom nobody confirms are of
the staff no more. Done half-way it is done again: that the system is held ends last.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from redis.asyncio import Redis

from services.ingest.alike.store import LiveArticles
from services.ingest.alike.warn_of_alike import WarnOfAlike
from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.ingest.lifecycle import steps
from services.ingest.lifecycle.advance_article import AdvanceArticle
from services.ingest.lifecycle.idempotency import Idempotency
from services.ingest.lifecycle.life import Life
from services.ingest.lifecycle.plan import Decision, StoredArticle
from services.ingest.lifecycle.preconditions import require
from services.ingest.lifecycle.steps import Rules, Turn
from services.ingest.lifecycle.store import SCHEDULE, Articles
from services.ingest.people.person import Person
from services.ingest.people.store import OPERATOR, People
from services.ingest.subjects.store import Subjects
from services.notify.ledger import control, delivery
from services.notify.posting.plan import ATTEMPTS, DUE, POSTS
from services.notify.posting.store import waiting_posts
from shared import held
from shared.settings import Settings
from varsel.backup.contents import under_way
from varsel.restore.adjust import REPORT
from varsel.restore.between import Between

_WHY = "Stoppet fordi en sikkerhetskopi ble lagt tilbake."


@dataclass(frozen=True)
class UnderWay:
    """A delivery that the copy had under way."""

    id: str
    title: str
    """Of its article; empty of a notice."""
    kind: str
    audience: int
    handed_over: int
    open: int
    """Some of these may have their mail since the backup."""


@dataclass(frozen=True)
class WhatWaits:
    """What a person decides on."""

    between: Between
    deliveries: tuple[UnderWay, ...]
    scheduled: tuple[Life, ...]
    posts: int
    people: tuple[Person, ...]


@dataclass(frozen=True)
class Wanted:
    """What they decided, by ids; whatever is not here does not happen."""

    deliver: Collection[str] = ()
    publish: Collection[str] = ()
    keep: Collection[str] = ()
    posts: bool = False


async def what_waits(redis: Redis) -> WhatWaits | None:
    """What is to be decided; None if the system is not held. redis-py's errors."""
    report = cast("bytes | None", await redis.get(REPORT))
    if report is None:
        return None
    articles = Articles(redis)
    due = [one.decode() for one in cast("list[bytes]", await redis.zrange(SCHEDULE, 0, -1))]
    lives = [await articles.life(one) for one in due]
    return WhatWaits(
        between=Between.model_validate_json(report),
        deliveries=tuple([await _under_way(redis, one) for one in await under_way(redis)]),
        scheduled=tuple(life for life in lives if life),
        posts=len(await waiting_posts(redis)),
        people=tuple(await People(redis).all()),
    )


async def go_on(redis: Redis, settings: Settings, waits: WhatWaits, wanted: Wanted) -> None:
    """Do what was decided, and let the services go on. redis-py's errors."""
    for one in waits.deliveries:
        if one.id not in wanted.deliver:
            await control.control(redis, one.id, "cancel", why=OPERATOR)
    stop = _Stop(_WHY)
    for life in waits.scheduled:
        if life.id not in wanted.publish:
            await _advance(redis, settings)(life.id, stop, Person(OPERATOR, OPERATOR, "editor"))
    if not wanted.posts:
        await redis.delete(POSTS, DUE, ATTEMPTS)
    for person in waits.people:
        if person.id not in wanted.keep:
            await People(redis).revoke(person.id)
    detail = {
        "deliveries_cancelled": sum(one.id not in wanted.deliver for one in waits.deliveries),
        "people_revoked": sum(one.id not in wanted.keep for one in waits.people),
    }
    await Trail(redis).append([TrailAction(OPERATOR, "resumed_after_backup", detail=detail)])
    await held.release(redis)
    await redis.delete(REPORT)


async def _under_way(redis: Redis, id_: str) -> UnderWay:
    names = ["article", "kind", "audience", "handed_over", "open"]
    found = cast("list[bytes]", await redis.hmget(delivery.delivery_key(id_), names))
    article, kind = found[0].decode(), found[1].decode()
    life = await Articles(redis).life(article)
    return UnderWay(id_, life.title if life else "", kind, *map(int, found[2:]))


@dataclass(frozen=True)
class _Stop:
    """The wish that an article is a draft again."""

    note: str
    title = None

    def decide(self, stored: StoredArticle | None, _: str, turn: Turn) -> Decision:
        stored = require(stored)
        return Decision(steps.stop(stored.life, turn, self.note), stored.head)


def _advance(redis: Redis, settings: Settings) -> AdvanceArticle:
    return AdvanceArticle(
        rules=Rules(settings.approvals, timedelta(0)),
        site=settings.site,
        articles=Articles(redis),
        trail=Trail(redis),
        idempotency=Idempotency(redis),
        alike=WarnOfAlike(settings.site, LiveArticles(redis)),
        subjects=Subjects(redis),
    )
