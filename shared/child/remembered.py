"""What work in a child gave for the newest texts: the same text is worked on once a day."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from typing import Any, ParamSpec, TypeVar

from shared.child.children import SHORT, Children
from shared.oslo import oslo_today

P = ParamSpec("P")
T = TypeVar("T")

MOST = 16
"""Texts of which the outcome is kept: people look at few at a time."""
_Key = tuple[str, str, date]


class Remembered:
    """Asks `children`. What it runs must give the same for the same text on the same day."""

    def __init__(self, children: Children) -> None:
        self._children = children
        self._done: OrderedDict[_Key, Any] = OrderedDict()
        self._at_work: dict[_Key, asyncio.Lock] = {}

    async def run(
        self,
        said: str | bytes,
        weight: int,
        seconds: float,
        work: Callable[P, T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """As `Children.run`; a heavy text that is known is not worked on again. `said` is all that
        the outcome depends on, but for the day. A caller that asks while another does waits for
        that one."""
        if weight <= SHORT:
            return await self._children.run(weight, seconds, work, *args, **kwargs)
        text = said.encode("utf-8", "surrogatepass") if isinstance(said, str) else said
        key = (work.__qualname__, hashlib.sha256(text).hexdigest(), oslo_today())
        async with self._at_work.setdefault(key, asyncio.Lock()):
            try:
                if key not in self._done:
                    found = await self._children.run(weight, seconds, work, *args, **kwargs)
                    self._done[key] = found
                    while len(self._done) > MOST:
                        self._done.popitem(last=False)
                self._done.move_to_end(key)
                return self._done[key]  # type: ignore[no-any-return]
            finally:
                self._at_work.pop(key, None)
