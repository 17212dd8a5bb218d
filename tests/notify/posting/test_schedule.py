from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notify.posting.schedule import DELIVERED, GIVEN_UP, PAUSES, Verdict, judge

NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
ATTEMPTS = st.integers(1, 9)
CHANCES = st.floats(0, 1)
FAILURES = st.none() | st.integers(100, 599).filter(lambda s: not 200 <= s < 300 and s != 410)


ROWS = [
    (1, 5), (2, 5 * 60), (3, 30 * 60), (4, 2 * 3600), (5, 5 * 3600), (6, 10 * 3600),
    (7, 14 * 3600), (8, 20 * 3600), (9, 24 * 3600),
]  # fmt: skip


def after(attempt: int, status: int | None, retry_after: str | None = None) -> Verdict:
    return judge(attempt, status, retry_after, now=NOW, chance=0.5)


@given(st.integers(1, 20), st.integers(200, 299), CHANCES)
@example(1, 200, 0.5)
@example(1, 299, 0.5)
def test_every_2xx_is_a_delivery(attempt: int, status: int, chance: float) -> None:
    assert judge(attempt, status, "60", now=NOW, chance=chance) == DELIVERED


@given(ATTEMPTS)
def test_a_follower_that_is_gone_is_given_up_at_once(attempt: int) -> None:
    assert after(attempt, 410) == GIVEN_UP


@pytest.mark.parametrize(("attempt", "pause"), ROWS)
def test_the_pauses_are_those_of_standard_webhooks(attempt: int, pause: float) -> None:
    assert after(attempt, 500).pause == pause


@given(ATTEMPTS, FAILURES, CHANCES)
def test_the_next_attempt_comes_within_a_fifth_of_its_time(
    attempt: int, status: int | None, chance: float
) -> None:
    verdict = judge(attempt, status, None, now=NOW, chance=chance)
    assert not verdict.delivered
    assert verdict.pause == pytest.approx(PAUSES[attempt - 1], rel=0.2001)


@given(FAILURES)
def test_the_tenth_failure_is_the_last(status: int | None) -> None:
    assert after(9, status).pause is not None
    assert after(10, status) == GIVEN_UP


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_a_failure(status: int) -> None:
    assert after(1, status, "3600") == Verdict(delivered=False, pause=5)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_throttling_follower_says_when(status: int) -> None:
    assert after(1, status, "120").pause == 120
    assert after(1, status, format_datetime(NOW + timedelta(minutes=10), usegmt=True)).pause == 600


def test_retry_after_neither_hurries_us_nor_holds_us_for_more_than_a_day() -> None:
    assert after(3, 503, "0").pause == PAUSES[2]
    assert after(1, 503, "9" * 40).pause == 24 * 3600
    assert after(1, 503, "Fri, 31 Dec 9999 23:59:59 GMT").pause == 24 * 3600
    assert after(1, 500, "120").pause == PAUSES[0]


@pytest.mark.parametrize(
    "date",
    [
        "Tue, 01 Sep 2026 11:00:00 GMT",
        "Tuesday, 01-Sep-26 11:00:00 GMT",
        "Tue Sep  1 11:00:00 2026",
    ],
)
def test_all_three_forms_of_an_http_date_are_read(date: str) -> None:
    assert after(1, 503, date).pause == 3600


def test_a_date_that_is_past_asks_for_nothing() -> None:
    assert after(1, 503, "Tue, 01 Sep 2026 09:00:00 GMT").pause == PAUSES[0]


@given(st.text() | st.from_regex(r"[0-9:+, -]+|[A-Z][a-z]{2}, [0-9 A-Za-z:+-]+"))
def test_nonsense_in_retry_after_is_passed_over(text: str) -> None:
    verdict = after(1, 429, text)
    assert verdict.pause is not None
    assert PAUSES[0] <= verdict.pause <= 24 * 3600
