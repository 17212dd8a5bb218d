"""When an address is believed to be gone, and when a surge is one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.bounces.codes import Reason, reason
from services.notify.bounces.marks import (
    GONE_APART,
    KEPT,
    SURGE,
    SURGE_MEMBERS,
    SURGE_OF_FEW_MEMBERS,
    AddressStanding,
    Mark,
    in_an_hour,
    is_surge,
    standing,
)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HERE = "a1b2c3d4e5f60718"


def mark(delivery: int, code: str = "5.1.1", *, days_ago: float = 1, address: str = HERE) -> Mark:
    at = int((NOW - timedelta(days=days_ago)).timestamp())
    return Mark(f"a1b2c3d4e5f6.{delivery}", at - 60, code, at, address)


def stands(*marks: Mark) -> AddressStanding:
    return standing(marks, address=HERE, now=NOW)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        *((code, Reason.GONE) for code in ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10")),
        *((code, Reason.ABOUT_US) for code in ("5.1.7", "5.1.8", "5.7.1", "5.7.26", "4.7.0")),
        *((code, Reason.ABOUT_US) for code in ("5.6.0", "5.5.2", "5.3.4", "5.2.3")),
        *((code, Reason.NOT_NOW) for code in ("4.1.1", "4.2.2", "4.4.7", "4.4.1", "4.3.2")),
        *((code, Reason.NOT_NOW) for code in ("5.0.0", "5.1.0", "5.1.4", "5.2.1", "5.2.2")),
        *((code, Reason.NOT_NOW) for code in ("5.1.11", "5.11.1", "5.4.4", "5.70.1")),
    ],
)
def test_what_a_code_says_of_an_address(code: str, says: Reason) -> None:
    assert reason(code) is says


codes = st.builds("{}.{}.{}".format, st.sampled_from("45"), st.integers(0, 9), st.integers(0, 30))


@given(code=codes)
def test_only_five_codes_say_that_an_address_is_gone(code: str) -> None:
    gone = code in {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"}
    assert (reason(code) is Reason.GONE) == gone


def test_one_delivery_marks_nobody_however_often_it_comes_back() -> None:
    assert stands(mark(1)) is AddressStanding.WELL
    assert stands(mark(1, days_ago=3), mark(1)) is AddressStanding.WELL


def test_two_deliveries_do_if_they_are_three_days_apart() -> None:
    assert stands(mark(1, days_ago=4.1), mark(2, "5.1.10")) is AddressStanding.GONE
    assert stands(mark(1, days_ago=3.9), mark(2, "5.1.10")) is AddressStanding.WELL


def test_any_number_of_deliveries_in_one_outage_do_not() -> None:
    assert stands(*(mark(n, days_ago=1 + n / 10) for n in range(20))) is AddressStanding.WELL


@given(
    tried=st.lists(st.integers(0, 3 * 86400 - 1), min_size=2, max_size=8),
    begun_before=st.integers(0, 30 * 86400),
    heard_after=st.integers(0, 30 * 86400),
)
def test_however_slow_a_delivery_or_its_notice_one_outage_of_less_than_three_days_marks_nobody(
    tried: list[int], begun_before: int, heard_after: int
) -> None:
    """A delivery may be held long before it tries, and a notice may come long after."""
    outage = int((NOW - timedelta(days=60)).timestamp())
    marks = [
        Mark(
            f"a1b2c3d4e5f6.{nth}",
            outage + at - begun_before * (nth % 2),
            "5.1.1",
            outage + at + heard_after * (nth // 2 % 2),
            HERE,
        )
        for nth, at in enumerate(tried)
    ]
    assert stands(*marks) is not AddressStanding.GONE


def test_other_codes_never_make_an_address_gone() -> None:
    assert stands(*(mark(n, "5.2.2") for n in range(30))) is AddressStanding.WELL
    assert stands(mark(1), *(mark(n, "5.0.0") for n in range(2, 30))) is AddressStanding.WELL


def test_a_series_is_three_deliveries_over_two_weeks() -> None:
    long = [mark(1, "4.2.2", days_ago=15), mark(2, "4.4.7", days_ago=7), mark(3, "5.2.1")]
    assert stands(*long) is AddressStanding.SERIES
    assert stands(*long[:2]) is AddressStanding.WELL
    assert stands(mark(1, "4.2.2", days_ago=14), *long[1:]) is AddressStanding.WELL
    assert stands(mark(1, "4.2.2", days_ago=15.1), *long[1:]) is AddressStanding.SERIES


def test_another_address_of_the_same_member_is_well() -> None:
    before = [mark(n, address="0" * 16) for n in (1, 2, 3)]
    assert stands(*before) is AddressStanding.WELL
    assert stands(*before, mark(4)) is AddressStanding.WELL
    assert stands(*before, mark(4, days_ago=9), mark(5)) is AddressStanding.GONE


def test_a_mark_is_forgotten_with_its_ledger() -> None:
    assert stands(mark(1, days_ago=KEPT.days - 0.1), mark(2)) is AddressStanding.GONE
    assert stands(mark(1, days_ago=KEPT.days + 0.1), mark(2)) is AddressStanding.WELL


marks = st.lists(
    st.builds(
        mark,
        st.integers(1, 5),
        codes,
        days_ago=st.floats(0, 500),
        address=st.sampled_from((HERE, "0" * 16)),
    ),
    max_size=12,
)


@given(marks=marks)
def test_nobody_is_gone_without_two_deliveries_that_say_so(marks: list[Mark]) -> None:
    mine = [m for m in marks if m.address == HERE and reason(m.code) is Reason.GONE]
    if stands(*marks) is AddressStanding.GONE:
        assert len({m.delivery for m in mine}) >= 2
        apart = GONE_APART.total_seconds()
        assert any(late.started - early.at >= apart for late in mine for early in mine)
    if stands(*marks) is AddressStanding.SERIES:
        assert len({m.delivery for m in marks if m.address == HERE}) >= 3


@given(mark=st.builds(mark, st.integers(1, 9), codes))
def test_a_mark_is_read_back(mark: Mark) -> None:
    assert Mark.of_text(mark.delivery, mark.as_text()) == mark


@pytest.mark.parametrize(
    ("members", "of", "is_one"),
    [(9, 30, False), (10, 40, True), (10, 100, True), (10, 101, False), (99, 1000, False),
     (100, 1000, True), (10, 0, True), (5000, 40_000, True),
     (2, 2, False), (3, 3, True), (3, 9, True), (3, 10, False), (4, 10, True), (9, 27, True)],
)  # fmt: skip
def test_a_surge_is_ten_members_and_a_tenth_of_those_mailed_or_three_and_a_third(
    members: int, of: float, is_one: bool
) -> None:
    assert is_surge(members, of=of) is is_one


@given(st.integers(0, 2000))
def test_few_are_no_surge_if_nobody_knows_of_how_many(members: int) -> None:
    assert is_surge(members, of=None) is (members >= SURGE_MEMBERS)


@given(st.integers(0, 2000), st.integers(1, 2000), st.integers(0, 2000))
def test_more_that_come_back_of_no_more_who_were_mailed_are_no_less_of_a_surge(
    members: int, more: int, of: int
) -> None:
    if is_surge(members, of=of):
        assert is_surge(members + more, of=of)
        assert members >= SURGE_OF_FEW_MEMBERS
    else:
        assert not is_surge(members, of=of + more)


@given(st.integers(0, 10**6), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_delivery_of_many_hours_mailed_a_part_of_its_members_in_one(
    mailed: int, lasted: timedelta
) -> None:
    found = in_an_hour(mailed, lasted)
    assert 0 <= found <= mailed
    if lasted <= SURGE:
        assert found == mailed
    else:
        assert found == pytest.approx(mailed * (SURGE / lasted))
