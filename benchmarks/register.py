"""Taking up a member list: rows a second of one core, as CSV and as Excel, new and known; and the
memory of the command and of the child that reads, with few rows and with many.

`python -m benchmarks register`, some minutes; VARSEL_BENCH_ROWS sets another number of rows than
a million. Each import runs in a process of its own: `python -m benchmarks.register FILE URL DATA`.
"""

import asyncio
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import uvloop
import xlsxwriter

from benchmarks.world import world
from services.notify.register.import_members import ImportWish, import_list
from services.notify.register.reading.read_list import read
from shared.bus import connect
from shared.settings import Settings

FEW, MANY = 10_000, int(os.environ.get("VARSEL_BENCH_ROWS", "1000000"))
HEADER = ("Fornavn", "Etternavn", "Fødselsdato", "Kjønn", "E-postadresse", "Postnummer", "Mobil")
"""As KlubbAdmin writes them."""
_Figures = dict[str, float]


def _rows(count: int) -> Iterator[tuple[str | int, ...]]:
    for n in range(count):
        yield (
            f"Åse{n % 1000}", f"Eksempel {n}", f"{n % 28 + 1:02}.0{n % 9 + 1}.1980", "Kvinne",
            f"medlem{n}@example.org", 1000 + n % 9000, f"+47 9{n % 10_000_000:07}",
        )  # fmt: skip


def _write_csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        into = csv.writer(file, delimiter=";")
        into.writerow(HEADER)
        into.writerows(_rows(count))


def _write_xlsx(path: Path, count: int) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": False}) as book:
        sheet = book.add_worksheet("Medlemmer")
        sheet.write_row(0, 0, HEADER)
        for line, row in enumerate(_rows(count), 1):
            sheet.write_row(line, 0, row)


WRITERS = {"csv": _write_csv, "xlsx": _write_xlsx}


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    with tempfile.TemporaryDirectory(prefix="vb-lists-") as folder:
        for kind, write in WRITERS.items():
            few, many = Path(folder) / f"few.{kind}", Path(folder) / f"many.{kind}"
            write(few, FEW)
            write(many, MANY)
            small = await _imported(few)
            large = await _imported(many)
            for what in ("new", "known"):
                a_core, a_second = (MANY / large[f"{what} {unit}"] for unit in ("cpu", "wall"))
                redis = large[f"{what} redis"] / MANY * 1e6
                yield (
                    f"{kind}: {MANY} {what} rows a second of a core, that of the child included",
                    f"{a_core:,.0f} ({a_second:,.0f} by the clock; Redis {redis:.0f} µs a row)",
                    "≥ 20,000",
                )
            yield (
                f"{kind}: only reading, rows a second of a core",
                f"{MANY / large['reading cpu']:,.0f}",
                "≥ 20,000",
            )
            yield (
                f"{kind}: memory of the command with {MANY} rows beside {FEW}",
                f"{large['command'] / small['command']:.2f} ({large['command']:.0f} of"
                f" {small['command']:.0f} MB)",
                "≤ 1.2",
            )
            yield (
                f"{kind}: memory of the child that reads, the same",
                f"{large['child'] / small['child']:.2f} ({large['child']:.0f} of"
                f" {small['child']:.0f} MB)",
                "≤ 1.2",
            )


async def _imported(path: Path) -> _Figures:
    """Processor seconds, seconds and megabytes of an import into an empty system, and of doing it
    again."""
    figures = {"reading cpu": (await _apart(str(path)))["cpu"]}
    async with world() as here:
        for what in ("new", "known"):
            before = await _redis_seconds(here.redis)
            found = await _apart(str(path), here.redis_url, str(here.settings.data))
            figures |= {f"{what} {name}": value for name, value in found.items()}
            figures[f"{what} redis"] = await _redis_seconds(here.redis) - before
    figures["command"] = max(figures["new command"], figures["known command"])
    figures["child"] = max(figures["new child"], figures["known child"])
    return figures


async def _redis_seconds(redis: Any) -> float:
    used = await redis.info("cpu")
    return float(used["used_cpu_user_main_thread"] + used["used_cpu_sys_main_thread"])


async def _apart(*arguments: str) -> _Figures:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.register", *arguments),
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    )
    told, _ = await process.communicate()
    assert process.returncode == 0
    found: _Figures = json.loads(told)
    return found


def _used(since: float) -> _Figures:
    mine, child = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "wall": perf_counter() - since,
        "cpu": mine.ru_utime + mine.ru_stime + child.ru_utime + child.ru_stime,
        "command": _peak_mib(),
        "child": child.ru_maxrss / 1024,
    }


def _peak_mib() -> float:
    """Of this program: what `getrusage` tells may be what the parent had when it started us."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


async def _take(path: Path, url: str, data: str) -> None:
    redis = connect(url)
    await import_list(redis, Settings(data=Path(data)), path, ImportWish("Ja", list="klubb"))
    await redis.aclose()


if __name__ == "__main__":
    file, *where = sys.argv[1:]
    began = perf_counter()
    if where:
        uvloop.run(_take(Path(file), *where))
    else:
        assert sum(1 for _ in read(Path(file)))
    print(json.dumps(_used(began)))
