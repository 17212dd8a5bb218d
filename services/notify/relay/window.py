"""Pure: how many mails may be accepted by the relay and not yet be written down (promise G7)."""

from collections.abc import Callable

WINDOW = 64
"""Mails of one worker, at most."""


class Window:
    """Counts a worker's mails from the moment that each is sent until the ledger knows of it."""

    def __init__(self) -> None:
        self._inside = 0
        self._tell: list[Callable[[int], None]] = []

    @property
    def has_room(self) -> bool:
        """Whether one more mail may be sent."""
        return self._inside < WINDOW

    def enter(self) -> None:
        """Count a mail that is about to be sent. RuntimeError if there is no room."""
        if not self.has_room:
            raise RuntimeError("the window is full")
        self._inside += 1

    def leave(self, count: int = 1) -> None:
        """Count `count` mails no more: they were not accepted, or are written down."""
        self._inside -= count
        for tell in self._tell:
            tell(WINDOW - self._inside)

    def on_room(self, tell: Callable[[int], None]) -> None:
        """Call `tell` with the room that there is, each time that mails have left."""
        self._tell.append(tell)
