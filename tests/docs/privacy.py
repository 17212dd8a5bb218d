"""The table of Redis's keys in docs/privacy.md."""

import re
from pathlib import Path
from typing import NamedTuple

from redis.asyncio import Redis

PAGE = Path(__file__).parents[2] / "docs" / "privacy.md"
_PLACE = re.compile(r"\{\w+\}")
"""What stands for the part by which keys of one kind differ."""


class PrivacyRow(NamedTuple):
    """A row of the table."""

    pattern: str
    """As `notify:lease:{delivery}:{chunk}`."""
    holds: str
    about: str
    """Whom it is about."""
    how_long: str


def rows() -> list[PrivacyRow]:
    """The whole table."""
    chapter = PAGE.read_text().split("\n## Alt som står i databasen\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| `([^`]+)` \| (.+) \| (.+) \| (.+) \|$", chapter, re.MULTILINE)
    return [PrivacyRow(*cells) for cells in found]


def patterns() -> list[str]:
    """The keys as the table writes them."""
    return [row.pattern for row in rows()]


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


_NUMBERS = {"et": 1, "en": 1, "én": 1, "to": 2, "ti": 10, "tolv": 12}
_SECONDS = {
    "sekund": 1,
    "minutt": 60,
    "kvarter": 15 * 60,
    "time": 60 * 60,
    "døgn": 24 * 60 * 60,
    "dag": 24 * 60 * 60,
    "uke": 7 * 24 * 60 * 60,
}
_TERM = re.compile(rf"(?<!minst )\b(\d+|{'|'.join(_NUMBERS)}) ({'|'.join(_SECONDS)})")


def how_long(pattern: str) -> list[int]:
    """The times that the row with this pattern says under «hvor lenge», in seconds, as 172800 for
    «høyst 48 timer»; none of «minst», which is no end."""
    [row] = [row for row in rows() if row.pattern == pattern]
    return [
        (_NUMBERS.get(number) or int(number)) * _SECONDS[unit]
        for number, unit in _TERM.findall(row.how_long)
    ]


async def kept_as_said(redis: Redis, pattern: str) -> bool:
    """Whether there are keys of the row with this pattern, and Redis ends each within what the row
    says, or, where it says no time, not at all."""
    terms = how_long(pattern)
    lives = [await redis.pttl(key) async for key in redis.scan_iter(_PLACE.sub("*", pattern))]
    return bool(lives) and all(
        any(0.5 * term < life / 1000 <= term for term in terms) if terms else life == -1
        for life in lives
    )
