"""`make bench`: each figure is a ratio of two things measured in the same run.

Machines differ and are noisy, so nothing here passes or fails by time. The figures in README.md
come from this command. `memory`, `million` and `register` take minutes and only run by name,
as `python -m benchmarks million`.
"""

import sys

import uvloop

from benchmarks import (
    audit,
    choices,
    corrections,
    deliveries,
    growth,
    hostile,
    joining,
    letters,
    memory,
    million,
    path,
    register,
    signing,
    speed,
    watching,
)

PARTS = {
    "path": path.measure,
    "growth": growth.measure,
    "deliveries": deliveries.measure,
    "speed": speed.measure,
    "signing": signing.measure,
    "corrections": corrections.measure,
    "choices": choices.measure,
    "watching": watching.measure,
    "audit": audit.measure,
    "hostile": hostile.measure,
    "letters": letters.measure,
    "register": register.measure,
    "joining": joining.measure,
    "memory": memory.measure,
    "million": million.measure,
}

BY_NAME = ("memory", "register", "million")
"""Those that take minutes."""


async def main(names: list[str]) -> None:
    print("| figure | value | wanted |")
    print("|---|---|---|")
    for name in names or [part for part in PARTS if part not in BY_NAME]:
        async for figure, value, wanted in PARTS[name]():
            print(f"| {figure} | {value} | {wanted} |", flush=True)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:]))
