"""`make bench`: each figure is a ratio of two things measured in the same run.

Machines differ and are noisy, so nothing here passes or fails by time. The figures in README.md
come from this command. `python -m benchmarks million` takes some minutes and only runs by name.
"""

import sys

import uvloop

from benchmarks import (
    audit,
    corrections,
    deliveries,
    growth,
    hostile,
    joining,
    letters,
    million,
    path,
    speed,
    watching,
)

PARTS = {
    "path": path.measure,
    "growth": growth.measure,
    "deliveries": deliveries.measure,
    "speed": speed.measure,
    "corrections": corrections.measure,
    "watching": watching.measure,
    "audit": audit.measure,
    "hostile": hostile.measure,
    "letters": letters.measure,
    "joining": joining.measure,
    "million": million.measure,
}


async def main(names: list[str]) -> None:
    print("| figure | value | wanted |")
    print("|---|---|---|")
    for name in names or [part for part in PARTS if part != "million"]:
        async for figure, value, wanted in PARTS[name]():
            print(f"| {figure} | {value} | {wanted} |", flush=True)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:]))
