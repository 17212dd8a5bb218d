"""The pages of docs/runbook.md: one for each rule, with its commands."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "runbook.md"


def commands() -> dict[str, list[str]]:
    """By the rule's name, the lines of the blocks of its page, in their order."""
    found = {}
    for part in PAGE.read_text().split("\n## ")[1:]:
        name, _, text = part.partition("\n")
        blocks = re.findall(r"^```\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        found[name] = [line for block in blocks for line in block.splitlines()]
    return found
