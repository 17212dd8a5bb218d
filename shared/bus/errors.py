"""Which errors are the surroundings' fault, and how a cause is told without telling too much."""

import traceback

from pydantic import ValidationError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from shared.bus.entry import Surroundings

_NOT_NOW = (
    "READONLY", "OOM", "LOADING", "MASTERDOWN", "MISCONF", "NOGROUP", "NOREPLICAS", "NOPERM",
    "BUSY", "TRYAGAIN", "UNBLOCKED",
)  # fmt: skip
"""First words of Redis's refusals that pass: a replica, no memory, loading, a full disk, a lost
group, a right that is missing, a script that runs long."""


def surroundings(error: BaseException) -> Surroundings | None:
    """The error as one of the surroundings, or none where the event itself failed."""
    if isinstance(error, Surroundings):
        return error
    if isinstance(error, RedisConnectionError | RedisTimeoutError):
        return Surroundings("redis_away")
    if isinstance(error, RedisError) and any(word in str(error)[:80] for word in _NOT_NOW):
        return Surroundings("redis_refuses")
    return None


def cause(error: BaseException) -> str:
    """What went wrong, for a dead letter: type, place, and for bad data the field.

    Never the message of a foreign error: it may quote what was handled, even an address (G8).
    """
    where = ""
    if frames := traceback.extract_tb(error.__traceback__):
        where = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}"
    if isinstance(error, ValidationError):
        parts = (
            f"{'.'.join(str(p) for p in e['loc']) or 'event'}: {e['type']}"
            for e in error.errors(include_input=False, include_url=False)[:5]
        )
        return "ValidationError: " + "; ".join(parts)
    if isinstance(error, ResponseError) and str(error).startswith("WRONGTYPE"):
        return f"ResponseError: {str(error)[:120]}"
    return type(error).__name__ + where
