"""A member told their provider that they do not want our mail: they get no more."""

from collections.abc import Awaitable, Callable

from services.notify.bounces.outcomes.heard import Heard
from services.notify.bounces.reading.said import Says

Leave = Callable[[int], Awaitable[object]]
"""Ends the subscription with this number. Idempotent; LookupError if there is none."""
TOLD = "complaint"


async def leave(leave: Leave, heard: Heard) -> str:
    """End the member's subscription, if it is a complaint. Gives what staff are told; empty if it
    is none."""
    if heard.said.says is not Says.COMPLAINT:
        return ""
    try:
        await leave(heard.sent.number)
    except LookupError:
        return ""
    return TOLD
