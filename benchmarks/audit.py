"""What proving an audit trail costs: entries per second of the very code of `varsel audit verify`,
from a file, beside hashing the same bytes and nothing else; and how its memory grows."""

import asyncio
import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

from services.ingest.audit.entries import Head, TrailAction, TrailEntry, Verified, verify

ENTRIES = 200_000
RUNS = 3


def _write(file: Path, count: int) -> None:
    """A trail such as a system writes."""
    head, now = Head(), datetime.now(UTC)
    with file.open("wb") as target:
        for number in range(count):
            action = TrailAction(
                "Kari Eksempel", "approved", f"a1b2c3d4e5{number % 1000:03}", number % 9,
                hashlib.sha256(b"%d" % number).hexdigest(), {"status": "approved", "of": 2},
            )  # fmt: skip
            entry = TrailEntry.after(head, action, now)
            target.write(entry.line + b"\n")
            head = entry.head


def _verify(file: Path) -> None:
    with file.open("rb") as lines:
        assert isinstance(verify(line.removesuffix(b"\n") for line in lines), Verified)


def _hash(file: Path) -> None:
    with file.open("rb") as lines:
        for line in lines:
            hashlib.sha256(line).hexdigest()


def _best(work: Callable[[Path], None], file: Path) -> float:
    """Seconds of the fastest of some runs."""
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work(file)
        times.append(time.perf_counter() - began)
    return min(times)


def _memory(file: Path) -> int:
    """Bytes that a process of its own had at most while it verified."""
    code = "import sys, pathlib; from benchmarks.audit import peak; print(peak(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def peak(name: str) -> int:
    """Bytes that this process has had at most, once it has verified the file."""
    _verify(Path(name))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _figures() -> list[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory(prefix="varsel-") as folder:
        few, many = Path(folder) / "few", Path(folder) / "many"
        _write(few, ENTRIES // 100)
        _write(many, ENTRIES)
        ours, plain = _best(_verify, many), _best(_hash, many)
        grown = _memory(many) / _memory(few)
    return [
        ("entries of the audit trail verified per second", f"{ENTRIES / ours:,.0f}", "≥ 50,000"),
        ("verifying beside hashing the same bytes", f"{ours / plain:.1f}", "≤ 20"),
        ("memory with 100 times the entries", f"{grown:.2f}", "≤ 1.1"),
    ]


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    for figure in await asyncio.to_thread(_figures):
        yield figure
