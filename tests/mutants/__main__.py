"""`python -m tests.mutants`: try the mutants and say which live.

Example: python -m tests.mutants --only ledger/
"""

import argparse
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from tests.mutants.mutant import read
from tests.mutants.run import Tried, try_all


def _page(tried: list[Tried]) -> str:
    rooms = Counter(one.mutant.room for one in tried)
    killed = Counter(one.mutant.room for one in tried if one.is_killed)
    lines = [
        "# Small faults that the tests find",
        "",
        "`make mutants` puts small faults into a copy of the code, one at a time, and runs the "
        "tests that must find them. A fault counts as found if a test fails by an assertion; "
        "running out of time does not count. The lists are in `tests/mutants`.",
        "",
        f"Tried on {datetime.now(UTC):%Y-%m-%d} by `make mutants ARGS='--write docs/mutants.md'`: "
        f"{sum(killed.values())} of {len(tried)} found.",
        "",
        "| room | faults | found |",
        "|---|---|---|",
        *(f"| {room} | {number} | {killed[room]} |" for room, number in sorted(rooms.items())),
        "",
        "| fault | breaks | found by |",
        "|---|---|---|",
        *(
            f"| {one.mutant.id} | {one.mutant.promise} | "
            f"{'`' + one.test.split('::')[-1] + '`' if one.is_killed else one.by} |"
            for one in tried
        ),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="those whose id begins so, as ledger/")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", type=Path, help="a page to write the result to")
    arguments = parser.parse_args()
    mutants = [one for one in read() if one.id.startswith(arguments.only)]
    if not mutants:  # without a test to run, pytest would run all there are
        parser.error(f"no fault's id begins with {arguments.only!r}; ids are as ledger/, not names")
    tried: list[Tried] = []
    for number, one in enumerate(try_all(mutants, workers=arguments.workers), start=1):
        tried.append(one)
        mark = "found" if one.is_killed else one.by.upper()
        print(f"{number}/{len(mutants)} {mark} {one.mutant.id} {one.test}", flush=True)
    if arguments.write:
        arguments.write.write_text(_page(tried))
    alive = [one for one in tried if not one.is_killed]
    print(f"{len(tried) - len(alive)} of {len(tried)} found")
    return bool(alive)


if __name__ == "__main__":
    sys.exit(main())
