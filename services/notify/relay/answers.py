"""What the relay says on one connection, as it comes in."""

import asyncio
from collections import deque
from collections.abc import Sequence

from services.notify.relay.reply_parser import ReplyParser


class ConnectionBroken(Exception):
    """The connection is of no more use."""


class RelayAnswers(asyncio.Protocol):
    """The relay's replies as they come in. One reader waits for them at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._parser = ReplyParser()
        self._come: deque[tuple[int, str]] = deque()
        self._reader: asyncio.Future[None] | None = None
        self._until = 0.0
        """The loop's time by which the reader has given up."""
        self._timer: asyncio.TimerHandle | None = None
        self.ended = False

    def data_received(self, data: bytes) -> None:
        try:
            self._come.extend(self._parser.feed(data))
        except ValueError:
            self.ended = True
        self._wake()

    def connection_lost(self, _error: Exception | None) -> None:
        self.ended = True
        if self._timer:
            self._timer.cancel()
        self._wake()

    @property
    def silent(self) -> bool:
        """Whether the relay has said nothing that nobody has read, and has not closed."""
        return not self._come and not self.ended

    def take_if(self, codes: Sequence[int]) -> bool:
        """Whether these are the next replies, and have all come. They are read then."""
        come = self._come
        if len(come) < len(codes) or any(come[n][0] != code for n, code in enumerate(codes)):
            return False
        for _ in codes:
            come.popleft()
        return True

    async def next(self, seconds: float) -> tuple[int, str]:
        """Code and words of the next reply; ConnectionBroken if none comes within `seconds`, or
        ever."""
        if not self._come:
            self._until = self._loop.time() + seconds
            self._set_timer()
            try:
                while not self._come:
                    if self.ended:
                        raise ConnectionBroken
                    self._reader = self._loop.create_future()
                    await self._reader
            finally:
                self._reader = None
        return self._come.popleft()

    def _set_timer(self) -> None:
        """Look no later than when the reader gives up. A timer that looks sooner does no harm, and
        one for each reply would cost more than the reply."""
        if self._timer and self._timer.when() <= self._until:
            return
        if self._timer:
            self._timer.cancel()
        self._timer = self._loop.call_at(self._until, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._reader is None:
            return
        if self._loop.time() < self._until:
            self._set_timer()
        else:
            self.ended = True
            self._wake()

    def _wake(self) -> None:
        if self._reader and not self._reader.done():
            self._reader.set_result(None)
