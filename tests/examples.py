"""How many examples a property is tried on: few before a commit, more in a whole run, all in a
proof."""

import os

SHARE = float(os.environ.get("VARSEL_EXAMPLES", "0.3"))
"""Of the number that a test names; `make check` and `make proof-properties` set it."""


def examples(number: int) -> int:
    """So many of `number` as this run tries, at least three."""
    return max(3, round(number * SHARE))
