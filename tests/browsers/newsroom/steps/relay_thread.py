"""The tests' SMTP server beside Playwright, which has the event loop of the tests' thread."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from tests.notify.relay_server import Relay, TakenMail

_ALL = 1000
"""More than are held back at a time."""
_PATIENCE = 30.0
"""Seconds until what is let through has been taken."""


class _Turnstile(asyncio.Event):
    """Lets through as many as it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.passes = asyncio.Semaphore(0)

    async def wait(self) -> Literal[True]:
        return await self.passes.acquire()


class RelayThread:
    """A relay whose answers can be held back. Made by `relay_in_a_thread`."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._relay = Relay()
        self._gate = _Turnstile()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._relay.port}?starttls=none"

    def mails_about(self, title: str) -> list[TakenMail]:
        """What it took whose subject has this title, in order."""
        return [mail for mail in list(self._relay.mails) if title in mail.head["Subject"]]

    def hold(self) -> None:
        """No recipient gets an answer from now on."""
        self._gate = self._relay.hold_rcpt = _Turnstile()

    def let_through(self, count: int) -> None:
        """Answer so many of those that are held back, or come next."""
        for _ in range(count):
            self._loop.call_soon_threadsafe(self._gate.passes.release)

    def let_through_about(self, count: int, title: str) -> None:
        """Answer until it has taken so many mails more with this title: letters to staff, and what
        an earlier walk left, wait at the same gate."""
        wanted = len(self.mails_about(title)) + count
        while len(self.mails_about(title)) < wanted:
            before = len(self._relay.mails)
            self.let_through(1)
            deadline = time.monotonic() + _PATIENCE
            while len(self._relay.mails) == before:
                assert time.monotonic() < deadline, "nothing waits at the gate"
                time.sleep(0.01)

    def go_on(self) -> None:
        """Answer what was held back, and all from now on."""
        self._relay.hold_rcpt = None
        self.let_through(_ALL)

    def start(self) -> None:
        asyncio.run_coroutine_threadsafe(self._relay.start(), self._loop).result()

    def stop(self) -> None:
        self.go_on()
        asyncio.run_coroutine_threadsafe(self._relay.stop(), self._loop).result()


@contextmanager
def relay_in_a_thread() -> Iterator[RelayThread]:
    """A relay that takes mail until the end."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    relay = RelayThread(loop)
    try:
        relay.start()
        yield relay
        relay.stop()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
