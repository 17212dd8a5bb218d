"""docs/privacy.md tells of every key in Redis. What a real system has is looked at by
tests/system/test_privacy.py."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.docs.privacy import head, how_long, matching, patterns
from varsel.backup.keep import DAILY, MONTHLY, WEEKLY, kept

REPO = Path(__file__).parents[2]
KEY = re.compile(r"""["']((?:ingest|render|notify):[^"'\s]*)["']""")
"""A key, or the beginning of one, as code writes it."""


def keys_in_code() -> dict[str, str]:
    """The beginning of each key that the code names: the file that does."""
    return {
        key.partition("{")[0].rstrip(":"): str(file.relative_to(REPO))
        for folder in ("services", "shared")
        for file in sorted((REPO / folder).rglob("*"))
        if file.suffix in (".py", ".lua")
        for key in KEY.findall(file.read_text())
    }


def test_every_key_that_the_code_names_is_on_the_privacy_page() -> None:
    found = keys_in_code()
    assert len(found) > 30
    told = {head(pattern) for pattern in patterns()}
    assert {key: file for key, file in found.items() if key not in told} == {}


def test_the_privacy_page_names_no_key_that_the_code_has_not() -> None:
    own = [p for p in patterns() if p.startswith(("ingest:", "render:", "notify:"))]
    assert {head(pattern) for pattern in own} - keys_in_code().keys() == set()


def test_each_key_has_one_row() -> None:
    assert [pattern for pattern, rows in Counter(patterns()).items() if rows > 1] == []
    assert matching("notify:inbox:last") == ["notify:inbox:last"]
    assert matching("notify:lease:a1b2c3d4e5f6.1:0") == ["notify:lease:{delivery}:{chunk}"]
    assert matching("notify:nobody:knows") == []


def test_the_times_of_a_row_are_read() -> None:
    hour = 60 * 60
    assert how_long("notify:session:{hash}") == [hour, 12 * hour]
    assert how_long("notify:ticket:{hash}") == [48 * hour, 7 * 24 * hour]
    assert how_long("articles") == []
    assert sum(bool(how_long(pattern)) for pattern in patterns()) > 35


def test_how_long_the_erased_stand_in_backups_is_said_as_the_code_keeps_them() -> None:
    """Everywhere that says it: to the association, the operator, and whoever erases themselves."""
    start, there = datetime(2024, 1, 1, 3, tzinfo=UTC), set[datetime]()
    oldest = timedelta(0)
    for night in range(3 * 366):
        there = kept(there | {start + timedelta(days=night)})
        oldest = max(oldest, max(there) - min(there))
    assert timedelta(days=300) < oldest < timedelta(days=366), "about a year"
    privacy = (REPO / "docs" / "privacy.md").read_text()
    chapter = " ".join(privacy.split("\n## Sikkerhetskopier\n")[1].split("\n## ")[0].split())
    assert f"{DAILY} daglige, {WEEKLY} ukentlige og {MONTHLY} månedlige" in chapter
    operator = " ".join((REPO / "docs" / "operator.md").read_text().split())
    assert f"{DAILY} daily, {WEEKLY} weekly and {MONTHLY} monthly" in operator
    assert "Who was erased is in the copies for about a year" in operator
    page = REPO / "services" / "ingest" / "identity" / "privacy.txt"
    members = REPO / "services" / "notify" / "member_pages" / "templates" / "erased.html"
    said = {
        "privacy.md": privacy,
        "erased.html": members.read_text(),
        "privacy.txt": page.read_text(),
        "en.po": (REPO / "shared" / "languages" / "en.po").read_text(),
    }
    for name, text in said.items():
        year = "about a year" if name == "en.po" else "omtrent et år"
        assert year in " ".join(text.replace('"\n"', "").split()), name
    for line in privacy.splitlines():
        if re.search(r"kopi", line, re.IGNORECASE) and not line.startswith("| `"):
            assert not re.search(r"\d+ dager", line), line
