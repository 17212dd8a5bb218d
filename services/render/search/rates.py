"""How often one address may search. In memory and for seconds only: nothing is kept of it."""

import time
from collections import OrderedDict
from collections.abc import Callable

from shared.visitors.sources import network

AT_ONCE = 60
"""Searches and suggestions that an address may ask for in a row: a hall full of people has one."""
A_SECOND = 6.0
"""How many of these come back."""
_MOST_ADDRESSES = 5_000
"""Addresses that are counted; beyond that the oldest is forgotten."""


class Rates:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def may_ask(self, address: str) -> bool:
        """Whether the source may ask once more now; this one is counted."""
        source, now = network(address), self._clock()
        left, since = self._left.pop(source, (float(AT_ONCE), now))
        left = min(left + (now - since) * A_SECOND, AT_ONCE)
        may = left >= 1
        self._left[source] = (left - may, now)
        while len(self._left) > _MOST_ADDRESSES:
            self._left.popitem(last=False)
        return may
