"""Pure: what an answer to a post means, and when to try again (Standard Webhooks 1.0, section
"Delivery"). Only 2xx is a success; redirects are not followed and count as failures."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

SECOND, MINUTE, HOUR = 1, 60, 3600
PAUSES = (
    5 * SECOND,
    5 * MINUTE,
    30 * MINUTE,
    *(hours * HOUR for hours in (2, 5, 10, 14, 20, 24)),
)
"""Seconds from one attempt to the next, so there are ten attempts in about three days."""
JITTER = 0.2
"""A part of each pause: it is longer or shorter by up to so much, lest many posts come at once."""
LONGEST_RETRY_AFTER_SECONDS = 24 * HOUR
"""A follower who asks for a longer pause gets this one."""

_GONE = 410
"""The HTTP status by which a follower ends their following."""
_THROTTLING = frozenset({429, 502, 503, 504})


@dataclass(frozen=True)
class Verdict:
    delivered: bool
    pause: float | None = None
    """Seconds until the next attempt, or none if this was the last."""


DELIVERED = Verdict(delivered=True)
GIVEN_UP = Verdict(delivered=False)


def judge(
    attempt: int, status: int | None, retry_after: str | None, *, now: datetime, chance: float
) -> Verdict:
    """What becomes of a post after its attempt number `attempt`, from 1.

    `status` is none if no answer came, `retry_after` the header of that name (RFC 9110 section
    10.2.3), `chance` a number from 0 to 1 that spreads attempts by ±20 %.
    """
    if status is not None and 200 <= status < 300:
        return DELIVERED
    if status == _GONE or attempt > len(PAUSES):
        return GIVEN_UP
    pause = PAUSES[attempt - 1] * (1 + JITTER * (2 * chance - 1))
    if status in _THROTTLING:
        # Never sooner than planned: an impatient answer would use up all attempts at once.
        pause = max(pause, min(_seconds(retry_after, now), LONGEST_RETRY_AFTER_SECONDS))
    return Verdict(delivered=False, pause=pause)


def _seconds(retry_after: str | None, now: datetime) -> float:
    """What the header asks for, in seconds or as a date; 0 if it says nothing clear."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
        return max((when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds(), 0.0)
    except (ValueError, OverflowError):
        return 0.0
