"""Days and times are those of Norway, and what nobody can mean is told."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.ingest.problems import Problem
from services.ingest.reading import submission
from services.ingest.reading.lint import warnings
from services.ingest.reading.submission import Resubmission, Submitted
from shared.oslo import oslo_today
from tests import make


def read(article: Any, **overrides: Any) -> Submitted:
    fields = article.model_dump(mode="json") | overrides
    return submission.read("application/json", json.dumps(fields).encode())


def refusal(article: Any, **overrides: Any) -> tuple[str, str]:
    with pytest.raises(Problem) as caught:
        read(article, **overrides)
    (error,) = caught.value.errors
    return error.field, error.message


def alert_until(days: int) -> dict[str, Any]:
    day = oslo_today() + timedelta(days=days)
    return make.alert_fields() | {"review_by": day.isoformat()}


def test_a_last_day_that_is_past_is_refused() -> None:
    field, message = refusal(make.alert(), alert=alert_until(-1))
    assert field == "alert.review_by"
    assert message.startswith("dagen er passert")
    assert read(make.alert(), alert=alert_until(0)).warnings == ()


def test_an_alert_that_is_older_than_its_last_day_can_still_be_corrected() -> None:
    article = make.alert(alert=alert_until(-1))
    raw = json.dumps(article.model_dump(mode="json")).encode()
    submission.read("application/json", raw, Resubmission, earlier=article.body)
    assert [one.field for one in warnings(article)] == ["alert.review_by"]


@pytest.mark.parametrize(
    ("written", "season", "clocks"),
    [
        (
            "2027-07-01T08:00+01:00",
            "sommertid",
            ("2027-07-01T08:00+02:00", "2027-07-01T09:00+02:00"),
        ),
        (
            "2027-01-15T08:00+02:00",
            "vintertid",
            ("2027-01-15T08:00+01:00", "2027-01-15T07:00+01:00"),
        ),
    ],
)
def test_a_time_of_the_wrong_season_is_refused_with_both_ways_out(
    written: str, season: str, clocks: tuple[str, str]
) -> None:
    field, message = refusal(make.news(), publish_at=written)
    assert field == "publish_at"
    assert season in message
    assert all(clock in message for clock in clocks)


@pytest.mark.parametrize("written", ["2027-07-01T08:00+02:00", "2027-01-15T08:00+01:00"])
def test_a_time_of_norway_is_taken_without_a_word(written: str) -> None:
    assert read(make.news(), publish_at=written).warnings == ()


@pytest.mark.parametrize("written", ["2027-07-01T06:00Z", "2027-07-01T09:00+03:00"])
def test_a_time_of_another_zone_is_told_in_norwegian_time(written: str) -> None:
    submitted = read(make.news(), publish_at=written)
    (warning,) = submitted.warnings
    assert warning.field == "publish_at"
    assert "01.07.2027 kl. 08.00 norsk tid" in warning.message
    assert submitted.publish_at == datetime(2027, 7, 1, 6, tzinfo=UTC)
