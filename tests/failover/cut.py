"""A way to each server of a set that can be cut, for the Sentinels, for replicas and for clients,
some of them or all: nothing comes through, and nobody is told."""

import asyncio
from contextlib import suppress

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
SENTINELS, REPLICAS, CLIENTS = "sentinels", "replicas", "clients"
_FIRST_WORDS = {SENTINELS: b"sentinel", REPLICAS: b"*1\r\n$4\r\nPING\r\n"}
"""How they begin: a Sentinel logs in, a replica asks whether the master is there."""


class Way:
    """Listens on `port` of 127.0.0.1, and leads to the server at `to`."""

    def __init__(self, port: int, to: int) -> None:
        self.port = port
        self._to = to
        self._cut: set[str] = set()
        self._mended = asyncio.Event()
        self._mended.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)

    async def close(self) -> None:
        if self._server:
            self._server.close()
        self.mend()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self, *kinds: str) -> None:
        self._cut = set(kinds)
        self._mended.clear()

    def mend(self) -> None:
        """As when a cable is back: connections that are open still go on."""
        self._cut = set()
        self._mended.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        behind: asyncio.StreamWriter | None = None
        try:
            first = await reader.read(4096)
            kinds = [kind for kind, words in _FIRST_WORDS.items() if words in first]
            kind = kinds[0] if kinds else CLIENTS
            await self._through(kind)
            answers, behind = await asyncio.open_connection("127.0.0.1", self._to)
            behind.write(first)
            ways = [
                asyncio.ensure_future(self._pass(kind, reader, behind)),
                asyncio.ensure_future(self._pass(kind, answers, writer)),
            ]
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
        except (OSError, asyncio.CancelledError):
            pass  # what is behind is away, or it is the end
        finally:
            for end in (writer, behind):
                if end:
                    end.close()

    async def _pass(
        self, kind: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._through(kind)
                writer.write(data)
                await writer.drain()
            await self._through(kind)

    async def _through(self, kind: str) -> None:
        while kind in self._cut:
            await self._mended.wait()
