"""Pure: what became of a member in a delivery."""

from typing import NamedTuple

from services.notify.ledger.states import State


class Outcome(NamedTuple):
    """One member's state, and what the relay said to it."""

    number: int
    """The member's."""
    state: State
    """SENDING: nobody heard whether the relay took the mail. PLANNED: it was never sent, so the
    member is as before the claim."""
    codes: str = ""
    """The codes of the relay's refusal, as `5.1.1 550`; empty if it refused nothing."""
    reply: str = ""
    """The relay's words. They are kept for failures only, and sealed."""
    tries: int | None = None
    """See `replies.tried`; none if there is nothing new to keep."""


def reply_place(delivery: str, number: int) -> str:
    """What the relay's sealed words about a member in a delivery are bound to."""
    return f"reply:{delivery}:{number}"
