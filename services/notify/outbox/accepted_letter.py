"""Pure: a letter as a script keeps it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AcceptedLetter:
    """A letter as accept_letter.lua keeps it."""

    id: str
    key: str
    queue: str
    whose: list[str]
    """The keys that say whose it is: see `Letters.waiting_of`."""
    sealed: bytes
    life_ms: int
