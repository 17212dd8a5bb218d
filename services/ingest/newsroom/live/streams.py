"""Streams of server-sent events (HTML Living Standard, 9.2): how many are open, when each ends."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

from redis.exceptions import RedisError

from shared.bus.epoch import EpochOver

MOST_OPEN = 100
"""Streams in one process. Each asks Redis twice a second."""
MOST_OF_ONE = 6
"""Of one person: a browser has no more connections to one place (HTTP/1.1)."""
LOOK_SECONDS = 0.5
"""Between two looks: a change is shown within a second."""
SILENT_SECONDS = 15.0
"""After so long without a change a comment is sent, so that nobody on the way takes the line for
dead, and a browser that is gone is noticed."""
RETRY_MS = 2000
"""After how long a browser comes again whose stream broke."""

HtmlParts = dict[str, str]
"""HTML by the id of the element that it is in."""


class TooManyStreams(Exception):
    """As many are open as may be."""


class LiveStreams:
    """All streams of one process. `stopping` is set once the process is to end: an open stream must
    not hold that up."""

    def __init__(self, stopping: asyncio.Event) -> None:
        self._stopping = stopping
        self._open: Counter[str] = Counter()

    @contextmanager
    def place(self, who: str) -> Iterator[None]:
        """A place for one stream of this person. TooManyStreams if there is none."""
        if self._open.total() >= MOST_OPEN or self._open[who] >= MOST_OF_ONE:
            raise TooManyStreams
        self._open[who] += 1
        try:
            yield
        finally:
            self._open[who] -= 1

    async def follow(
        self,
        look: Callable[[], Awaitable[tuple[HtmlParts, bool]]],
        is_welcome: Callable[[], Awaitable[bool]],
    ) -> AsyncIterator[str]:
        """One event for each change of what `look` gives: the parts that are others than before.
        The stream ends with `slutt` once `look` says that nothing changes any more, with `ut` once
        `is_welcome` says no, and when the process is to end. While Redis is away it says `borte`.
        """
        yield f"retry: {RETRY_MS}\n\n"
        before: HtmlParts = {}
        silent, is_away = 0.0, False
        while not self._stopping.is_set():
            try:
                if not await is_welcome():
                    yield "event: ut\ndata:\n\n"
                    return
                parts, has_ended = await look()
            except EpochOver:
                return
            except (RedisError, OSError):
                if not is_away:
                    yield "event: borte\ndata:\n\n"
                is_away, before = True, {}
                await self._pause()
                continue
            changed = {name: html for name, html in parts.items() if before.get(name) != html}
            is_away, before = False, parts
            silent = 0.0 if changed else silent + LOOK_SECONDS
            if changed:
                yield f"data: {json.dumps(changed, ensure_ascii=False)}\n\n"
            elif silent >= SILENT_SECONDS:
                silent = 0.0
                yield ":\n\n"
            if has_ended:
                yield "event: slutt\ndata:\n\n"
                return
            await self._pause()

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await self._stopping.wait()
