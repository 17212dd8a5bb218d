"""Which failures of a whole run are worth a second try. Pure."""

import re
from collections.abc import Sequence

FEW = 8
"""One in a thousand. More that fail together have a cause that is no stall of the machine."""
NEVER = ("tests/chaos/", "tests/proof/")
"""What counts those who were left out: a single one is a find, however rarely it is made."""


def why_not(failed: Sequence[str]) -> str:
    """Why the tests with these ids are not tried again; "" if they are."""
    if not failed:
        return "No test is known to have failed: the run itself broke."
    if len(failed) > FEW:
        return f"{len(failed)} tests failed: too many for a stall of the machine."
    if promises := [test for test in failed if test.startswith(NEVER)]:
        return f"Not tried again, since it counts those who were left out: {promises[0]}"
    return ""


def plain(test: str) -> str:
    """A test's id without the group that pytest-xdist adds to it in a run on several workers."""
    return re.sub(r"@[^@\[\]]+$", "", test)
