"""What the association says of itself is read as it was meant, or refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.article import Lang
from shared.colours import contrast, lightened
from shared.identity import GROUND, LEAST_CONTRAST, Identity
from shared.languages.say import LANGS

_COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
_DARK = "#1d2326"


@given(_COLOURS, _COLOURS)
def test_contrast_is_the_same_either_way_and_between_1_and_21(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21


def test_contrast_is_as_wcag_counts_it() -> None:
    assert contrast("#000000", "#ffffff") == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@given(_COLOURS)
def test_every_colour_can_be_read_in_the_dark_once_it_is_lightened(colour: str) -> None:
    assert contrast(lightened(colour, _DARK, LEAST_CONTRAST), _DARK) >= LEAST_CONTRAST


@given(_COLOURS)
def test_a_colour_is_taken_if_it_can_be_read_and_refused_if_not(colour: str) -> None:
    try:
        taken = Identity(accent=colour).accent
    except ValidationError as error:
        assert "4,5:1" in str(error)
        taken = None
    assert taken == (colour if contrast(colour, GROUND) >= LEAST_CONTRAST else None)


@pytest.mark.parametrize("number", ["974760673", "974 760 673"])
def test_an_organisation_number_is_written_in_threes(number: str) -> None:
    assert Identity(organisation_number=number).organisation_number == "974 760 673"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organisation_number", "974760674"),
        ("organisation_number", "97476067"),
        ("accent", "red"),
        ("accent", "#fff"),
        ("accent", "#0b5670; } body { display: none"),
        ("telephone", "ring oss"),
        ("email", "post@example"),
        ("email", "post@example.org?subject=x y"),
        ("join", "javascript:alert(1)"),
        ("join", "//example.org/"),
        ("menu", ({"text": "Om oss", "to": "om-oss"},)),
        ("menu", ({"text": "", "to": "/om-oss/"},)),
        ("name", "To\nlinjer"),
        ("language", "sv"),
        ("language", None),
    ],
)
def test_what_could_not_be_meant_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Identity.model_validate({field: value})


def test_what_was_written_before_there_were_languages_is_bokmal_and_is_written_so_still() -> None:
    before = '{"name":"Eksempelforeningen","join":"/bli-medlem/"}'
    known = Identity.model_validate_json(before)
    assert known.language == "nb"
    assert "language" not in known.model_dump_json(), "a release from before reads it, too"


@pytest.mark.parametrize("lang", LANGS)
def test_a_language_is_read_as_it_was_written(lang: Lang) -> None:
    said = Identity(language=lang)
    assert Identity.model_validate_json(said.model_dump_json()) == said
    assert said.language == lang
