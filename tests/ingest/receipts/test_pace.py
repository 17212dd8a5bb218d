"""How fast a delivery goes, and how long it takes still."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.receipts.pace import (
    KEPT,
    WINDOW_SECONDS,
    Sample,
    rate,
    read,
    seconds_left,
    with_next,
    written,
)

START = datetime(2026, 11, 28, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def told(*points: tuple[float, int]) -> list[Sample]:
    """The samples after these statuses: seconds, and how many are settled."""
    samples: list[Sample] = []
    for seconds, settled in points:
        samples = with_next(samples, after(seconds), settled)
    return samples


def test_it_is_what_the_last_half_minute_says() -> None:
    slow = [(float(second), second) for second in range(60)]
    fast = [(60.0 + second, 60 + 100 * second) for second in range(40)]
    assert rate(told(*slow, *fast), after(99)) == pytest.approx(100)
    assert seconds_left(told(*slow, *fast), after(99), 1000) == pytest.approx(10)


def test_nothing_is_said_from_one_status_or_after_a_silence_or_while_it_stands_still() -> None:
    assert rate(told((0, 5)), after(0)) == 0
    assert rate(told((0, 5), (1, 10)), after(2)) == 5
    assert rate(told((0, 5), (1, 10)), after(100)) == 0
    assert seconds_left(told((0, 5), (1, 5)), after(2), 10) is None


def test_a_pause_is_not_counted_in_nor_what_was_before_failures_are_tried_again() -> None:
    assert len(told((0, 0), (1, 10), (500, 11))) == 1
    assert told((0, 0), (1, 10), (2, 8))[-1].settled == 8
    assert [one.settled for one in told((0, 0), (1, 10), (2, 8))] == [0, 8]


points = st.lists(st.tuples(st.floats(0, 200), st.integers(0, 1000)), max_size=40)


@given(points, st.floats(0, 300), st.integers(0, 1000))
def test_it_is_never_negative_and_few_are_kept_whatever_comes(
    statuses: list[tuple[float, int]], now: float, open_: int
) -> None:
    samples = told(*statuses)
    assert len(samples) <= KEPT
    assert read(written(samples)) == samples
    assert rate(samples, after(now)) >= 0
    left = seconds_left(samples, after(now), open_)
    assert left is None or left >= 0
    if samples:
        ages = [samples[-1].at_ms - one.at_ms for one in samples]
        assert ages == sorted(ages, reverse=True)
        assert max(ages) <= WINDOW_SECONDS * 1000
