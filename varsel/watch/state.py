"""Pure: what one look at a system saw, and what two looks tell together."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from shared.disk import Disk

GONE = 30.0
"""Seconds without a word from a consumer that make it gone: a live one asks every two seconds, and
while it works on something long its entries are kept every twenty (see shared/bus/keeper.py)."""
WINDOW = 10.0
"""Seconds over which rates are taken, so that a short burst is seen, and time left is calm."""


@dataclass(frozen=True)
class ConsumerLook:
    name: str
    pending: int
    idle: float
    """Seconds since it asked for something."""

    @property
    def alive(self) -> bool:
        return self.idle <= GONE


@dataclass(frozen=True)
class Group:
    name: str
    lag: int | None
    """Events that it has not got yet; none if Redis cannot tell."""
    read: int | None
    pending: int
    oldest: float | None
    """Age in seconds of the oldest event that it has got and not finished."""
    consumers: tuple[ConsumerLook, ...]

    @property
    def alive(self) -> int:
        return sum(consumer.alive for consumer in self.consumers)

    @property
    def gone(self) -> list[ConsumerLook]:
        return [c for c in self.consumers if not c.alive]


@dataclass(frozen=True)
class StreamState:
    name: str
    length: int
    dead: int
    groups: tuple[Group, ...]

    @property
    def added(self) -> int | None:
        """Events that were ever added; none if no group can tell."""
        known = (g.read + g.lag for g in self.groups if g.read is not None and g.lag is not None)
        return next(known, None)


@dataclass(frozen=True)
class DeliveryLook:
    id: str
    article: str
    revision: int
    kind: str
    """`alert`, `correction` or `withdrawal`."""
    state: str
    cause: str
    """Why it is paused; see shared/event_data.py."""
    started: str
    told_at: float
    """When its sums changed last, as a Unix time; 0 if they never did."""
    audience: int
    handed_over: int
    failed: int
    suppressed: int
    open: int
    bounced: int = 0
    """Those of `handed_over` whose mail came back later."""

    @property
    def under_way(self) -> bool:
        return self.state != "complete"

    @property
    def quiet_since(self) -> float:
        """Unix time of the last progress."""
        return max(self.told_at, datetime.fromisoformat(self.started).timestamp())


@dataclass(frozen=True)
class Server:
    memory: int
    """Bytes."""
    maxmemory: int
    """Bytes; 0 if there is no limit."""
    aof: bool
    aof_write_ok: bool
    aof_rewrite_ok: bool
    aof_rewriting: bool
    uptime: int
    """Seconds."""


@dataclass(frozen=True)
class Look:
    at: float
    """Unix time, by the server's clock."""
    streams: tuple[StreamState, ...]
    deliveries: tuple[DeliveryLook, ...]
    """The newest ones, newest first."""
    deliveries_total: int
    redis: Server
    bounces: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    """What staff should hear of mail that came back: how often, and when last as a Unix time."""
    failing: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """By follower, how often each of its posts that come again has failed."""
    disks: tuple[Disk, ...] = ()
    """As services told of them in the last two minutes."""
    held: bool = False
    """Whether a service is held, since a backup was put back."""


def keep(looks: Sequence[Look], new: Look) -> list[Look]:
    """The looks of the last ten seconds, oldest first, with the new one. Looks that are later than
    the new one are left out: the clock was set back."""
    return [*(look for look in looks if new.at - WINDOW <= look.at < new.at), new]


def stream_rate(looks: Sequence[Look], name: str) -> float | None:
    """Events per second added to the stream between the looks; none after a single one."""
    seen = [(look.at, found) for look in looks for found in look.streams]
    mine = [(at, stream) for at, stream in seen if stream.name == name]
    if all(stream.added is not None for _, stream in mine):
        return _per_second([(at, stream.added or 0) for at, stream in mine])
    return _per_second([(at, stream.length) for at, stream in mine])


def delivery_rate(looks: Sequence[Look], delivery: str) -> float | None:
    """Members per second that were served between the looks; none after a single one."""
    seen = [(look.at, found) for look in looks for found in look.deliveries]
    return _per_second([(at, d.audience - d.open) for at, d in seen if d.id == delivery])


def seconds_left(still_open: int, rate: float | None) -> float | None:
    """Seconds until a delivery is complete at this rate; none if nothing moves."""
    return still_open / rate if rate else None


def document(looks: Sequence[Look], problems: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What `varsel watch --json` prints; its shape is in docs/cli.md."""
    now = looks[-1]
    return {
        "at": datetime.fromtimestamp(now.at, UTC).isoformat(timespec="milliseconds"),
        "problems": [{"problem": word, "text": text} for word, text in problems],
        "streams": [
            {
                "stream": stream.name,
                "length": stream.length,
                "rate": _rounded(stream_rate(looks, stream.name)),
                "dead": stream.dead,
                "groups": [_group_document(group) for group in stream.groups],
            }
            for stream in now.streams
        ],
        "deliveries": [_delivery_document(looks, delivery) for delivery in now.deliveries],
        "deliveries_total": now.deliveries_total,
        "redis": asdict(now.redis),
        "disks": [asdict(disk) for disk in now.disks],
    }


def _group_document(group: Group) -> dict[str, Any]:
    return {
        "group": group.name,
        "lag": group.lag,
        "pending": group.pending,
        "oldest": _rounded(group.oldest),
        "alive": group.alive,
        "gone": len(group.gone),
    }


def _delivery_document(looks: Sequence[Look], delivery: DeliveryLook) -> dict[str, Any]:
    rate = delivery_rate(looks, delivery.id)
    fields = asdict(delivery)
    del fields["told_at"]
    return fields | {
        "rate": _rounded(rate),
        "seconds_left": _rounded(seconds_left(delivery.open, rate)),
    }


def _per_second(counts: Sequence[tuple[float, int]]) -> float | None:
    """From the first to the last of a counter's values, each with its time. One that fell, as after
    a trim or on another server, counts as one that stood still."""
    if len(counts) < 2:
        return None
    (since, before), (until, now) = counts[0], counts[-1]
    return max(now - before, 0) / (until - since)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
