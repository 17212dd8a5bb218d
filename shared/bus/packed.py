"""Commands to Redis, packed in C: redis-py does so in its synchronous client, and not in asyncio's.

A script takes up to some thousand arguments at a time, and packing each of them in Python was the
dearest part of an import.
"""

from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.connection import HiredisRespSerializer


class _Packed:
    """Comes before a connection's own class."""

    _packer = HiredisRespSerializer()

    def pack_command(self, *args: Any) -> list[bytes]:
        return cast("list[bytes]", self._packer.pack(*args))


def _packed(connection: type[AbstractConnection]) -> type[AbstractConnection]:
    return cast(
        "type[AbstractConnection]", type(f"Packed{connection.__name__}", (_Packed, connection), {})
    )


def pack_in_c(client: Redis) -> None:
    """Have the connections that `client` makes from now on pack commands in C. DataError for what
    is no text, byte or number, as before."""
    pool = client.connection_pool
    pool.connection_class = _packed(pool.connection_class)
