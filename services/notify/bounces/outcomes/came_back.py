"""A mail came back: its ledger says so, and the editor's receipt counts it."""

from collections.abc import Iterable

from redis.asyncio import Redis

from services.notify.bounces.outcomes.heard import Heard
from services.notify.ledger.bounced import note_bounced


async def note(redis: Redis, heard: Iterable[Heard]) -> None:
    """Write down all that came back, whatever the reason."""
    of: dict[str, dict[int, str]] = {}
    for one in heard:
        if one.has_come_back:
            of.setdefault(one.delivery, {})[one.sent.number] = one.said.code
    for delivery, codes in of.items():
        await note_bounced(redis, delivery, codes)
