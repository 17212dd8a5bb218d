"""What may be asked of a delivery, and by whom."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.deliveries.wish import may, next_sequence, possible
from services.ingest.people.person import ROLES
from shared.event_data import DeliveryCommand
from tests.ingest.statuses import status

COMMANDS = get_args(DeliveryCommand)
START = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stands", "expected"),
    [
        ({}, {"hold", "cancel"}),
        ({"failed": 1, "open": 9}, {"hold", "cancel", "again"}),
        ({"state": "paused", "cause": "operator"}, {"resume", "cancel"}),
        ({"state": "paused", "cause": "stale"}, {"resume", "cancel"}),
        ({"state": "paused", "cause": "unsafe"}, {"resume", "cancel"}),
        # These pass by themselves; a person may want that they do not.
        ({"state": "paused", "cause": "page_wrong 404"}, {"resume", "hold", "cancel"}),
        ({"state": "paused", "cause": "rcpt 5.7.1 550"}, {"resume", "hold", "cancel"}),
        ({"state": "complete", "open": 0, "suppressed": 10}, set()),
        ({"state": "complete", "open": 0, "failed": 2, "suppressed": 8}, {"again"}),
        ({"state": "complete", "cause": "cancelled", "failed": 2, "open": 0}, set()),
        ({"state": "complete", "cause": "superseded", "failed": 2, "open": 0}, set()),
        ({"cause": "cancelled"}, set()),
    ],
)  # fmt: skip
def test_what_makes_sense_is_offered_and_nothing_else(
    stands: dict[str, object], expected: set[str]
) -> None:
    found = possible(status("a1b2c3d4e5f6", 1, 0, **stands))
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_anybody_of_the_staff_may_hold_mail_back_and_whoever_approves_may_do_the_rest() -> None:
    for role in ROLES:
        for command in COMMANDS:
            allowed = command == "hold" or role in ("approver", "admin")
            assert may(role, command, approvals=1) == allowed
            assert may(role, command, approvals=0)


@given(st.lists(st.integers(-3_600_000, 3_600_000), min_size=1, max_size=20))
def test_numbers_grow_whatever_the_clock_does(steps: list[int]) -> None:
    """In milliseconds from one wish to the next."""
    now, last, given_ = START, 0, []
    for ms in steps:
        now += timedelta(milliseconds=ms)
        last = next_sequence(last, now)
        given_.append(last)
    assert given_ == sorted(set(given_))


@given(st.integers(0, 3_600_000), st.integers(1, 3_600_000))
def test_a_redis_that_is_put_back_gives_no_number_twice(before_ms: int, after_ms: int) -> None:
    """The copy knows of fewer wishes, but the clock went on."""
    lost = next_sequence(0, START + timedelta(milliseconds=before_ms))
    later = START + timedelta(milliseconds=before_ms + after_ms)
    assert next_sequence(0, later) > lost
