"""The table of Redis's keys in docs/privacy.md."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
_PLACE = re.compile(r"\{\w+\}")
"""What stands for the part by which keys of one kind differ."""


def patterns() -> list[str]:
    """The keys as the table writes them, as `notify:lease:{delivery}:{chunk}`."""
    chapter = PAGE.read_text().split("\n## Alt som står i databasen\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", chapter, re.MULTILINE)


def matching(key: str) -> list[str]:
    """The rows that tell of `key`; one that names it whole is the only one."""
    if key in patterns():
        return [key]
    return [pattern for pattern in patterns() if _regex(pattern).fullmatch(key)]


def head(pattern: str) -> str:
    """What comes before the first part by which keys differ, without a colon at its end."""
    return _PLACE.split(pattern)[0].rstrip(":")


def _regex(pattern: str) -> re.Pattern[str]:
    fixed = _PLACE.split(pattern)
    return re.compile("[^:]+".join(map(re.escape, fixed)))
