"""Texts that are kept in fewer bytes."""

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.compact import compact, json_of
from shared.revision import Revision
from tests.make import news, revision


@given(st.dictionaries(st.text(), st.text()).map(lambda one: str(one).replace("'", '"')))
def test_what_is_kept_is_had_again(json: str) -> None:
    assert json_of(compact(json)) == json.encode()


def test_what_was_kept_before_it_was_made_compact_is_read() -> None:
    json = revision(news()).model_dump_json()
    assert json_of(json.encode()) == json.encode()
    assert json_of(zlib.compress(json.encode())) == json.encode(), (
        "nor with what all have in common"
    )


def test_a_long_text_is_kept_in_less_than_half_of_its_bytes() -> None:
    json = revision(news(body="Møtet er på biblioteket kl. 18.\n\n" * 200)).model_dump_json()
    assert len(compact(json)) < len(json) / 2


@pytest.mark.parametrize("kept", [None, b"", b"x\x9c\x00", b"spoilt"])
def test_what_is_damaged_is_refused_by_its_reader(kept: bytes | None) -> None:
    with pytest.raises(ValidationError):
        Revision.model_validate_json(json_of(kept))
