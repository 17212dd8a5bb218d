"""What the tests here do with a delivery that goes on."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise

from services.notify.ledger.delivery import deliveries
from tests.notify.relay_server import Relay
from tests.notify.steps import balanced
from tests.notify.system import System
from tests.wait import until


class Pace:
    """When mails are taken, at about 160 a second."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._times: list[float] = []
        relay.slowness = 0.05
        relay.after_data = self._note

    def _note(self, _: str) -> None:
        self._times.append(time.monotonic())

    async def more(self, count: int) -> None:
        """Wait until so many more are taken."""
        wanted = len(self._times) + count
        await until(lambda: len(self._times) >= wanted, timeout=60)

    def silence_since(self, moment: float) -> float:
        """The longest time between two mails since `moment`, in seconds."""
        times = [moment, *(at for at in self._times if at > moment)]
        return max(after - before for before, after in pairwise(times))

    @asynccontextmanager
    async def stopped(self) -> AsyncIterator[None]:
        """The relay answers no mail."""
        held = self._relay.hold = asyncio.Event()
        try:
            yield
        finally:
            self._relay.hold = None
            held.set()


async def everybody_has_it(up: System, addresses: Sequence[str]) -> Counter[str]:
    """Wait until the delivery is complete; how often each member got the mail, nobody never."""

    async def next_one() -> bool:
        return len(up.relay.recipients()) > taken or await complete()

    async def complete() -> bool:
        return any(one["state"] == "complete" for one in await deliveries(up.redis))

    while not await complete():  # for as long as mail goes on, which may be minutes
        taken = len(up.relay.recipients())
        await until(next_one)
    times = Counter(up.relay.recipients())
    assert set(times) == set(addresses)
    await balanced(up)
    return times
