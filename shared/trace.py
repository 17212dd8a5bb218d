"""W3C Trace Context: the id that follows an article through all services and their logs."""

import re
import secrets
from contextlib import AbstractContextManager

import structlog

from shared import spans

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")


def new_traceparent() -> str:
    """A fresh `traceparent` (W3C Trace Context, section 3.2), sampled."""
    return spans.begun() or f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def trace_id(traceparent: str) -> str:
    """The trace's id, 32 hex digits; empty if `traceparent` is not one."""
    found = _TRACEPARENT.fullmatch(traceparent)
    return found[1] if found else ""


def logged(traceparent: str) -> AbstractContextManager[None]:
    """While it is entered, all lines of this task's log carry the trace's id as `trace`."""
    return structlog.contextvars.bound_contextvars(trace=trace_id(traceparent))
