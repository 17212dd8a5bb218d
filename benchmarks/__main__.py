"""`make bench`: each figure is a ratio of two things measured in the same run.

Machines differ and are noisy, so nothing here passes or fails by time. The figures in README.md
come from this command. Those in BY_NAME take minutes and only run by name, as `python -m benchmarks
million`. A number behind a name is how many, where that part takes one: `ten-million 100000`.
"""

import sys
from collections.abc import AsyncIterator, Callable

import uvloop

from benchmarks import (
    audit,
    backing_up,
    choices,
    corrections,
    deliveries,
    failover,
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
    ten_million,
    watching,
    whole,
    whose_address,
)

PARTS: dict[str, Callable[..., AsyncIterator[tuple[str, str, str]]]] = {
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
    "whole": whole.measure,
    "whose_address": whose_address.measure,
    "memory": memory.measure,
    "searching": searching.measure,
    "rebuild": rebuild.measure,
    "million": million.measure,
    "ten-million": ten_million.measure,
    "backing_up": backing_up.measure,
    "restoring": restoring.measure,
    "power_cut": power_cut.measure,
    "guarding": guarding.measure,
    "failover": failover.measure,
}

BY_NAME = (
    *("memory", "register", "million", "ten-million", "searching", "rebuild", "whole"),
    *("backing_up", "restoring", "power_cut", "guarding", "failover"),
)
"""Those that take minutes."""


async def main(names: list[str]) -> None:
    print("| figure | value | wanted |")
    print("|---|---|---|")
    for name, *count in _asked(names) or [[part] for part in PARTS if part not in BY_NAME]:
        async for figure, value, wanted in PARTS[name](*map(int, count)):
            print(f"| {figure} | {value} | {wanted} |", flush=True)


def _asked(words: list[str]) -> list[list[str]]:
    """Each name, with the number behind it if there is one."""
    found: list[list[str]] = []
    for word in words:
        if word.isdecimal():
            found[-1].append(word)
        else:
            found.append([word])
    return found


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1:]))
