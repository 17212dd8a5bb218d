"""A member asked by mail to leave, at the address that stands in each mail (RFC 2369)."""

from services.notify.bounces.outcomes.complaint import Leave


async def leave(leave: Leave, number: int) -> None:
    """End the subscription."""
    try:
        await leave(number)
    except LookupError:
        return
