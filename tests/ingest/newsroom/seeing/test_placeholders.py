"""Whatever is typed can be seen: what is whole as it is, and what is missing says so."""

from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ingest.desk.shape import FORM, Shape
from services.ingest.newsroom.desk.begin import begun
from services.ingest.newsroom.desk.used import UsedBefore
from services.ingest.newsroom.seeing.placeholders import NOWHERE, told_change, whole_article
from services.render.text.body_html import body_html
from services.render.text.labels import labels
from shared.article import Article
from tests.examples import examples

DAY = date(2026, 9, 1)
TEXTS = st.sampled_from(
    ["", " ", "Exempla", "safety_alert", "news", "2026-09-01", "https://example.org/a", "severe",
     "do_not_stop", "on", "nn", "x" * 400, "a\nb", "\x07", "\u202e", "a" + "\u0301" * 40, "L04AF01",
     "\ud800", "correction", "| a | b |\n|---|---|\n| 1 |", "![b](b.jpg)\n\n<b>"]
) | st.text(max_size=5)  # fmt: skip


def typed(shape: Shape) -> st.SearchStrategy[Any]:
    if isinstance(shape, dict):
        return st.fixed_dictionaries({}, optional={n: typed(s) for n, s in shape.items()})
    if isinstance(shape, list):
        return st.lists(typed(shape[0]), max_size=3)
    return TEXTS


@settings(max_examples=examples(300), suppress_health_check=[HealthCheck.too_slow])
@given(typed(FORM))
def test_whatever_is_typed_is_an_article_that_has_a_page(fields: dict[str, Any]) -> None:
    article, pictures = whole_article(fields, DAY)
    assert Article.model_validate_json(article.model_dump_json()) == article
    assert body_html(article.body, {}, labels(article.lang))
    assert isinstance(pictures, list)
    told_change(fields)


def test_an_alert_of_which_nothing_is_typed_says_of_each_part_that_it_is_missing() -> None:
    fields = begun("varsel", "Kari", DAY, UsedBefore({}))
    article, _ = whole_article(fields, DAY)
    alert = article.alert
    assert alert
    assert (article.title, article.byline) == ("[Mangler: Tittel]", "Skrevet av Kari")
    assert alert.what_happened == "[Mangler: Hva har skjedd?]"
    assert alert.medicines[0].brands == ("[Mangler: Navn på pakken]",)
    assert alert.what_to_do == ("[Mangler: Råd]",)
    assert alert.stop_advice.code == "not_applicable", "no advice that nobody has chosen"
    assert alert.stop_advice.text.startswith("[Mangler: Si ")
    assert alert.report.patient == NOWHERE


def test_what_is_whole_is_as_it_was_typed_and_what_is_too_long_begins_so() -> None:
    fields = {"title": "T" * 400, "lead": "Kort.", "body": "Ta 2*500 mg.\n\nNå.\x07", "lang": "nn"}
    article, _ = whole_article(fields, DAY)
    assert article.title == "T" * 148 + " …"
    assert (article.lead, article.lang) == ("Kort.", "nn")
    assert article.body == "Ta 2*500 mg.\n\nNå. "


def test_more_rows_than_there_may_be_show_the_first() -> None:
    rows = [f"Råd {number}" for number in range(500)]
    alert = {"what_to_do": rows}
    article, _ = whole_article({"kind": "safety_alert", "alert": alert}, DAY)
    assert article.alert
    assert article.alert.what_to_do == tuple(rows[:10])


def test_a_correction_that_does_not_say_what_is_shown_as_such() -> None:
    assert told_change({}) is None
    said = told_change({"change": {"kind": "correction", "note": " "}})
    assert said
    assert said.note == "[Mangler: Hva er rettet?]"
