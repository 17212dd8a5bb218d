"""An alert's deliveries in Redis: each correction or withdrawal supersedes the one before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from redis.asyncio import Redis

from services.notify.choices.store import Choices
from services.notify.ledger import delivery as deliveries
from services.notify.ledger.delivery import AlertKind, Delivery
from services.notify.ledger.start import laying_out
from shared.bus import lua
from shared.revision import Revision

PREVIEW = "notify:preview"
"""A ledger that is looked at and never kept; there only while a script runs."""


@dataclass(frozen=True)
class DeliverySums:
    kind: AlertKind
    audience: int
    open: int


async def sums(redis: Redis, delivery: str) -> DeliverySums:
    """The sums of a delivery. TypeError if there is no such delivery."""
    found = await redis.hmget(deliveries.delivery_key(delivery), ["kind", "audience", "open"])
    kind, audience, open_ = cast("list[bytes]", found)
    return DeliverySums(cast("AlertKind", kind.decode()), int(audience), int(open_))


@dataclass(frozen=True)
class Reach:
    """Whom a revision would be mailed to, in numbers of members, and why not to others."""

    audience: int
    first: int = 0
    """Of the audience, those to whom it would be the first mail about the alert."""
    gone: int = 0
    """Not in the audience: they left, or were erased."""
    chose_others: int = 0
    """Not in it: they chose other subjects."""
    not_owed: int = 0
    """Not in it for another reason: they never got the alert that is corrected or withdrawn, or get
    no exercises."""
    no_address: int = 0
    """It is for them, but their address is gone."""


async def would_reach(
    redis: Redis,
    choices: Choices,
    revision: Revision,
    kind: AlertKind,
    before: str,
    *,
    no_address: Sequence[int] = (),
) -> Reach:
    """Whom the revision would be mailed to, as a delivery of this kind. `before` is the alert's
    newest delivery, or ''; `no_address` are the numbers of members whose address is gone."""
    script = lua.load(redis, Path(__file__).with_name("would_reach.lua"), lua.Done)
    keys, args = laying_out(revision, choices, before)
    answer = await script(
        keys=keys | {"ledger": PREVIEW}, args=args | {"kind": kind, "no_address": no_address}
    )
    return Reach(*map(int, answer.values))


async def earlier(redis: Redis, delivery: Delivery) -> list[str]:
    """The deliveries of the alert that came before this one, the first one first."""
    found: list[str] = []
    while name := delivery.before:
        found.insert(0, name)
        delivery = await deliveries.find(redis, name)
    return found
