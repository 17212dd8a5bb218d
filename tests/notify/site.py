"""A real site: serves what a test says is live."""

import asyncio
from typing import Self

from shared.revision import Revision


class Pages:
    def __init__(self) -> None:
        self.html: dict[str, str] = {}
        self.asked: list[str] = []
        self.address = ""
        self._server: asyncio.Server | None = None

    async def start(self) -> Self:
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def stop(self) -> None:
        if self._server:
            self._server.close()

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
