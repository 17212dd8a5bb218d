"""What commands print is Norwegian time, wherever the machine stands."""

import time

import pytest

from varsel.commands.asking import clock


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo", "America/New_York"])
def test_a_time_is_printed_in_norwegian_time_and_says_so(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert clock("2027-07-01T06:00:05Z") == "01.07.2027 kl. 08:00:05 norsk tid"
    finally:
        monkeypatch.undo()
        time.tzset()
