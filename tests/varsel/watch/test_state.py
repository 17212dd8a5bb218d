"""What several looks tell together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.varsel.watch.looks import NOW, consumer, delivery, group, well, with_stream
from varsel.watch.state import GONE, WINDOW, Look, delivery_rate, keep, seconds_left, stream_rate
from varsel.watch.text import count, short, span

steps = st.lists(
    st.tuples(st.floats(0.5, 4), st.integers(0, 500)), min_size=1, max_size=30
)  # seconds and events since the look before


def _looks(steps: list[tuple[float, int]]) -> list[Look]:
    at, events = NOW, 0
    looks = []
    for seconds, more in steps:
        at, events = at + seconds, events + more
        state = with_stream(
            well(at, delivery(audience=50_000, open=50_000 - events)),
            "pages",
            groups=(group("notify", read=events // 2, lag=events - events // 2),),
        )
        looks.append(state)
    return looks


@settings(max_examples=examples(50))
@given(steps=steps)
def test_a_rate_is_what_came_during_the_last_ten_seconds(steps: list[tuple[float, int]]) -> None:
    looks = _looks(steps)
    kept: list[Look] = []
    for look in looks:
        kept = keep(kept, look)
    lately = [look for look in looks if looks[-1].at - look.at <= WINDOW]
    rates = (stream_rate(kept, "pages"), delivery_rate(kept, "a1b2c3d4e5f6.1"))
    if len(lately) == 1:
        assert rates == (None, None)
        return
    came = sum(more for _, more in steps[len(steps) - len(lately) + 1 :])
    assert rates == pytest.approx([came / (lately[-1].at - lately[0].at)] * 2)


def test_a_delivery_has_a_rate_from_its_second_look_on() -> None:
    looks = [well(), well(NOW + 4, delivery(open=600)), well(NOW + 5, delivery(open=550))]
    assert delivery_rate(looks, "a1b2c3d4e5f6.1") == 50
    assert delivery_rate(looks[:2], "a1b2c3d4e5f6.1") is None


def test_a_stream_whose_groups_cannot_tell_has_the_rate_of_its_length() -> None:
    unread = (group("notify", read=None, lag=7),)
    looks = [
        with_stream(well(NOW), "pages", length=10, groups=unread),
        with_stream(well(NOW + 2), "pages", length=16, groups=unread),
    ]
    assert stream_rate(looks, "pages") == 3


def test_a_trim_is_no_negative_rate() -> None:
    looks = [
        with_stream(well(NOW + n), "pages", length=length, groups=())
        for n, length in enumerate((5000, 1000))
    ]
    assert stream_rate(looks, "pages") == 0


@settings(max_examples=examples(50))
@given(times=st.lists(st.integers(-30, 30), min_size=1, max_size=40))
def test_looks_are_kept_in_order_and_for_ten_seconds(times: list[int]) -> None:
    """Also where the server's clock is set back."""
    looks: list[Look] = []
    for at in times:
        looks = keep(looks, well(NOW + at))
        kept = [look.at for look in looks]
        assert kept[-1] == NOW + at
        assert kept == sorted(set(kept))
        assert kept[-1] - kept[0] <= WINDOW


@settings(max_examples=examples(50))
@given(still_open=st.integers(0, 10**6), rate=st.none() | st.just(0.0) | st.floats(0.01, 10**4))
def test_time_left_is_open_through_rate_and_unknown_where_nothing_moves(
    still_open: int, rate: float | None
) -> None:
    left = seconds_left(still_open, rate)
    if not rate:
        assert left is None
    else:
        assert left is not None
        assert left * rate == pytest.approx(still_open)


def test_a_consumer_is_gone_after_half_a_minute() -> None:
    here, gone = consumer("a", idle=GONE), consumer("b", idle=GONE + 1)
    found = group("notify", consumers=(here, gone))
    assert (found.alive, found.gone) == (1, [gone])


@settings(max_examples=examples(50))
@given(value=st.integers(0, 10**9))
def test_a_count_keeps_its_digits_below_a_million_and_is_short_from_there(value: int) -> None:
    text = count(value)
    assert len(text) <= 10
    if value < 1_000_000:
        assert int(text.replace("\u00a0", "")) == value


def test_times_and_numbers_as_people_write_them() -> None:
    spans = [span(s) for s in (0, 59.9, 60, 3599, 3600, 86400, 3 * 86400)]
    assert " ".join(spans).replace("\u00a0", "") == "0s 59s 1min 59min 1t 24t 3d"
    assert [short(v) for v in (0, 0.01, 0.25, 9.94, 9.96, 1234.5)] == [
        "0", "0,1", "0,2", "9,9", "10", "1\u00a0234",
    ]  # fmt: skip
    assert (count(None), span(None)) == ("–", "–")
