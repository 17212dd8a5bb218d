"""How often one source asks: so many forms in ten minutes, whoever sends them.

A source is an address of the internet, cut where a household or a phone has many (IPv6: /64), and
kept only as a keyed hash, and for ten minutes.
"""

import hmac
import ipaddress
from pathlib import Path

from redis.asyncio import Redis

from shared.bus import lua

LIMIT = 100
"""Forms that a source may send in a window: a hall full of members has one address."""
WINDOW_SECONDS = 600


class Sources:
    """Counts with one key of 32 bytes; `place` is how the counts' keys in Redis begin."""

    def __init__(self, redis: Redis, place: str, key: bytes) -> None:
        self._count = lua.load(redis, Path(__file__).with_name("count_source.lua"), lua.Done)
        self._place = place
        self._key = key

    async def may_ask(self, address: str) -> bool:
        """Whether the source may send one more form now; this one is counted."""
        said = f"source {network(address)}".encode()
        hashed = hmac.digest(self._key, said, "sha256").hex()[:24]
        answer = await self._count(
            keys={"count": f"{self._place}:{hashed}"}, args={"seconds": WINDOW_SECONDS}
        )
        return int(answer.values[0]) <= LIMIT


def network(address: str) -> str:
    """What of an address tells one source from another; all that is no address is one source."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
