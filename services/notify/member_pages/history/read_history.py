"""Reads what became of each alert of the last 400 days for one person, and which hold now."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import cast

from redis.asyncio import Redis

from services.notify.ledger import delivery as deliveries
from services.notify.ledger.article import article_key, notice
from services.notify.ledger.delivery import Delivery
from services.notify.member_pages.history.fate import AlertFate, Mailing, fate, first, span
from services.notify.members.endings import left_of
from services.notify.members.numbers import place
from shared.event_data import DeliveryKind
from shared.notice import NoticeContent
from shared.oslo import oslo
from shared.revision import Revision

DAYS = 400
"""How far back a member sees: as far as ledgers are kept."""
_AT_A_TIME = 50
"""Deliveries read with one pipeline."""


@dataclass(frozen=True)
class HistoryStep:
    """A delivery of an alert, and what became of it for the person."""

    kind: DeliveryKind
    fate: AlertFate
    codes: str
    """The relay's, if it refused the mail; of what came back, whoever's sent it."""
    began: datetime
    """With `ended`: whole minutes that all which was sent lies between."""
    ended: datetime
    delivery: str = ""


@dataclass(frozen=True)
class MailedNotice:
    """A notice that was mailed to the person, or was to be."""

    content: NoticeContent
    step: HistoryStep


@dataclass(frozen=True)
class MailedAlert:
    """An alert that was mailed."""

    title: str
    path: str
    published: datetime
    is_withdrawn: bool
    mode: str
    steps: tuple[HistoryStep, ...] = ()
    """Its deliveries, the first one first."""
    valid_from: date | None = None
    review_by: date | None = None
    """The last day on which it holds; None if that is until it is withdrawn."""

    def holds_on(self, day: date) -> bool:
        """Whether it is a warning that holds on this day, as the site's lists have it."""
        if self.is_withdrawn or self.mode != "actual":
            return False
        return (self.valid_from or date.min) <= day <= (self.review_by or date.max)


async def alerts_of(
    redis: Redis, numbers: Sequence[int], now: datetime, came_back: Mapping[str, str] = {}
) -> list[MailedAlert]:
    """Every alert of the last 400 days, the newest one first, and what became of it for the person
    who has had these numbers. `came_back` has, by the delivery, the code of a mail that did.
    Exercises are there only for those who got one."""
    found = await _alerts_since(redis, now - timedelta(days=DAYS))
    left = await _left(redis, numbers)
    steps: dict[str, list[HistoryStep]] = {}
    for begin in range(0, len(found), _AT_A_TIME):
        some = found[begin : begin + _AT_A_TIME]
        for delivery, step in zip(some, await _steps(redis, some, numbers, left), strict=True):
            if step and step.fate is AlertFate.BOUNCED:
                step = replace(step, codes=came_back.get(delivery.id, ""))  # noqa: PLW2901
            if step:
                steps.setdefault(delivery.article, []).append(step)
    alerts = await _alerts(redis, list(steps))
    shown = (
        MailedAlert(**(vars(alert) | {"steps": tuple(steps[article])}))
        for article, alert in alerts.items()
    )
    return [alert for alert in shown if alert.mode == "actual" or _was_meant(alert)]


async def in_force(redis: Redis, now: datetime) -> list[MailedAlert]:
    """The alerts that were mailed in the last 400 days and hold now, by Norway's day, the newest
    one first."""
    found = await _alerts_since(redis, now - timedelta(days=DAYS))
    alerts = await _alerts(redis, list(dict.fromkeys(delivery.article for delivery in found)))
    return [one for one in alerts.values() if one.holds_on(oslo(now).date())]


async def notices_of(redis: Redis, numbers: Sequence[int], now: datetime) -> list[MailedNotice]:
    """Every notice of the last 400 days that was for the person who has had these numbers, the
    newest one first."""
    every = await _since(redis, now - timedelta(days=DAYS))
    found = [delivery for delivery in every if delivery.kind == "notice"]
    steps = await _steps(redis, found, numbers, await _left(redis, numbers))
    return [
        MailedNotice(await notice(redis, delivery.article), step)
        for delivery, step in zip(reversed(found), reversed(steps), strict=True)
        if step and step.fate not in _NOT_IN_IT
    ]


def _was_meant(alert: MailedAlert) -> bool:
    return any(step.fate not in _NOT_IN_IT for step in alert.steps)


