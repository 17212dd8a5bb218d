"""`make chaos KILLS=200`: kills at random, or at every command once. See docs/crash-matrix.md."""

import argparse
import asyncio
import random
import sys
from pathlib import Path

from tests.chaos import matrix, page, storm
from tests.chaos.resp import REPO

MEMBERS = 300
"""In the list, if nothing else is said."""
MATRIX_PAGE = REPO / "docs" / "crash-matrix.md"
EXAMPLES = """\
examples:
  python -m tests.chaos --kills 200
  python -m tests.chaos --kills 50 --seed 7 --workers 3
  python -m tests.chaos --matrix --write docs/crash-matrix.md
  python -m tests.chaos --matrix --only record.lua --write docs/crash-matrix.md
  python -m tests.chaos --reasons

Exits 0 when every audit was fine, 1 when one was not, 2 when used wrongly.
"""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos",
        description="Kill the processes of a delivery and audit what becomes of it.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--kills", type=int, metavar="N", help="kill N times at random")
    what.add_argument("--matrix", action="store_true", help="kill at every kind of command once")
    what.add_argument(
        "--reasons", action="store_true", help="kill nobody, and write the page's reasons anew"
    )
    parser.add_argument(
        "--seed", type=int, help="of the random kills; by default another each time"
    )
    parser.add_argument("--members", type=int, help="in the list (default: 300; 1200 with --kills)")
    parser.add_argument("--workers", type=int, default=2, help="notify processes with --kills (2)")
    parser.add_argument("--only", default="", metavar="PATTERN", help="those rows of the matrix")
    parser.add_argument(
        "--write",
        type=Path,
        metavar="FILE",
        help="write the matrix's page; with --only, those rows of it",
    )
    return parser.parse_args()


def _tell(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


async def _matrix(members: int, only: str) -> list[matrix.Row]:
    _tell(page.HEAD)
    rows = []
    async for row in matrix.run(members=members, only=only):
        rows.append(row)
        _tell(str(row))
    return rows


async def _kills(kills: int, seed: int, members: int, workers: int) -> bool:
    _tell(f"seed {seed}")
    report = await storm.run(kills, seed=seed, members=members, workers=workers, tell=_tell)
    _tell(report.table())
    return not report.found.wrong


def main() -> None:
    given = _arguments()
    if given.reasons:
        known = page.lines_of(MATRIX_PAGE.read_text())
        MATRIX_PAGE.write_text(page.page(known, MEMBERS))
        return
    if given.matrix:
        members = given.members or MEMBERS
        rows = asyncio.run(_matrix(members, given.only))
        if given.write:
            lines = [str(row) for row in rows]
            if given.only:
                lines = page.merged(page.lines_of(given.write.read_text()), lines)
            given.write.write_text(page.page(lines, members))
        fine = bool(rows) and not any(row.found.wrong for row in rows)
    else:
        seed = random.randrange(10**6) if given.seed is None else given.seed
        fine = asyncio.run(_kills(given.kills, seed, given.members or 1200, given.workers))
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
