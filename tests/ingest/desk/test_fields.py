"""What stands in the form is what becomes the article, and the other way round."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.ingest.desk.from_article import from_article
from services.ingest.desk.shape import FORM, Fields, at, in_shape, is_blank
from services.ingest.desk.to_submission import FormPlace, place_of, to_json, with_zone
from services.ingest.desk.typed import from_pairs, pressed
from services.ingest.problems import Problem
from services.ingest.reading import submission
from services.ingest.reading.field_errors import field_errors
from services.ingest.reading.submission import JSON, Resubmission, Submission
from shared.alert import Alert
from shared.article import Article
from shared.revision import Change
from tests import make
from tests.ingest.desk.articles import any_typed, articles, line, times


def pairs(fields: Any, path: str = "") -> list[tuple[str, str]]:
    """The fields as a browser sends them."""
    if isinstance(fields, str):
        return [(path, fields.replace("\n", "\r\n"))]
    inner = fields.items() if isinstance(fields, dict) else enumerate(fields)
    return [pair for name, one in inner for pair in pairs(one, f"{path}.{name}" if path else name)]


def article_of(raw: bytes) -> Article:
    """As the reader takes it, without what it judges."""
    fields = json.loads(raw)
    kept = {name: fields[name] for name in Article.model_fields if name in fields}
    return Article.model_validate(kept)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(articles)
@example(make.alert(alert=make.all_alert_fields()))
@example(make.news(body="\n  \n    kode\n\n– Ja.  \nNei\n\n\n"))
def test_an_article_comes_back_the_same_its_body_to_the_byte(article: Article) -> None:
    made = to_json(from_article(article))
    assert json.loads(made)["body"].encode() == article.body.encode()
    assert article_of(made) == article


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(articles)
def test_what_a_browser_sends_of_an_article_is_the_article(article: Article) -> None:
    fields = from_article(article)
    assert from_pairs(pairs(fields)) == fields


@given(any_typed())
def test_nothing_typed_is_changed_on_its_way_through_the_form(fields: Fields) -> None:
    sent = [(name, value) for name, value in pairs(fields) if value or "." in name]
    assert from_pairs(sent) == in_shape(fields)


@given(any_typed())
def test_whatever_is_typed_makes_a_document_that_can_be_judged(fields: Fields) -> None:
    with pytest.raises(Problem) as found:  # nobody types a whole article by chance
        submission.read(JSON, to_json(fields), Resubmission)
    assert found.value.status in (400, 422)


@given(any_typed(), st.sampled_from(["news", "safety_alert"]))
def test_each_error_has_its_place_in_the_form(fields: Fields, kind: str) -> None:
    fields["kind"] = kind
    try:
        Submission.model_validate(json.loads(to_json(fields)) | {"change": None})
    except ValidationError as error:
        paths = [one.field for one in field_errors(error, Submission) if one.field != "change"]
    assert paths
    for path in paths:
        place = place_of(fields, path)
        assert place.name
        assert at(place.name) is not None


def test_the_place_of_an_error_counts_the_rows_and_lines_that_are_empty() -> None:
    fields = from_article(make.alert())
    fields["sources"].insert(0, {"publisher": " ", "url": "", "published_on": ""})
    fields["alert"]["medicines"][1]["brands"] = "\nProvo\n\nProvex"
    assert place_of(fields, "sources.0.url") == FormPlace("sources.1.url")
    brand = place_of(fields, "alert.medicines.1.brands.1")
    assert brand == FormPlace("alert.medicines.1.brands", line=4)
    assert place_of(fields, "alert.stop_advice") == FormPlace("alert.stop_advice")
    assert place_of(fields, "draft") == FormPlace("")


@given(times)
def test_a_time_to_publish_at_comes_back_the_same(when: datetime) -> None:
    shown = from_article(make.news(), publish_at=when)["publish_at"]
    assert datetime.fromisoformat(with_zone(shown)) == when


def test_a_time_is_that_of_clocks_in_norway() -> None:
    shown = from_article(make.news(), publish_at=datetime(2026, 7, 1, 10, tzinfo=UTC))
    assert shown["publish_at"] == "2026-07-01T12:00:00"
    assert with_zone("2026-12-01T08:00") == "2026-12-01T08:00:00+01:00"
    assert with_zone("snart") == "snart"


def test_a_change_is_told_only_where_its_kind_is_chosen() -> None:
    change = Change(kind="correction", note="Dosen er rettet.")
    fields = from_article(make.news(), change=change)
    assert json.loads(to_json(fields))["change"] == {
        "kind": "correction", "note": "Dosen er rettet.",
    }  # fmt: skip
    fields["change"]["kind"] = ""
    assert "change" not in json.loads(to_json(fields))


def test_an_alert_typed_before_it_became_news_is_kept_and_not_sent() -> None:
    fields = from_article(make.alert())
    fields["kind"] = "news"
    assert "alert" not in json.loads(to_json(fields))
    fields["kind"] = "safety_alert"
    assert article_of(to_json(fields)) == make.alert()


def test_each_field_of_an_article_and_of_an_alert_can_be_typed() -> None:
    """Else what came by the API would be gone once somebody saves it in the newsroom."""
    alert = FORM["alert"]
    assert isinstance(alert, dict)
    assert alert.keys() == Alert.model_fields.keys()
    assert FORM.keys() >= Article.model_fields.keys()


def test_names_that_the_form_does_not_have_are_passed_over() -> None:
    sent = [("title", "A"), ("csrf", "x"), ("sources.x.url", "u"), ("title.0", "b"), ("", "c")]
    sent += [("alert", "d"), ("alert.medicines", "e"), ("sources.1" + "0" * 50 + ".url", "f")]
    fields = from_pairs(sent)
    assert fields.pop("title") == "A"
    assert is_blank(fields)


@given(any_typed(), line)
def test_a_button_changes_only_what_it_is_for(fields: Fields, text: str) -> None:
    more = pressed(fields, "ny:sources")
    assert pressed(more, f"bort:sources.{len(more['sources']) - 1}") == in_shape(fields)
    put = pressed(fields, f"sett:alert.seek_help_if={text}")
    assert text in put["alert"]["seek_help_if"]
    assert pressed(fields, f"bort:sources.{len(fields['sources'])}") == in_shape(fields)
    for nothing in ("ny:title", "ny:ukjent", "bort:alert", "opp:sources.0", "", "sett:sources.x=1"):
        assert pressed(fields, nothing) == in_shape(fields)


def test_rows_move_up_and_names_used_before_become_lines() -> None:
    fields = from_article(make.alert())
    turned = pressed(fields, "opp:alert.what_to_do.1")["alert"]["what_to_do"]
    assert turned == ["Ta blodprøve før neste dose.", "Bestill time hos legen."]
    path = "alert.medicines.0.brands"
    for text, lines in (("exempla", "Exempla"), ("Provo", "Exempla\nProvo")):
        medicines = pressed(fields, f"sett:{path}={text}")["alert"]["medicines"]
        assert medicines[0]["brands"] == lines


@pytest.mark.parametrize("path", ["alert.groups", "alert.conditions"])
def test_an_illness_or_a_group_keeps_its_commas_whatever_stands_before_it(path: str) -> None:
    name = path.split(".")[1]
    for text, names in {
        "Kreft, unntatt hudkreft": ["Kreft, unntatt hudkreft"],
        "Kreft, unntatt hudkreft; også barn\n\nIBD": [
            "Kreft, unntatt hudkreft; også barn",
            "IBD",
        ],
        "\nDiabetes, type 2\nIBD": ["Diabetes, type 2", "IBD"],  # stored so before
    }.items():
        fields = in_shape({"kind": "safety_alert", "alert": {name: text}})
        assert json.loads(to_json(fields))["alert"][name] == names
        last = text.count("\n") + 1
        assert place_of(fields, f"{path}.{len(names) - 1}") == FormPlace(path, line=last)
        put = pressed(fields, f"sett:{path}=Barn, unge")
        assert json.loads(to_json(put))["alert"][name] == [*names, "Barn, unge"]


@pytest.mark.parametrize("name", ["topics", "brands", "batches"])
def test_names_are_apart_by_commas_too_in_the_order_they_were_typed(name: str) -> None:
    fields = in_shape({"kind": "safety_alert", "alert": {"medicines": [{}]}})
    path = name if name == "topics" else f"alert.medicines.0.{name}"

    def part(whole: Any) -> Any:
        return whole if name == "topics" else whole["alert"]["medicines"][0]

    holder = part(fields)
    typed = {
        "IBD, kolitt;JAK-hemmere": ["IBD", "kolitt", "JAK-hemmere"],
        "IBD, kolitt,\n,\nTromsø\n": ["IBD", "kolitt", "Tromsø"],
        "2,5 mg, 5 mg": ["2,5 mg", "5 mg"],
        "\nDiabetes, type 2\nIBD": ["Diabetes, type 2", "IBD"],  # stored so by a program
    }
    for text, names in typed.items():
        holder[name] = text
        assert part(json.loads(to_json(fields)))[name] == names, text
    holder[name] = "IBD, kolitt\n\nnoe helt annet"
    assert place_of(fields, f"{path}.2") == FormPlace(path, line=3)
    put = pressed(fields, f"sett:{path}=Gravide")
    assert part(put)[name] == "IBD\nkolitt\nnoe helt annet\nGravide"
    assert pressed(fields, f"sett:{path}=Kolitt")["title"] == ""


def test_what_has_one_meaning_only_is_written_as_it_is_wanted() -> None:
    fields = in_shape({"kind": "safety_alert", "body": "Én\n\nto\n"})
    fields["alert"]["what_to_do"] = ["Ring legen.\n", "Ta vare\r\npå pakken."]
    fields["alert"]["report"] = {"patient": "www.example.org/meld", "health_personnel": "noe annet"}
    fields["sources"] = [{"publisher": "Tilsynet", "url": " example.org ", "published_on": ""}]
    made = json.loads(to_json(fields))
    assert made["alert"]["what_to_do"] == ["Ring legen.", "Ta vare på pakken."]
    assert made["alert"]["report"]["patient"] == "https://www.example.org/meld"
    assert made["alert"]["report"]["health_personnel"] == "noe annet"
    assert made["sources"][0]["url"] == "https://example.org"
    assert made["body"] == "Én\n\nto\n"