_NOT_IN_IT = {AlertFate.NOT_CHOSEN, AlertFate.NOT_OWED, AlertFate.GONE_BEFORE, AlertFate.NOT_YET}


async def _alerts_since(redis: Redis, moment: datetime) -> list[Delivery]:
    return [one for one in await _since(redis, moment) if one.kind != "notice"]


async def _since(redis: Redis, moment: datetime) -> list[Delivery]:
    """The deliveries that began at this moment or later, the first one first."""
    names = await redis.zrangebyscore(deliveries.DELIVERIES, moment.timestamp(), "+inf")
    found: list[Delivery] = []
    for begin in range(0, len(names), _AT_A_TIME):
        ids = [name.decode() for name in cast("list[bytes]", names[begin : begin + _AT_A_TIME])]
        found += await asyncio.gather(*(deliveries.find(redis, id_) for id_ in ids))
    return found


async def _left(
    redis: Redis, numbers: Sequence[int]
) -> dict[int, tuple[int | None, datetime | None]]:
    """The place of each number among all who left, and when they did; none if they have not."""
    async with redis.pipeline(transaction=False) as pipe:
        for bucket, field in map(place, numbers):
            pipe.hget(f"notify:left:{bucket}", str(field))
            pipe.hget(f"notify:left_at:{bucket}", str(field))
        found = iter(await pipe.execute())
    both = {number: (next(found), next(found)) for number in numbers}
    return {
        number: (None if at is None else int(at), left_of(how).at if how else None)
        for number, (at, how) in both.items()
    }


async def _steps(
    redis: Redis,
    some: Sequence[Delivery],
    numbers: Sequence[int],
    left: dict[int, tuple[int | None, datetime | None]],
) -> list[HistoryStep | None]:
    """What became of each delivery; none of one whose ledger is kept no more."""
    async with redis.pipeline(transaction=False) as pipe:
        for delivery in some:
            ledger = deliveries.ledger_key(delivery.id)
            pipe.exists(ledger)
            pipe.hmget(deliveries.failures_key(delivery.id), [str(n) for n in numbers])
            for number in numbers:
                pipe.getrange(ledger, number, number)
        found = iter(await pipe.execute())
    steps: list[HistoryStep | None] = []
    for delivery in some:
        is_kept, codes = next(found), next(found)
        bytes_ = {number: next(found)[:1] or b"\0" for number in numbers}
        steps.append(_step(delivery, bytes_, left, codes) if is_kept else None)
    return steps


def _step(
    delivery: Delivery,
    bytes_: dict[int, bytes],
    left: dict[int, tuple[int | None, datetime | None]],
    codes: Sequence[bytes | None],
) -> HistoryStep:
    mailing = Mailing(delivery.kind, delivery.cut, delivery.held, bool(delivery.superseded))
    tried = max(delivery.started, delivery.tried_at)
    fates = []
    for number, byte in bytes_.items():
        place_among_left, at = left[number]
        is_after = at is not None and at > tried
        fates.append(fate(mailing, number, byte[0], place_among_left, left_after=is_after))
    began, ended = span(delivery.started, delivery.tried_at)
    refused = next((code.decode() for code in codes if code), "")
    return HistoryStep(delivery.kind, first(fates), refused, began, ended, delivery.id)


async def _alerts(redis: Redis, articles: Sequence[str]) -> dict[str, MailedAlert]:
    """What is known of these articles, the newest one first."""
    async with redis.pipeline(transaction=False) as pipe:
        for article in articles:
            pipe.hmget(article_key(article), ["content", "withdrawn"])
        found = await pipe.execute()
    alerts = {
        article: _alert(Revision.model_validate_json(content), withdrawn)
        for article, (content, withdrawn) in zip(articles, found, strict=True)
        if content
    }
    newest = sorted(alerts.items(), key=lambda item: item[1].published, reverse=True)
    return dict(newest)


def _alert(revision: Revision, withdrawn: bytes | None) -> MailedAlert:
    alert = revision.article.alert
    is_withdrawn = withdrawn is not None and int(withdrawn) >= revision.revision
    return MailedAlert(
        title=revision.article.title,
        path=revision.path,
        published=revision.published_at.astimezone(UTC),
        is_withdrawn=is_withdrawn,
        mode=alert.mode if alert else "actual",
        valid_from=alert.valid_from if alert else None,
        review_by=alert.review_by if alert else None,
    )
