"""What an editor gets wrong in an alert is said in plain Norwegian: the field, and the way out."""

import json
from typing import Any

import pytest

from services.ingest.problems import Problem
from services.ingest.reading import submission
from shared.article import Article
from tests import make
from tests.ingest.conftest import Ingest

WORDS = {
    "urgency": ["immediate", "expected", "future", "past", "unknown"],
    "certainty": ["observed", "likely", "possible", "unlikely", "unknown"],
    "event_type": ["adverse_reaction", "recall", "shortage", "other"],
    "mode": ["actual", "exercise", "test"],
}
DAY = "skriv datoen som ÅÅÅÅ-MM-DD, for eksempel 2026-04-03"
YEAR = "året må være fra 1900 til 2200; er det skrevet feil?"
ATC = "skriv en ATC-kode med store bokstaver, som L04AF01 eller L04"
ORDER = "dagen er før «valid_from»; rett en av dem"
TEXT = "må være tekst; sett anførselstegn rundt verdien"
ADDRESS = "skriv en hel nettadresse som begynner med https://"


def read(alert: dict[str, Any]) -> Article:
    article = make.alert().model_dump(mode="json") | {"alert": alert}
    return submission.read("application/json", json.dumps(article).encode()).article


def errors(alert: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(Problem) as caught:
        read(alert)
    assert caught.value.status == 422
    return [(error.field, error.message) for error in caught.value.errors]


def atc(**fields: Any) -> dict[str, Any]:
    return medicine(atc=[{"code": "L04AF01"} | fields])


def medicine(**fields: Any) -> dict[str, Any]:
    return {"medicines": [{"substance": "eksempelinib", "brands": ["Exempla"]} | fields]}


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "code in small letters": (atc(code="l04af01"), "medicines.0.atc.0.code", ATC),
    "half a code": (atc(code="L04AF0"), "medicines.0.atc.0.code", ATC),
    "code that is a number": (atc(code=5), "medicines.0.atc.0.code", TEXT),
    "code alone": (medicine(atc=["L04AF01"]), "medicines.0.atc.0",
                   "må være felt med verdier: code, valid_from, valid_to"),
    "code that is no list": (medicine(atc="L04AF01"), "medicines.0.atc", "må være en liste"),
    "no code": (medicine(atc=[{}]), "medicines.0.atc.0.code", "feltet mangler; fyll det ut"),
    "too many codes": (medicine(atc=[{"code": "L04"}] * 11), "medicines.0.atc",
                       "har for mange innslag: høyst 10"),
    "code from no day": (atc(valid_from="2024"), "medicines.0.atc.0.valid_from", DAY),
    "code from an odd year": (atc(valid_from="0202-01-01"), "medicines.0.atc.0.valid_from", YEAR),
    "code to an odd year": (atc(valid_to="2926-01-01"), "medicines.0.atc.0.valid_to", YEAR),
    "code that ends first": (atc(valid_from="2024-02-01", valid_to="2024-01-01"),
                             "medicines.0.atc.0.valid_to", ORDER),
    "triangle in words": (medicine(additional_monitoring="ja"),
                          "medicines.0.additional_monitoring", "må være true eller false"),
    "too many batches": (medicine(batches=["A1"] * 51), "medicines.0.batches",
                         "har for mange innslag: høyst 50"),
    "batch that is a number": (medicine(batches=[123]), "medicines.0.batches.0", TEXT),
    "empty batch": (medicine(batches=["A1", " "]), "medicines.0.batches.1", "feltet er tomt"),
    "too many groups": ({"groups": ["x"] * 21}, "groups", "har for mange innslag: høyst 20"),
    "groups as a text": ({"groups": "eldre"}, "groups", "må være en liste"),
    "long group": ({"groups": ["x" * 301]}, "groups.0", "for langt: høyst 300 tegn"),
    "too many conditions": ({"conditions": ["x"] * 21}, "conditions",
                            "har for mange innslag: høyst 20"),
    "valid from no day": ({"valid_from": "i dag"}, "valid_from", DAY),
    "valid from a number": ({"valid_from": 2024}, "valid_from", DAY),
    "valid from an odd year": ({"valid_from": "0202-01-01"}, "valid_from", YEAR),
    "reviewed on no day": ({"review_by": "2026-02-30"}, "review_by",
                           "dagen finnes ikke; skriv datoen som ÅÅÅÅ-MM-DD"),
    "reviewed in an odd year": ({"review_by": "2926-01-01"}, "review_by", YEAR),
    "reviewed before it is valid": ({"valid_from": "2026-02-01", "review_by": "2026-01-31"},
                                    "review_by", ORDER),
    "authority that is a name": ({"authorities": ["FDA"]}, "authorities.0",
                                 "må være felt med verdier: name, reference, url"),
    "nameless authority": ({"authorities": [{"url": "https://fda.gov"}]}, "authorities.0.name",
                           "feltet mangler; fyll det ut"),
    "authority's address": ({"authorities": [{"name": "FDA", "url": "fda.gov"}]},
                            "authorities.0.url", ADDRESS),
    "authority's empty reference": ({"authorities": [{"name": "FDA", "reference": ""}]},
                                    "authorities.0.reference", "feltet er tomt"),
    "too many authorities": ({"authorities": [{"name": "FDA"}] * 21}, "authorities",
                             "har for mange innslag: høyst 20"),
    "misspelt field": ({"urgencey": "past"}, "urgencey",
                       "feltet finnes ikke; mente du «urgency»?"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_told_with_its_field_and_the_way_out(name: str) -> None:
    overrides, field, message = WRONG[name]
    assert errors(make.alert_fields() | overrides) == [(f"alert.{field}", message)]


@pytest.mark.parametrize("field", WORDS)
@pytest.mark.parametrize("value", ["Immediate", "", 1, True, ["past"]])
def test_a_wrong_word_is_answered_with_the_words_that_are_right(field: str, value: object) -> None:
    ((where, message),) = errors(make.alert_fields() | {field: value})
    assert where == f"alert.{field}"
    assert message.startswith("må være en av: ")
    assert all(f"'{word}'" in message for word in WORDS[field])


async def test_a_wrong_field_of_an_alert_stores_nothing(ingest: Ingest) -> None:
    article = make.alert().model_dump(mode="json")
    article["alert"] |= {"urgency": "HEMMELIG", "valid_from": "HEMMELIG", "groups": "HEMMELIG"}
    answer = await ingest.post(article)
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {
        "alert.urgency",
        "alert.valid_from",
        "alert.groups",
    }
    assert "HEMMELIG" not in answer.text
    assert await ingest.stored() == set()


def test_stop_advice_is_required_and_has_no_default() -> None:
    fields = make.alert_fields()
    del fields["stop_advice"]
    assert errors(fields) == [("alert.stop_advice", "feltet mangler; fyll det ut")]
    for part in ("code", "text"):
        advice = {"code": "do_not_stop", "text": "Ikke slutt."}
        del advice[part]
        told = errors(make.alert_fields() | {"stop_advice": advice})
        assert told == [(f"alert.stop_advice.{part}", "feltet mangler; fyll det ut")]


def test_an_optional_field_may_be_left_out_or_empty() -> None:
    plain = read(make.alert_fields()).alert
    empty = read(make.alert_fields() | dict.fromkeys(("urgency", "valid_from", "event_type")))
    assert empty.alert == plain
    assert plain is not None
    assert (plain.mode, plain.groups, plain.urgency) == ("actual", (), None)
