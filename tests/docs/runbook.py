"""The pages of docs/runbook.md, one for each rule, and of what the guard rings for in
docs/guard.md, with their commands."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "runbook.md"
GUARD = PAGE.with_name("guard.md")


def commands() -> dict[str, list[str]]:
    """By the rule's name, the lines of the blocks of its page, in their order."""
    return _commands(PAGE.read_text(), "\n## ")


def commands_of_the_guard() -> dict[str, list[str]]:
    """The same, by what the guard rings for."""
    _, _, pages = GUARD.read_text().partition("\n## When it rings\n")
    return _commands(pages.partition("\n## ")[0], "\n### ")


def _commands(pages: str, heading: str) -> dict[str, list[str]]:
    found = {}
    for part in pages.split(heading)[1:]:
        name, _, text = part.partition("\n")
        blocks = re.findall(r"^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        found[name] = [line for block in blocks for line in block.splitlines()]
    return found
