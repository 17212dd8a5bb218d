"""`make bench`: each figure is a ratio of two things measured in the same run.

Machines differ and are noisy, so nothing here passes or fails by time. The figures in README.md
come from this command. Those in BY_NAME take minutes and only run by name, as `python -m benchmarks
million`.
"""

import sys

import uvloop

from benchmarks import (
    audit,
    backing_up,
    choices,
    corrections,
    deliveries,
    growth,
    guarding,
    hostile,
    joining,
    letters,
    memory,
    million,
    newsroom,
    path,
    power_cut,
    rebuild,
    register,
    restoring,
    searching,
    signing,
    speed,
    watching,
    whose_address,
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
    "newsroom": newsroom.measure,
    "register": register.measure,
    "joining": joining.measure,
    "whose_address": whose_address.measure,
    "memory": memory.measure,
    "searching": searching.measure,
    "rebuild": rebuild.measure,
    "million": million.measure,
    "backing_up": backing_up.measure,
    "restoring": restoring.measure,
    "power_cut": power_cut.measure,
    "guarding": guarding.measure,
}

BY_NAME = (
    *("memory", "register", "million", "searching", "rebuild"),
    *("backing_up", "restoring", "power_cut", "guarding"),
)
"""Those that take minutes."""


async def main(names: list[str]) -> None:
    print("| figure | value | wanted |")
    print("|---|---|---|")
    for name in names or [part for part in PARTS if part not in BY_NAME]:
        async for figure, value, wanted in PARTS[name]():
            print(f"| {figure} | {value} | {wanted} |", flush=True)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:]))
