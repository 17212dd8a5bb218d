"""When an address is believed to be gone, and when a surge is one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.bounces.codes import Reason, reason
from services.notify.bounces.marks import KEPT, AddressStanding, Mark, is_surge, standing

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


def test_two_deliveries_do() -> None:
    assert stands(mark(1), mark(2, "5.1.10")) is AddressStanding.GONE


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
    assert stands(*before, mark(4), mark(5)) is AddressStanding.GONE


def test_a_mark_is_forgotten_with_its_ledger() -> None:
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
    mine = {m.delivery for m in marks if m.address == HERE and reason(m.code) is Reason.GONE}
    if stands(*marks) is AddressStanding.GONE:
        assert len(mine) >= 2
    if stands(*marks) is AddressStanding.SERIES:
        assert len({m.delivery for m in marks if m.address == HERE}) >= 3


@given(mark=st.builds(mark, st.integers(1, 9), codes))
def test_a_mark_is_read_back(mark: Mark) -> None:
    assert Mark.of_text(mark.delivery, mark.as_text()) == mark


@pytest.mark.parametrize(
    ("members", "of", "is_one"),
    [(9, 9, False), (10, 10, True), (10, 100, True), (10, 101, False), (99, 1000, False),
     (100, 1000, True), (10, 0, True), (5000, 40_000, True)],
)  # fmt: skip
def test_a_surge_is_ten_members_and_a_tenth_of_the_domain(
    members: int, of: float, is_one: bool
) -> None:
    assert is_surge(members, of=of) is is_one
