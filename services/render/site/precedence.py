"""Who goes first where one event loop does all: what is being published, before the whole site."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Precedence:
    def __init__(self) -> None:
        self._first = 0
        self._nobody = asyncio.Event()
        self._nobody.set()

    @contextmanager
    def first(self) -> Iterator[None]:
        """What is done in here goes first."""
        self._first += 1
        self._nobody.clear()
        try:
            yield
        finally:
            self._first -= 1
            if not self._first:
                self._nobody.set()

    async def give_way(self) -> None:
        """Wait while something goes first. Hold no lock that it may need."""
        await asyncio.sleep(0)
        await self._nobody.wait()
