"""Every text of ours is there in each language, and says the same with the same places in it."""

import io
import re
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from shared.article import Lang
from shared.languages.__main__ import brought_up_to_date, written
from shared.languages.extract import in_code, texts
from shared.languages.say import LANGS, catalogue, path

OTHERS = LANGS[1:]
_TAG = re.compile(r"</?[a-z]+[^>]*>")


def messages(lang: Lang) -> list[Message]:
    with path(lang).open("rb") as file:
        return [one for one in read_po(file) if one.id]


@pytest.mark.parametrize("lang", OTHERS)
def test_no_text_is_missing_in_a_catalogue_and_none_is_left_over(lang: Lang) -> None:
    found = {str(one.id) for one in texts(lang) if one.id}
    assert len(found) > 350
    said = {str(one.id) for one in messages(lang) if one.string}
    assert found - said == set(), "python -m shared.languages names them"
    assert said - found == set(), "python -m shared.languages removes them"
    assert path(lang).read_bytes() == written(brought_up_to_date(lang))


@pytest.mark.parametrize("lang", OTHERS)
def test_no_text_is_a_guess(lang: Lang) -> None:
    assert not [one.id for one in messages(lang) if one.fuzzy]


@pytest.mark.parametrize("lang", OTHERS)
def test_a_text_has_the_same_places_tags_and_ends_in_each_language(lang: Lang) -> None:
    for text, said in catalogue(lang).items():
        assert places(text) == places(said), text
        assert sorted(_TAG.findall(text)) == sorted(_TAG.findall(said)), text
        for end in (slice(None, 1), slice(-1, None)):
            assert text[end].isspace() == said[end].isspace(), text
        assert (text[-1] in ".:") == (said[-1] in ".:"), text
        assert text.isupper() == said.isupper(), text


def places(text: str) -> list[str]:
    try:
        return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:  # a brace that is one: then it is no text with places
        return re.findall(r"\{\w*\}", text)


def test_what_readers_are_told_of_an_alert_is_there_in_english() -> None:
    english = catalogue("en")
    assert english["Sikkerhetsvarsel"] == "Safety alert"
    assert english["Ring 113"] == "Call 113"
    assert "116\u00a0117" in english["Ring 116\u00a0117"]


def test_texts_are_found_by_their_marks_and_codes_are_none() -> None:
    source = """
from shared.languages.say import Nb, nb, say
HINTS: Nb[dict[str, str]] = {"code": "Et råd.", "two": "Delt " "i to."}
OPTIONS: Nb[tuple[FieldOption, ...]] = (FieldOption("code", "Et navn"),)
OTHER = {"code": "Ingen tekst."}
def said(lang): return say("Sagt.", lang), nb("Merket."), say(known, lang), other("Ikke denne.")
"""
    assert sorted(in_code(source)) == ["Delt i to.", "Et navn", "Et råd.", "Merket.", "Sagt."]


def test_a_text_that_is_put_together_where_it_is_marked_is_refused() -> None:
    with pytest.raises(SyntaxError, match="put together"):
        list(in_code('from shared.languages.say import nb\nnb(f"Det er {number} igjen.")'))


def test_a_catalogue_that_is_written_is_read_as_it_was() -> None:
    again = read_po(io.BytesIO(written(brought_up_to_date("nn"))))
    assert {one.id: one.string for one in again if one.id} == dict(catalogue("nn"))
