"""Writes into a delivery's ledger whose mail came back."""

from collections.abc import Mapping
from pathlib import Path

from redis.asyncio import Redis

from services.notify.ledger.delivery import EVENTS, find, keys_of, progressed
from shared.bus import lua
from shared.trace import new_traceparent

_HERE = Path(__file__).parent


async def note_bounced(redis: Redis, delivery: str, codes: Mapping[int, str]) -> int:
    """Note that the mails of these members came back, each with the code that stands by the number
    (as `5.1.1`), and tell the sums. Gives how many of them were not known to have.

    Idempotent. LookupError if there is no such delivery; redis-py's errors. A ledger that is
    forgotten, and a member whose mail nobody has accepted, stay as they are.
    """
    script = lua.load(redis, _HERE / "bounced.lua", lua.Done)
    event = progressed(await find(redis, delivery), new_traceparent())
    answer = await script(
        keys=keys_of(delivery, "ledger", "delivery", "bounces") | {"events": EVENTS},
        args={
            "event": lua.fields(event),
            "numbers": list(codes),
            "codes": list(codes.values()),
        },
    )
    return int(answer.values[0])
