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


def every(number: int, some: Iterable[A]) -> list[A]:
    """Every so many of them, beginning with the first one; all in a proof."""
    return list(some) if SHARE >= 1 else list(some)[::number]


def in_turn(turn: int, some: Iterable[A], others: Iterable[B]) -> list[tuple[A, B]]:
    """One pair of them, another one each turn until all were had; all pairs in a proof."""
    pairs = list(product(some, others))
    return pairs if SHARE >= 1 else [pairs[turn % len(pairs)]]
