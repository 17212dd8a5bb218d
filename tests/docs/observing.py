"""The two tables of docs/observing.md."""

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "observing.md"


@dataclass(frozen=True)
class Row:
    kind: frozenset[str]
    """A metric's type, or an event's levels."""
    names: frozenset[str]
    """A metric's labels, or an event's fields."""


def metrics() -> dict[str, Row]:
    return {
        name: Row(frozenset({kind}), _names(labels))
        for name, kind, labels in _rows("Metrics", (0, 1, 2))
    }


def events() -> dict[str, Row]:
    return {
        name: Row(frozenset(re.split(r", ", levels)), _names(fields))
        for name, levels, fields in _rows("Logs", (0, 1, 3))
    }


def _rows(chapter: str, columns: tuple[int, ...]) -> list[list[str]]:
    text = PAGE.read_text().split(f"\n## {chapter}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [[row[place].strip("`") if place == 0 else row[place] for place in columns]
            for row in cells]  # fmt: skip


def _names(cell: str) -> frozenset[str]:
    return frozenset(re.findall(r"`(\w+)`", cell))
