"""Pure: what became of a member in a delivery."""

from typing import Literal, NamedTuple

StateName = Literal["planned", "sending", "handed_over", "deferred", "failed", "suppressed"]
"""A state of the ledger's byte (see states.py), by the name that record.lua knows. `sending`: the
state stays, since nobody heard whether the relay took the mail. `planned`: it is again as before
the member was claimed, since the mail was never sent."""


class Outcome(NamedTuple):
    """One member's state, and what the relay said to it."""

    number: int
    """The member's."""
    state: StateName
    codes: str = ""
    """The codes of the relay's refusal, as `5.1.1 550`; empty if it refused nothing."""
    reply: str = ""
    """The relay's words. They are kept for failures only, and sealed."""
    tries: int | None = None
    """See `replies.tried`; none if there is nothing new to keep."""
