"""A follower's webhook that takes every post, and remembers the ids of posts."""

import asyncio
import re

_ID = re.compile(rb"^webhook-id: *(\S+)", re.IGNORECASE | re.MULTILINE)
_LENGTH = re.compile(rb"^content-length: *(\d+)", re.IGNORECASE | re.MULTILINE)
_ANSWER = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


class Follower:
    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.url = ""
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"

    async def stop(self) -> None:
        if self._server:
            self._server.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            await reader.readexactly(int(length[1]) if length else 0)
            self.taken.update(found.decode() for found in _ID.findall(head))
            writer.write(_ANSWER)
            await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            pass  # the sender was killed
        finally:
            writer.close()
