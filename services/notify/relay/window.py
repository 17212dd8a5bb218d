"""How many mails may be accepted by the relay and not yet be written down (promise G7)."""

from collections.abc import Callable

WINDOW = 64


class Window:
    """A worker's mails between its decision to send one and the ledger's word on it."""

    def __init__(self) -> None:
        self._inside = 0
        self._tell: list[Callable[[int], None]] = []

    @property
    def has_room(self) -> bool:
        return self._inside < WINDOW

    def enter(self) -> None:
        """A mail is about to be sent. RuntimeError where there is no room."""
        if not self.has_room:
            raise RuntimeError("the window is full")
        self._inside += 1

    def leave(self, count: int = 1) -> None:
        """So many were not accepted, or are written down."""
        self._inside -= count
        for tell in self._tell:
            tell(WINDOW - self._inside)

    def on_room(self, tell: Callable[[int], None]) -> None:
        """Call `tell` with the room there is whenever some have left."""
        self._tell.append(tell)
