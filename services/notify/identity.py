"""What the association says of itself, in `notify:identity`, as `reference` told of it. A delivery
has its own copy, from its start."""

from redis.asyncio import Redis

from shared import log
from shared.bus import Entry, Handler
from shared.events import SiteDressed
from shared.frame.kept import KeptIdentity

IDENTITY = "notify:identity"


def identity_of(redis: Redis) -> KeptIdentity:
    """The newest that this Redis knows."""
    return KeptIdentity(redis, IDENTITY)


def keep_identity(kept: KeptIdentity) -> Handler:
    """The handler of site.dressed. Repeats and older versions change nothing."""

    async def handle(entry: Entry) -> None:
        event = entry.event
        if not isinstance(event, SiteDressed):
            raise TypeError(f"{event.type} says nothing of the association")
        await entry.commit(kept.effects(event))
        log.get("notify").info("mail_dressed", version=event.data.version)

    return handle
