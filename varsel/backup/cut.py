"""A consistent cut of a Redis that works: what a new replica of it would be given first.

Redis makes it in a process of its own, so it holds up nobody, and nothing of it is left there. No
client library asks for it, so the few words of the protocol stand here (valkey.io, "Replication",
and what `redis-cli --rdb` does).
"""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, cast

import redis

_PATIENCE_SECONDS = 60.0
"""Without a byte. Redis sends an empty line each second while it makes the cut ready."""
_BYTES_AT_ONCE = 1 << 18
_MARK = 40
"""Bytes of the mark that ends a cut whose length is not known before."""


class NoCut(Exception):
    """Redis gave none; the message has its words."""


def take_cut(url: str, target: Path, told: Callable[[int], None] = lambda _: None) -> None:
    """Write the cut of the Redis at `url` to the new file `target`, which only its owner can read.
    `told` hears how many bytes came with each part. Blocks.

    NoCut if Redis refuses or stops in the middle; redis-py's errors if it does not let us in.
    """
    with redis.Redis.from_url(url, socket_timeout=_PATIENCE_SECONDS) as client:
        connection: Any = client.connection_pool.get_connection()
        try:
            for option in (("capa", "eof"), ("rdb-only", "1")):
                connection.send_command("REPLCONF", *option)
                connection.read_response()
            connection.send_command("SYNC")
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                # Redis had nothing more to say before SYNC, so nothing of the cut is in a buffer.
                _receive(cast("socket.socket", connection._sock), file, told)
        except TimeoutError:
            raise NoCut("Redis fell silent") from None
        finally:
            connection.disconnect()


def _receive(sock: socket.socket, file: IO[bytes], told: Callable[[int], None]) -> None:
    head = b""
    while not head:  # empty lines say that it is being made
        head = _line(sock)
    if head.startswith(b"$EOF:"):
        _until(sock, file, head.removeprefix(b"$EOF:"), told)
    elif head.startswith(b"$"):
        _so_many(sock, file, int(head[1:]), told)
    else:
        raise NoCut(head.lstrip(b"-").decode(errors="replace"))


def _line(sock: socket.socket) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        line += _some(sock, 1)
    return line.strip()


def _so_many(sock: socket.socket, file: IO[bytes], left: int, told: Callable[[int], None]) -> None:
    while left:
        part = _some(sock, min(left, _BYTES_AT_ONCE))
        file.write(part)
        told(len(part))
        left -= len(part)


def _until(sock: socket.socket, file: IO[bytes], mark: bytes, told: Callable[[int], None]) -> None:
    kept = b""
    while not kept.endswith(mark):
        part = _some(sock, _BYTES_AT_ONCE)
        told(len(part))
        kept += part
        file.write(kept[:-_MARK])
        kept = kept[-_MARK:]


def _some(sock: socket.socket, most: int) -> bytes:
    part = sock.recv(most)
    if not part:
        raise NoCut("Redis closed the connection")
    return part
