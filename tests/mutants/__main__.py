"""`python -m tests.mutants`: try the mutants and say which live.

Example: python -m tests.mutants --only ledger/
"""

import argparse
import re
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from tests.mutants.mutant import read
from tests.mutants.run import Tried, try_all

_ROW = re.compile(r"\| (\w+/[\w-]+) \| .* \| (.*) \| (\d{4}-\d\d-\d\d) \|")
"""A fault on the page: its id, what found it, and when it was tried."""


def _found(one: Tried) -> str:
    return f"`{one.test.split('::')[-1]}`" if one.is_killed else one.by


def _read_page(page: Path) -> dict[str, tuple[str, str]]:
    """What found each fault on the page, and the day, by its id."""
    rows = page.read_text().splitlines() if page.exists() else []
    return {found[1]: (found[2], found[3]) for row in rows if (found := _ROW.fullmatch(row))}


def _page(results: dict[str, tuple[str, str]]) -> str:
    """The page; of each fault that is in the lists still."""
    mutants = [one for one in read() if one.id in results]
    rooms = Counter(one.room for one in mutants)
    killed = Counter(one.room for one in mutants if results[one.id][0].startswith("`"))
    lines = [
        "# Small faults that the tests find",
        "",
        "`make mutants` puts small faults into a copy of the code, one at a time, and runs the "
        "tests that must find them. A fault counts as found if a test fails by an assertion; "
        "running out of time does not count. The lists are in `tests/mutants`. "
        "`make mutants ARGS='--write docs/mutants.md'` tries all, in about an hour; with "
        "`--missing` only those that this page has not, and the others stay.",
        "",
        f"{sum(killed.values())} of {len(mutants)} found.",
        "",
        "| room | faults | found |",
        "|---|---|---|",
        *(f"| {room} | {number} | {killed[room]} |" for room, number in sorted(rooms.items())),
        "",
        "| fault | breaks | found by | tried |",
        "|---|---|---|---|",
        *(
            f"| {one.id} | {one.promise} | {results[one.id][0]} | {results[one.id][1]} |"
            for one in mutants
        ),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="those whose id begins so, as ledger/")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", type=Path, help="a page to write the result to")
    parser.add_argument(
        "--missing", action="store_true", help="only those that the page of --write has not"
    )
    arguments = parser.parse_args()
    if arguments.missing and not arguments.write:
        parser.error("--missing needs --write")
    known = _read_page(arguments.write) if arguments.write else {}
    mutants = [
        one
        for one in read()
        if one.id.startswith(arguments.only) and not (arguments.missing and one.id in known)
    ]
    if not mutants:  # without a test to run, pytest would run all there are
        parser.error(f"no fault's id begins with {arguments.only!r}; ids are as ledger/, not names")
    tried: list[Tried] = []
    for number, one in enumerate(try_all(mutants, workers=arguments.workers), start=1):
        tried.append(one)
        mark = "found" if one.is_killed else one.by.upper()
        print(f"{number}/{len(mutants)} {mark} {one.mutant.id} {one.test}", flush=True)
        known[one.mutant.id] = _found(one), f"{datetime.now(UTC):%Y-%m-%d}"
        if arguments.write:
            arguments.write.write_text(_page(known))
    alive = [one for one in tried if not one.is_killed]
    print(f"{len(tried) - len(alive)} of {len(tried)} found")
    return bool(alive)


if __name__ == "__main__":
    sys.exit(main())
