"""What a copy holds, looked at in a server that has loaded it."""

from collections.abc import Collection
from typing import cast

from pydantic import AwareDatetime, BaseModel, ConfigDict
from redis.asyncio import Redis

from services.ingest.audit.entries import Broken, Verifier
from services.ingest.audit.trail import Trail
from services.ingest.lifecycle.store import Articles
from services.ingest.pictures.store import Pictures
from services.notify.ledger.delivery import DELIVERIES, delivery_key
from services.notify.members.store import LAST, LEAVES


class CopyBroken(Exception):
    """A copy that loads is not whole; the message says what is wrong, in Norwegian."""


class Contents(BaseModel):
    """Counts of what is in a copy, the same each time that it is loaded."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    members: int
    """Those who have not left."""
    articles: int
    pictures: int
    deliveries: int
    under_way: int
    """Deliveries with open members."""
    trail: int
    """Entries of the audit trail."""
    root: str
    """The hash of its last entry."""


class Manifest(BaseModel):
    """What a backup says of itself; its first part."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int = 1
    made_at: AwareDatetime
    """When the cut of Redis was asked for: what happened later may be missing."""
    site: str
    """The system's address."""
    has_secret_key: bool
    journal_lines: int
    contents: Contents


async def examine(redis: Redis, pictures: Collection[str]) -> Contents:
    """Look through the copy in `redis`, to which the files named `pictures` belong. CopyBroken if
    the audit trail is broken or a picture is missing."""
    trail, pictures_known = Trail(redis), await Pictures(redis).names()
    lines, head = await trail.extent()
    verifier = Verifier(roots=[head.hash] if lines else [], entries=head.number)
    async for line in trail.read(max(lines, head.number)):
        if broken := verifier.take(line):
            raise CopyBroken(f"revisjonssporet er brutt ved oppføring {broken.number}")
    if isinstance(found := verifier.end(), Broken):
        raise CopyBroken(f"revisjonssporet er brutt ved oppføring {found.number}")
    if missing := sorted(set(pictures_known) - set(pictures)):
        raise CopyBroken(f"{len(missing)} bilder mangler, det første er {missing[0]}")
    deliveries = await under_way(redis)
    last, leaves = await redis.get(LAST), await redis.get(LEAVES)
    return Contents(
        members=int(last or 0) - int(leaves or 0),
        articles=len(await Articles(redis).ids()),
        pictures=len(pictures_known),
        deliveries=await redis.zcard(DELIVERIES),
        under_way=len(deliveries),
        trail=found.entries,
        root=found.root,
    )


async def under_way(redis: Redis) -> list[str]:
    """The ids of deliveries that have open members and are not superseded, the oldest first."""
    ids = [one.decode() for one in cast("list[bytes]", await redis.zrange(DELIVERIES, 0, -1))]
    async with redis.pipeline(transaction=False) as pipe:
        for delivery in ids:
            pipe.hmget(delivery_key(delivery), ["open", "superseded", "cause"])
        found = await pipe.execute()
    return [
        delivery
        for delivery, (open_, superseded, cause) in zip(ids, found, strict=True)
        if int(open_ or 0) and not superseded and cause != b"cancelled"
    ]
