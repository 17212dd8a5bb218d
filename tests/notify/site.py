"""A real site: serves what a test says is live."""

import asyncio
import ssl
from typing import Self

from shared.revision import Revision


class Pages:
    """`address` is where notify looks first, `probe` where the public address leads to."""

    def __init__(self) -> None:
        self.html: dict[str, str] = {}
        self.asked: list[str] = []
        self.address = ""
        self.probe = ""
        self._servers: list[asyncio.Server] = []

    async def start(self, tls: ssl.SSLContext | None = None) -> Self:
        """With `tls` the public address answers too."""
        self.address = f"http://{await self._listen(None)}"
        if tls:
            self.probe = await self._listen(tls)
        return self

    async def stop(self) -> None:
        for server in self._servers:
            server.close()

    async def _listen(self, tls: ssl.SSLContext | None) -> str:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0, ssl=tls)
        self._servers.append(server)
        return f"127.0.0.1:{server.sockets[0].getsockname()[1]}"

    def show(self, revision: Revision, *, sha256: str | None = None) -> None:
        """Make the page of this revision live."""
        content = f"{revision.id}/{revision.revision}/{sha256 or revision.sha256}"
        html = f'<!DOCTYPE html><meta name="varsel-revision" content="{content}"><p>Hei</p>'
        self.html[revision.path] = html

    def show_withdrawn(self, revision: Revision) -> None:
        """Make the page that is left of an article live, withdrawn at this revision."""
        self.show(revision)
        mark = f'<meta name="varsel-withdrawn" content="{revision.id}/{revision.revision}">'
        self.html[revision.path] += mark

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        path = head.split(b" ")[1].decode()
        body = self.html.get(path, "").encode()
        status = "200 OK" if path in self.html else "404 Not Found"
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
        )
        writer.write(body)
        await writer.drain()
        writer.close()
        self.asked.append(path)
