"""How many examples a property is tried on: few before a commit, more in a whole run, all in a
proof."""

import os
from collections.abc import Iterable, Sequence
from itertools import product
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")

SHARE = float(os.environ.get("VARSEL_EXAMPLES", "0.2"))
"""Of the number that a test names; `make check` and `make proof-properties` set it."""


def examples(number: int) -> int:
    """So many of `number` as this run tries, at least three."""
    return max(3, round(number * SHARE))


def all_or_last(some: Sequence[A]) -> Sequence[A]:
    """All of them in a proof, else the last one alone: for tests that start whole systems."""
    return some if SHARE >= 1 else some[-1:]


def checkered(some: Iterable[A], others: Iterable[B], turn: int) -> list[tuple[A, B]]:
    """Every other pair of them, so that each of both is among them; beginning with the other one if
    `turn` is odd. All pairs in a proof."""
    pairs = product(enumerate(some), enumerate(others))
    return [(a, b) for (i, a), (j, b) in pairs if SHARE >= 1 or (i + j + turn) % 2 == 0]
