"""What two articles have in common, however it is written."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.alike.terms import folded, terms
from shared.article import Article
from tests.make import alert, alert_fields, news

LETTERS = st.text(st.sampled_from("abcxyzæøåéüñABCXYZÆØÅÉÜÑ0123456789"), max_size=30)
BETWEEN = st.text(st.sampled_from(" \t\u00a0.,:;-–—«»\"'’!?()/\u00ad\u200b®™+"), max_size=4)


def keys(article: Article) -> set[str]:
    return {term.key for term in terms(article)}


def medicine(substance: str, *brands: str) -> Article:
    medicines = [{"substance": substance, "brands": list(brands)}]
    return alert(title="Et annet råd", alert=alert_fields() | {"medicines": medicines})


@given(LETTERS, st.data())
def test_case_spaces_punctuation_and_unicode_form_make_no_other_text(
    text: str, data: st.DataObject
) -> None:
    written = "".join(char + data.draw(BETWEEN) for char in text)
    changed = data.draw(st.sampled_from([str.upper, str.lower, str.swapcase, str]))
    form = data.draw(st.sampled_from(["NFC", "NFD"]))
    assert folded(unicodedata.normalize(form, changed(written))) == folded(text)  # type: ignore[arg-type]


@given(LETTERS, LETTERS)
def test_other_letters_and_digits_are_another_text(one: str, other: str) -> None:
    assert (folded(one) == folded(other)) is (one.lower() == other.lower())


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_can_be_compared(one: str, other: str) -> None:
    assert folded(one + other) == folded(one + " \u2014 " + other)
    assert not set(folded(one)) & set(" |}.,:-")


@pytest.mark.parametrize(
    "title", ["EKSEMPELINIB kan  skade leveren!", "Eksempelinib kan skadeleveren"]
)
def test_two_alerts_are_alike_by_their_title(title: str) -> None:
    first = terms(alert())[0]
    assert first.field == "title"
    assert first.key in keys(alert(title=title))
    assert first.key not in keys(alert(title="Eksempelinib kan skade levra"))


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (medicine("Eksempelinib", "Noe annet"), True),
        (medicine("noe annet", "EXEMPLA"), True),
        (medicine("exempla", "Som virkestoff"), True),
        (medicine("noe annet", "Exempla Rapid"), False),
    ],
)
def test_two_alerts_are_alike_by_any_name_of_a_medicine(other: Article, alike: bool) -> None:
    assert bool(keys(alert()) & keys(other)) is alike


def test_news_and_alerts_and_exercises_have_nothing_in_common() -> None:
    def exercise(mode: str) -> Article:
        return alert(alert=alert_fields() | {"mode": mode})

    every = [alert(), exercise("exercise"), exercise("test"), news(title=alert().title)]
    for place, one in enumerate(every):
        for other in every[place + 1 :]:
            assert not keys(one) & keys(other)


def test_a_text_without_letters_and_digits_is_like_nothing() -> None:
    assert terms(news(title="?!")) == ()


def test_a_name_given_twice_is_one_term_and_the_title_comes_first() -> None:
    twice: dict[str, Any] = alert_fields() | {
        "medicines": [{"substance": "exempla", "brands": ["Exempla", "EXEMPLA®"]}] * 2
    }
    found = terms(alert(alert=twice))
    assert [(term.field, term.words) for term in found] == [
        ("title", "Eksempelinib kan skade leveren"),
        ("alert.medicines", "exempla"),
    ]
