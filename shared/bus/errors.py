"""Which errors are the surroundings' fault, and how a cause is told without telling too much."""

import re

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from redis.exceptions import (
    AuthenticationError,
    MasterDownError,
    NoPermissionError,
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from shared import log
from shared.bus.entry import Surroundings
from shared.bus.epoch import EpochOver


class NotAcknowledged(RedisError):
    """It is written on a master alone, and may be lost with that; see failover.py. Whoever wanted
    it does it again."""


_REFUSALS = (
    NotAcknowledged,
    RedisConnectionError,  # among them BusyLoadingError
    RedisTimeoutError,
    OutOfMemoryError,
    ReadOnlyError,
    MasterDownError,
    NoPermissionError,
    NoScriptError,  # the server was replaced right after it had got the script
)
"""Refusals that redis-py has a class for. It cuts the first word off such an error's text."""
_WORDS = ("MISCONF", "NOGROUP", "NOREPLICAS", "BUSY", "TRYAGAIN", "UNBLOCKED", "ACL failure")
"""How other refusals begin that pass by themselves: a disk that takes no writes, a lost group, too
few replicas, a script that runs long, a right that a script lacks."""
_NAME = re.compile(r"[a-z_.]{1,40}|[0-9]{1,6}")
"""Names of our models' fields and of events' types. Keys of a mapping, such as the names of
pictures, are data."""


def surroundings(error: BaseException) -> Surroundings | None:
    """The error as one of the surroundings, or none if the event itself failed."""
    if isinstance(error, Surroundings):
        return error
    if isinstance(error, EpochOver):
        return Surroundings(str(error) or "other_data")
    if isinstance(error, RedisConnectionError | RedisTimeoutError):
        return Surroundings("redis_away")
    if isinstance(error, _REFUSALS):
        return Surroundings("redis_refuses")
    if isinstance(error, RedisError) and any(word in str(error)[:80] for word in _WORDS):
        return Surroundings("redis_refuses")
    return None


def login_refused(error: BaseException | None) -> bool:
    """Whether Redis refused the user or the password; redis-py tells it as a lost connection."""
    while error and not isinstance(error, AuthenticationError):
        error = error.__cause__
    return error is not None


def cause(error: BaseException) -> str:
    """What went wrong, for a dead letter: type, place, and for bad data the field.

    Never the message of a foreign error: it may quote what was handled, even an address (G8).
    """
    if isinstance(error, ValidationError):
        found = error.errors(include_input=False, include_url=False, include_context=False)[:5]
        return "ValidationError: " + "; ".join(f"{_field(e)}: {e['type']}" for e in found)
    if isinstance(error, ResponseError) and str(error).startswith("WRONGTYPE"):
        return f"ResponseError: {str(error)[:120]}"
    if login_refused(error):
        return "AuthenticationError"
    where = log.place(error.__traceback__)
    return type(error).__name__ + (f" at {where}" if where else "")


def _field(error: ErrorDetails) -> str:
    """The field that is wrong, or `event`. A name that the data itself brought is left out."""
    known = error["loc"][:-1] if error["type"] == "extra_forbidden" else error["loc"]
    names = (str(p) if _NAME.fullmatch(str(p)) else "…" for p in known)
    return ".".join(names) or "event"
