"""How members' numbers are laid out: buckets of the packed hashes, chunks, and audiences."""

from collections.abc import Iterable
from dataclasses import dataclass

BUCKET = 100
"""Numbers per packed hash."""
CHUNK = 1000
"""Numbers per chunk: whole buckets, so that no two chunks read the same one."""


@dataclass(frozen=True)
class Cut:
    """An audience: the members when `last` numbers were given and `leaves` members had left."""

    last: int
    leaves: int

    def chunk(self, chunk: int) -> range:
        """The numbers of a chunk, members of the audience or not. 0 is nobody's number."""
        return range(max(chunk * CHUNK, 1), min((chunk + 1) * CHUNK, self.last + 1))

    def has(self, number: int, left: int | None) -> bool:
        """Whether the member is in the audience; `left` is their place among those who left."""
        return 1 <= number <= self.last and (left is None or left > self.leaves)


def place(number: int) -> tuple[int, int]:
    """Bucket, and field in it."""
    return divmod(number, BUCKET)


def buckets(numbers: Iterable[int]) -> list[int]:
    """The buckets that hold `numbers`, in order."""
    return sorted({number // BUCKET for number in numbers})
