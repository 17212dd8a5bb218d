"""Sets that stay small, however long the list is."""

from array import array


class Numbers:
    """A set of members' numbers: a bit each."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> None:
        place, bit = divmod(number, 8)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 4096))
        self._bits[place] |= 1 << bit

    def __contains__(self, number: int) -> bool:
        place, bit = divmod(number, 8)
        return place < len(self._bits) and bool(self._bits[place] & 1 << bit)


class Hashes:
    """A set of keyed hashes, of which eight bytes are kept: two of a million addresses that are
    taken for one are a chance of one in 40 million."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._count = 0

    def add(self, digest: bytes) -> None:
        """Put a hash in."""
        if not self._put(int.from_bytes(digest[:8], "big") or 1):
            return
        self._count += 1
        if self._count * 2 > len(self._slots):
            before, self._slots = self._slots, array("Q", bytes(32 * len(self._slots)))
            for value in before:
                if value:
                    self._put(value)

    def __contains__(self, digest: bytes) -> bool:
        value, size = int.from_bytes(digest[:8], "big") or 1, len(self._slots)
        at = value % size
        while self._slots[at] and self._slots[at] != value:
            at = (at + 1) % size
        return self._slots[at] == value

    def _put(self, value: int) -> bool:
        slots, size = self._slots, len(self._slots)
        at = value % size
        while slots[at]:
            if slots[at] == value:
                return False
            at = (at + 1) % size
        slots[at] = value
        return True
