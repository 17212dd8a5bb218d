"""Of a folder's backups 7 daily, 4 weekly and 12 monthly ones are kept; nothing else is touched."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from varsel.backup.keep import DAILY, MONTHLY, WEEKLY, kept, name_of, remove_old, taken

START = datetime(2024, 1, 1, 3, tzinfo=UTC)
TIMES = st.sets(st.integers(0, 26_000).map(lambda hours: START + timedelta(hours=hours)))


@given(TIMES)
def test_the_newest_of_each_of_the_last_days_weeks_and_months_is_kept(times: set[datetime]) -> None:
    found = kept(times)
    assert found <= times
    assert len(found) <= DAILY + WEEKLY + MONTHLY
    if times:
        assert max(times) in found
    assert kept(found) == found, "what was kept is kept when it is looked at again"
    for period, most in (("%Y-%j", DAILY), ("%G-%V", WEEKLY), ("%Y-%m", MONTHLY)):
        last = sorted({at.strftime(period) for at in times}, reverse=True)[:most]
        for one in last:
            assert max(at for at in times if at.strftime(period) == one) in found


def test_a_backup_each_night_for_two_years_leaves_days_weeks_and_a_year_of_months() -> None:
    there: set[datetime] = set()
    for night in range(2 * 366):
        there = kept(there | {START + timedelta(days=night)})
    now = max(there)
    ages = sorted((now - at).days for at in there)
    assert ages[:7] == [*range(7)]
    assert 300 < ages[-1] < 366
    assert len(there) <= DAILY + WEEKLY + MONTHLY


def test_only_our_own_files_are_removed(tmp_path: Path) -> None:
    for night in range(40):
        path = tmp_path / name_of(START + timedelta(days=night))
        path.touch()
        path.with_name(f"{path.name}.sha256").touch()
    others = ["kopi.age", "varsel-2024-01-01.age", "identitet.txt", "varsel-x.age.sha256"]
    for name in others:
        (tmp_path / name).touch()
    every = taken(tmp_path)
    old = remove_old(tmp_path)
    assert {at for at, path in every.items() if path not in old} == kept(every)
    left = {path.name for path in tmp_path.iterdir()}
    assert left >= set(others)
    ours = {path.name for path in taken(tmp_path).values()}
    assert left == ours | {f"{name}.sha256" for name in ours} | set(others)
