"""Pure: how fast a delivery goes, from what its last statuses said."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

KEPT = 12
"""Samples."""
WINDOW_SECONDS = 30.0
"""Older samples do not count: a relay may have become slower, or a pause may lie between."""
SILENT_SECONDS = 15.0
"""With no newer status than this, nothing can be said: it may stand still."""


class Sample(NamedTuple):
    """How far a delivery was, and when."""

    at_ms: int
    """Milliseconds since 1970."""
    settled: int
    """Members of the audience who are not open."""


def read(text: str) -> list[Sample]:
    """The samples that are kept in `text`; none if it is empty."""
    return [Sample(*pair) for pair in json.loads(text or "[]")]


def written(samples: Sequence[Sample]) -> str:
    return json.dumps([list(sample) for sample in samples])


def with_next(samples: Sequence[Sample], at: datetime, settled: int) -> list[Sample]:
    """The samples after another status. They begin anew if fewer are settled than before, since
    failures are tried again then."""
    next_ = Sample(int(at.timestamp() * 1000), settled)
    before = [
        one
        for one in samples
        if next_.at_ms - WINDOW_SECONDS * 1000 <= one.at_ms < next_.at_ms and one.settled <= settled
    ]
    return [*before[-(KEPT - 1) :], next_]


def rate(samples: Sequence[Sample], now: datetime) -> float:
    """Members in a second; 0 if nothing can be said."""
    if len(samples) < 2 or now.timestamp() - samples[-1].at_ms / 1000 > SILENT_SECONDS:
        return 0.0
    first, last = samples[0], samples[-1]
    return (last.settled - first.settled) / ((last.at_ms - first.at_ms) / 1000)


def seconds_left(samples: Sequence[Sample], now: datetime, open_: int) -> float | None:
    """Seconds until nobody is open, at this rate; None if nothing can be said."""
    found = rate(samples, now)
    return open_ / found if found > 0 else None
