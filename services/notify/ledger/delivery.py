"""Deliveries in Redis: their keys, what is known of each, and the events that tell of them."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast

from redis.asyncio import Redis

from services.notify.members.numbers import Cut
from shared.event_data import DeliveryKind, DeliveryStatus
from shared.events import DeliveryProgressed
from shared.identity import Identity

AlertKind = Literal["alert", "correction", "withdrawal"]
"""Of an alert's deliveries."""
DELIVERIES = "notify:deliveries"
EVENTS = "deliveries"
"""The stream on which a delivery is told of."""
LISTENING = "notify:bounces:listening"
"""Is there while some process hears what comes to the bounce address."""


@dataclass(frozen=True)
class Delivery:
    """A delivery as its start left it, and what was heard of it since. Its sums are not here: they
    change with every record."""

    id: str
    article: str
    revision: int
    kind: DeliveryKind
    before: str
    """The delivery that it supersedes; empty if there is none."""
    superseded: str
    """The delivery that supersedes it; empty if there is none."""
    held: str
    """What holds it: `operator`, `stale`, `cancelled`, or what is wrong with its page (see
    live_page.py); empty if nothing does."""
    cut: Cut
    identity: Identity
    """What the association said of itself at the start: all mails of a delivery have one
    letterhead, and one that is sent again is the same."""
    offers_mail: bool
    """Whether its mails offer to leave by mail: somebody listened for that at the start."""
    page_at: datetime
    """When the page that started it was on disk."""
    started: datetime
    tried_at: datetime
    """When the relay last said something of a member; until then, when the delivery was started or
    resumed."""
    again_at: datetime
    """When failures were last to be tried again; until then, when the delivery was started."""


async def find(redis: Redis, delivery: str) -> Delivery:
    """The delivery with this id; LookupError if there is none."""
    found = cast("dict[bytes, bytes]", await redis.hgetall(delivery_key(delivery)))
    if not found:
        raise LookupError("no such delivery")
    fields = {name.decode(): value.decode() for name, value in found.items()}
    started = datetime.fromisoformat(fields["started"])

    def moment(name: str) -> datetime:
        ms = int(fields.get(name, 0))
        return moment_of(ms) if ms else started

    return Delivery(
        id=delivery,
        article=fields["article"],
        revision=int(fields["revision"]),
        kind=cast("DeliveryKind", fields["kind"]),
        before=fields["before"],
        superseded=fields.get("superseded", ""),
        held=fields.get("held", ""),
        cut=Cut(int(fields["last"]), int(fields["leaves"])),
        identity=Identity.model_validate_json(fields.get("identity", "{}")),
        offers_mail="offers_mail" in fields,
        page_at=datetime.fromisoformat(fields["page_at"]),
        started=started,
        tried_at=moment("tried_at"),
        again_at=moment("again_at"),
    )


async def heard_wish(redis: Redis, delivery: str) -> int:
    """The number of the newest wish about the delivery that was heard; 0 if there was none."""
    found = await cast("Awaitable[bytes | None]", redis.hget(delivery_key(delivery), "heeded"))
    return int(found or 0)


async def heard_wishes(redis: Redis) -> dict[str, int]:
    """Every delivery that Redis knows, with the number of the newest wish about it that was heard;
    0 if there was none."""
    ids = [name.decode() for name in cast("list[bytes]", await redis.zrange(DELIVERIES, 0, -1))]
    async with redis.pipeline(transaction=False) as pipe:
        for delivery in ids:
            pipe.hget(delivery_key(delivery), "heeded")
        found = cast("list[bytes | None]", await pipe.execute())
    return {delivery: int(heard or 0) for delivery, heard in zip(ids, found, strict=True)}


async def count_handed_over(redis: Redis, delivery: str) -> int:
    """How many members' mail the relay has taken so far; 0 if there is no such delivery."""
    found = await cast("Awaitable[bytes | None]", redis.hget(delivery_key(delivery), "handed_over"))
    return int(found or 0)


def moment_of(ms: int) -> datetime:
    """The moment so many milliseconds after the beginning of 1970."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def delivery_key(delivery: str) -> str:
    return f"notify:delivery:{delivery}"


def ledger_key(delivery: str) -> str:
    return f"notify:ledger:{delivery}"


def keys_of(delivery: str, *names: str) -> dict[str, str]:
    """The keys of a delivery with these names, which its scripts use: `delivery`, `ledger`,
    `failures`, `replies`, `bounces`, `tries`, `put_off`. KeyError for any other name."""
    every = {
        "delivery": delivery_key(delivery),
        "ledger": ledger_key(delivery),
        "failures": failures_key(delivery),
        "replies": replies_key(delivery),
        "bounces": bounces_key(delivery),
        "tries": tries_key(delivery),
        "put_off": put_off_key(delivery),
    }
    return {name: every[name] for name in names}


def failures_key(delivery: str) -> str:
    return f"notify:failures:{delivery}"


def bounces_key(delivery: str) -> str:
    """Hash: number → the code with which the member's mail came back, as `5.1.1`."""
    return f"notify:bounced:{delivery}"


def replies_key(delivery: str) -> str:
    return f"notify:replies:{delivery}"


def tries_key(delivery: str) -> str:
    return f"notify:tries:{delivery}"


def put_off_key(delivery: str) -> str:
    return f"notify:later:{delivery}"


def lease_key(delivery: str, chunk: int) -> str:
    return f"notify:lease:{delivery}:{chunk}"


def progressed(delivery: Delivery, traceparent: str) -> DeliveryProgressed:
    """An event of the delivery. The script that sends it fills in its type, id and sums."""
    return DeliveryProgressed(
        id=delivery.id,
        source="/varsel/notify",
        subject=delivery.article,
        time=datetime.now(UTC),
        traceparent=traceparent,
        data=unsummed(delivery.id, delivery.article, delivery.revision),
    )


def unsummed(delivery: str, article: str, revision: int) -> DeliveryStatus:
    """A status without sums: the script that sends it fills them in."""
    return DeliveryStatus(
        delivery=delivery,
        article=article,
        revision=revision,
        state="sending",
        audience=0,
        handed_over=0,
        failed=0,
        suppressed=0,
        open=0,
        sequence=0,
    )


async def deliveries(redis: Redis, *, newest: int = 20) -> list[dict[str, str | int]]:
    """The `newest` newest deliveries, the newest one first. Each has `id`, `article`, `revision`,
    `kind`, `state`, `cause`, `started`, `told_at` (when the sums were last told, in milliseconds
    since 1970; 0: never), and the sums."""
    names = cast("list[bytes]", await redis.zrange(DELIVERIES, 0, newest - 1, desc=True))
    ids = [name.decode() for name in names]
    async with redis.pipeline(transaction=False) as pipe:
        for delivery in ids:
            pipe.hgetall(delivery_key(delivery))
        found = await pipe.execute()
    return [_readable(i, fields) for i, fields in zip(ids, found, strict=True) if fields]


_NUMBERS = ("revision", "told_at", "audience", "handed_over", "failed", "suppressed", "open")


def _readable(delivery: str, fields: Mapping[bytes, bytes]) -> dict[str, str | int]:
    texts = {
        name: fields[name.encode()].decode() for name in ("article", "kind", "state", "started")
    }
    texts["cause"] = fields.get(b"cause", b"").decode()
    numbers = {name: int(fields[name.encode()]) for name in _NUMBERS}
    return {"id": delivery} | texts | numbers | {"bounced": int(fields.get(b"bounced", 0))}
