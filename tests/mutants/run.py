"""Tries mutants: a copy of the tree gets the fault, and the tests that must find it run there."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.mutant import ROOT, Mutant

LIMIT_SECONDS = 240
"""For the tests of one mutant: whatever takes longer, hangs."""
BASE_LIMIT_SECONDS = 3600
"""For the tests of all of them, without a fault."""
COPIED = ("services", "shared", "varsel", "tests", "docs", "benchmarks", "deploy")
_LEFT = shutil.ignore_patterns("__pycache__", "node_modules", ".*")
_times = count(1)


@dataclass(frozen=True)
class Tried:
    mutant: Mutant
    by: str
    """`assertion`, which is right; `late` or `error` if no test gave anything better; `hung`;
    `alive` if every test passed."""
    test: str = ""
    """The test that found it."""

    @property
    def is_killed(self) -> bool:
        return self.by == "assertion"


@contextmanager
def copies(number: int) -> Iterator[SimpleQueue[Path]]:
    """So many copies of the tree, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="vm-") as folder:
        free: SimpleQueue[Path] = SimpleQueue()
        for place in range(number):
            tree = Path(folder) / str(place)
            for part in COPIED:
                if (ROOT / part).is_dir():
                    shutil.copytree(ROOT / part, tree / part, ignore=_LEFT, symlinks=True)
            for file in ROOT.iterdir():
                if file.is_file() and not file.name.startswith(".git"):
                    shutil.copy2(file, tree)
            free.put(tree)
        yield free


def run_tests(
    tree: Path, tests: Iterable[str], *, limit: float = LIMIT_SECONDS
) -> tuple[int | None, list[str]]:
    """Run the tests in the tree, for at most `limit` seconds: pytest's code, None if it had to be
    ended; and the verdicts."""
    with tempfile.NamedTemporaryFile("r", prefix="vm-", suffix=".txt") as verdicts:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "pytest", "-q", "--no-header", "--tb=no", "--maxfail=5"),
                *("-p", "tests.mutants.verdict", "-p", "no:cacheprovider", *tests),
            ],
            cwd=tree,
            env={
                **os.environ,
                **{"PYTHONPATH": str(tree), "VARSEL_VERDICTS": verdicts.name},
                "VARSEL_EXAMPLES": "1",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            code = process.wait(limit)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        return code, verdicts.read().splitlines()


def attempt(tree: Path, mutant: Mutant) -> Tried:
    """Put the fault into the tree, run its tests, and take it out again."""
    file = tree / mutant.file
    before = mutant.apply(tree)
    # Python tells a changed file by its size and whole seconds; two mutants may agree in both.
    stamp = int(file.stat().st_mtime) + next(_times)
    os.utime(file, (stamp, stamp))
    try:
        code, verdicts = run_tests(tree, mutant.tests)
    finally:
        file.write_text(before)
        stamp += next(_times)
        os.utime(file, (stamp, stamp))
    for by in ("assertion", "error", "late"):
        for verdict in verdicts:
            if verdict.startswith(f"{by} "):
                return Tried(mutant, by, verdict.removeprefix(f"{by} "))
    return Tried(mutant, {0: "alive", None: "hung"}.get(code, "error"))


def try_all(mutants: Iterable[Mutant], *, workers: int = 2) -> Iterator[Tried]:
    """Try each, the results as they come.

    Raises RuntimeError if a test of theirs is red without any fault: it would find whatever it
    meets.
    """
    mutants = list(mutants)
    with copies(workers) as free, ThreadPoolExecutor(workers) as pool:
        tree = free.get()
        tests = sorted({test for mutant in mutants for test in mutant.tests})
        code, verdicts = run_tests(tree, tests, limit=BASE_LIMIT_SECONDS)
        if code != 0:
            raise RuntimeError(f"red without a fault (pytest's code {code}): {verdicts}")
        free.put(tree)

        def one(mutant: Mutant) -> Tried:
            tree = free.get()
            try:
                return attempt(tree, mutant)
            finally:
                free.put(tree)

        yield from pool.map(one, mutants)
