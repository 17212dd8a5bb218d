"""While somebody writes they are told the same as when they submit."""

import pytest
from hypothesis import HealthCheck, given, settings

from services.ingest.desk.from_article import from_article
from services.ingest.desk.judge import JudgedCopy, judge
from services.ingest.desk.shape import Fields, in_shape
from services.ingest.desk.to_submission import FormPlace, to_json
from services.ingest.problems import Problem
from services.ingest.reading import lint, submission
from services.ingest.reading.submission import JSON
from tests import make
from tests.ingest.desk.articles import any_typed


def missing(judged: JudgedCopy) -> dict[str, str]:
    return {one.path: one.message for one in judged.missing}


def test_a_whole_article_lacks_nothing_and_is_warned_of_as_when_it_is_posted() -> None:
    for article in (make.alert(), make.news(), make.alert(title="JAK " * 30)):
        judged = judge(from_article(article))
        assert judged.missing == ()
        posted = {(one.field, one.message) for one in lint.warnings(article)}
        assert {(one.path, one.message) for one in judged.warnings} == posted
        assert judged.title_characters == len(article.title)


def test_an_empty_alert_lacks_each_part_of_what_a_reader_must_be_told() -> None:
    lacks = missing(judge(in_shape({"kind": "safety_alert"})))
    assert {
        "title", "lead", "lang", "byline", "published_on", "body", "alert.severity",
        "alert.medicines", "alert.what_happened", "alert.who_is_affected", "alert.what_to_do",
        "alert.stop_advice.code", "alert.stop_advice.text", "alert.seek_help_if",
        "alert.report.patient", "alert.report.health_personnel", "kicker", "topics", "sources",
    } <= set(lacks)  # fmt: skip
    assert judge(in_shape({"kind": "safety_alert"})).warnings == ()


def test_what_is_there_is_warned_of_before_the_rest_is() -> None:
    fields = in_shape(
        {"kind": "safety_alert", "title": "A" * 80, "body": "Se [her](https://a.no)."}
    )
    fields["alert"]["what_happened"] = "ord " * 25
    places = {one.place.name for one in judge(fields).warnings}
    assert places == {"title", "alert.what_happened", "body"}


def test_a_warning_stands_at_its_row_in_the_form() -> None:
    fields = from_article(make.alert())
    fields["alert"]["what_to_do"] = ["", "Ring legen.", "ord " * 25]
    (warning,) = judge(fields).warnings
    assert (warning.path, warning.place) == (
        "alert.what_to_do.1", FormPlace("alert.what_to_do.2"),
    )  # fmt: skip


def test_of_what_readers_see_already_the_change_must_be_told() -> None:
    fields = from_article(make.alert())
    assert set(missing(judge(fields, is_live=True))) == {"change.kind"}
    fields["change"]["kind"] = "correction"
    assert set(missing(judge(fields, is_live=True))) == {"change.note"}
    fields["change"]["note"] = "Dosen er rettet."
    assert missing(judge(fields, is_live=True)) == {}


def test_how_hard_it_is_to_read_is_told_of_the_alert_and_of_the_text() -> None:
    hard = judge(from_article(make.news(body="Kardiovaskulære inflammasjonsprosesser " * 9)))
    easy = judge(from_article(make.news(body="Vi er her. Du er der.")))
    assert hard.hardness.text > 60 > 30 > easy.hardness.text > 0
    assert (easy.hardness.alert, judge(in_shape({})).hardness) == (0, lint.Hardness(0, 0))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(any_typed())
def test_whatever_is_typed_can_be_judged_and_nothing_is_missing_that_is_not_refused(
    fields: Fields,
) -> None:
    for kind in ("news", "safety_alert", fields["kind"]):
        fields["kind"] = kind
        judged = judge(fields)
        with pytest.raises(Problem) as found:
            submission.read(JSON, to_json(fields))
        assert {one.path for one in judged.missing} >= {one.field for one in found.value.errors}
