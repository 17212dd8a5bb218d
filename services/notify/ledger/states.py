"""Pure: the ledger's byte, one for each member's number.

It is a state and flags. The scripts have the same names in states.lua; a test compares the two.
"""

from enum import IntEnum, IntFlag


class State(IntEnum):
    PLANNED = 0
    """Owed, and nobody works on it."""
    SENDING = 1
    """Taken by a worker; nobody has heard what became of the mail."""
    HANDED_OVER = 2
    DEFERRED = 3
    """The relay put it off."""
    FAILED = 4
    SUPPRESSED = 5
    """Not to be mailed after all: the member left, was erased, or the delivery ended."""
    OUTSIDE = 7
    """Not in this audience: gone before the start, chose other subjects, or owed nothing."""


class Flag(IntFlag):
    EARLIER = 8
    """An earlier version may have reached the member."""
    UNHEARD = 16
    """This version may have, though nobody heard of it."""
    BOUNCED = 32
    """This version came back after it was accepted. A part of those handed over, and never taken
    from them; on a member who is `SENDING` until the outcome is written down."""


STATES = 8
"""A byte modulo this is its state."""
BEGUN = frozenset({State.SENDING, State.DEFERRED})
"""Open, and tried before."""


def may_have_it(byte: int) -> bool:
    """Whether this version or an earlier one may have reached the member."""
    return byte >= Flag.EARLIER or state_of(byte) in (State.SENDING, State.HANDED_OVER)


def state_of(byte: int) -> int:
    """The byte's state, as the number of a `State`."""
    return byte % STATES
