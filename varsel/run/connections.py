"""A client's connection: it ends if nobody asks anything on it.

uvicorn waits forever for a first request, and for headers that have begun.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_SECONDS = 10.0
"""From when a connection is made, or the first byte behind an answer, to the end of the headers."""


class Impatient(H11Protocol):
    """uvicorn's own, but for that."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE or self.transport.is_closing():
            self._forget()
        elif self._end is None:
            self._end = self.loop.call_later(HEADERS_SECONDS, self.transport.close)

    def _forget(self) -> None:
        if self._end:
            self._end.cancel()
            self._end = None
