"""Pure: how members' numbers are laid out: buckets of the packed hashes, chunks, and audiences.

A number is one subscription's life. The first number is 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass

BUCKET = 100
"""Numbers per packed hash."""
CHUNK = 1000
"""Numbers per chunk: whole buckets, so that no two chunks read the same one."""


@dataclass(frozen=True)
class Cut:
    """An audience: who was a member at one moment."""

    last: int
    """The last number that was given at that moment."""
    leaves: int
    """How many members had left by then."""

    def chunk(self, chunk: int) -> range:
        """The numbers of chunk `chunk`, counted from 0. They are not all in the audience."""
        return range(max(chunk * CHUNK, 1), min((chunk + 1) * CHUNK, self.last + 1))

    def has(self, number: int, left: int | None) -> bool:
        """Whether member `number` is in the audience. `left` is the member's place among all
        members who left, none if the member has not left."""
        return 1 <= number <= self.last and (left is None or left > self.leaves)


def place(number: int) -> tuple[int, int]:
    """The bucket of a number, and the number's field in it."""
    return divmod(number, BUCKET)


def buckets(numbers: Iterable[int]) -> list[int]:
    """The buckets that hold `numbers`, in order."""
    return sorted({number // BUCKET for number in numbers})
