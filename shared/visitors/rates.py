"""How often one may ask who needs no form: a source, or a key. In memory and for seconds only:
nothing is kept of it, and each process counts for itself."""

import time
from collections import OrderedDict
from collections.abc import Callable

_MOST = 5_000
"""Who is counted; beyond that the one who has been silent longest is forgotten."""


class Rates:
    """`at_once` in a row, of which `a_second` come back."""

    def __init__(
        self, at_once: int, a_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._at_once = at_once
        self._a_second = a_second
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def may_ask(self, who: str) -> bool:
        """Whether they may ask once more now; this one is counted."""
        now = self._clock()
        left, since = self._left.pop(who, (float(self._at_once), now))
        left = min(left + (now - since) * self._a_second, self._at_once)
        may = left >= 1
        self._left[who] = (left - may, now)
        while len(self._left) > _MOST:
            self._left.popitem(last=False)
        return may
