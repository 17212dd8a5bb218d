"""What `/metrics` tells of the deliveries: sums, never a member."""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from prometheus_client import Histogram, Metric
from redis.asyncio import Redis

from services.notify.ledger.delivery import DELIVERIES, delivery_key
from services.notify.relay import metrics
from shared.metrics import gauge

NEWEST = 100
"""Deliveries that are looked at for each `/metrics`: the last ones that were started."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
"""Seconds."""


class ManyHistogram(Histogram):
    """A histogram that takes many equal observations at once."""

    def observe_many(self, amount: float, count: int) -> None:
        """Do `observe(amount)` `count` times. One by one it would take microseconds for each
        mail."""
        self._sum.inc(amount * count)
        self._buckets[bisect_left(self._upper_bounds, amount)].inc(count)


_PAGE_TO_HANDED_OVER = ManyHistogram(
    "varsel_page_to_handed_over_seconds",
    "From an alert's page on disk to a member's mail handed over and recorded",
    buckets=(
        *(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, _MINUTE, 2 * _MINUTE, 5 * _MINUTE, 15 * _MINUTE),
        *(_HOUR, 4 * _HOUR, _DAY, 4 * _DAY),
    ),
)
_LONG_AGO = b"1970-01-01T00:00:00+00:00"
_RELAY = "relay"
_CAUSES = (
    *("operator", "stale", "unsafe", "too_large", "unreadable", "page_wrong", "page_unseen"),
    _RELAY,
)
"""What pauses a delivery, as a label has it: what a relay says is not to be one."""
_COUNTED = ("handed_over", "failed", "suppressed", "open")


def handed_over(count: int, *, page_at: datetime | None) -> None:
    """Count `count` members' mails that were handed over and recorded just now, and the time since
    the alert's page was on disk, at `page_at`; none if they are about no page."""
    metrics.took(count)
    if page_at is None:
        return
    seconds = max((datetime.now(UTC) - page_at).total_seconds(), 0.0)
    _PAGE_TO_HANDED_OVER.observe_many(seconds, count)


async def measure(redis: Redis) -> list[Metric]:
    """The deliveries' sums, and whether each ledger adds up (promise G6); redis-py's errors."""
    names = cast("list[bytes]", await redis.zrange(DELIVERIES, -NEWEST, -1))
    async with redis.pipeline(transaction=False) as pipe:
        for name in names:
            pipe.hgetall(delivery_key(name.decode()))
        ledgers = cast("list[dict[bytes, bytes]]", await pipe.execute())
    now, _ = await redis.time()
    under_way = [ledger for ledger in ledgers if ledger.get(b"state") != b"complete"]
    causes = [_cause(ledger) for ledger in under_way]
    quiet = [
        now - _told_at(ledger)
        for ledger, cause in zip(under_way, causes, strict=True)
        if cause != "operator" and _number(ledger, "open")
    ]
    put_off = [now - _started(one) for one in under_way if one.get(b"put_off_until")]
    members = [((name,), sum(_number(d, name) for d in under_way)) for name in _COUNTED]
    return [
        gauge(
            "varsel_deliveries_under_way",
            "Deliveries that are not complete",
            (),
            [((), len(under_way))],
        ),
        gauge(
            "varsel_delivery_members",
            "Members of the deliveries under way, by their state",
            ("state",),
            members,
        ),
        gauge(
            "varsel_deliveries_paused",
            "Deliveries that are paused, by what pauses them",
            ("cause",),
            [((name,), causes.count(name)) for name in _CAUSES],
        ),
        gauge(
            "varsel_delivery_quiet_seconds",
            "How long the sums of the quietest delivery under way have stood still",
            (),
            [((), max([*quiet, 0.0]))],
        ),
        gauge(
            "varsel_put_off_seconds",
            "Age of the oldest delivery that has members whom the relay put off",
            (),
            [((), max([*put_off, 0.0]))],
        ),
        gauge(
            "varsel_ledger_imbalance",
            "Members by whom the ledgers of the newest deliveries do not add up; always 0",
            (),
            [((), sum(map(_imbalance, ledgers)))],
        ),
    ]


def _cause(ledger: Mapping[bytes, bytes]) -> str:
    """What pauses the delivery, as one of `_CAUSES`; empty if nothing does."""
    if ledger.get(b"state") != b"paused":
        return ""
    cause = ledger.get(b"cause", b"").decode().partition(" ")[0]
    return cause if cause in _CAUSES else _RELAY


def _told_at(ledger: Mapping[bytes, bytes]) -> float:
    """When the sums were told last, else when the delivery started, in seconds since 1970; and not
    before those whom the relay put off are due again."""
    told, due = (_number(ledger, name) / 1000 for name in ("told_at", "put_off_until"))
    return max(told, due, _started(ledger))


def _started(ledger: Mapping[bytes, bytes]) -> float:
    return datetime.fromisoformat(ledger.get(b"started", _LONG_AGO).decode()).timestamp()


def _imbalance(ledger: Mapping[bytes, bytes]) -> int:
    return abs(_number(ledger, "audience") - sum(_number(ledger, name) for name in _COUNTED))


def _number(ledger: Mapping[bytes, bytes], name: str) -> int:
    return int(ledger.get(name.encode(), 0))
