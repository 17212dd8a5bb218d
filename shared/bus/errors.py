"""Which errors are the surroundings' fault, and how a cause is told without telling too much."""

import traceback

from pydantic import ValidationError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import (
    MasterDownError,
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
from redis.exceptions import TimeoutError as RedisTimeoutError

from shared.bus.entry import Surroundings

_REFUSALS = (
    RedisConnectionError,  # among them BusyLoadingError
    RedisTimeoutError,
    OutOfMemoryError,
    ReadOnlyError,
    MasterDownError,
    NoPermissionError,
)
"""What redis-py has a class for; it cuts the first word off such an error's text."""
_WORDS = ("MISCONF", "NOGROUP", "NOREPLICAS", "BUSY", "TRYAGAIN", "UNBLOCKED", "ACL failure")
"""How the other refusals that pass begin: a disk that takes no writes, a lost group, too few
replicas, a script that runs long, a right that a script lacks."""


def surroundings(error: BaseException) -> Surroundings | None:
    """The error as one of the surroundings, or none where the event itself failed."""
    if isinstance(error, Surroundings):
        return error
    if isinstance(error, RedisConnectionError | RedisTimeoutError):
        return Surroundings("redis_away")
    if isinstance(error, _REFUSALS):
        return Surroundings("redis_refuses")
    if isinstance(error, RedisError) and any(word in str(error)[:80] for word in _WORDS):
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
