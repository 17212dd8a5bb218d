"""What an old address becomes, once, at the door; and what was kept is read as it is."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.old_address import old_path
from shared.revision import Revision
from tests.make import revision

ODD = [
    "%",
    "?",
    "#",
    ":",
    "/",
    ".",
    "%25",
    "%3F",
    "%23",
    "%2e",
    "%2F",
    "%252e",
    "//",
    "a",
    "ø",
    "[",
]
TEXTS = st.one_of(st.text(max_size=80), st.lists(st.sampled_from(ODD), max_size=12).map("".join))


@given(TEXTS)
@example("/%3Fx/")
@example("/%252e%252e/x")
@example("/hva%3F/")
def test_a_path_stays_as_it_is_however_often_it_is_read_and_never_leaves_the_folder(
    text: str,
) -> None:
    try:
        path = old_path(text)
    except ValueError:
        return
    assert path.startswith("/")
    assert not {"", ".", ".."} & set(path[1:].split("/"))
    assert old_path(path) == path


@given(TEXTS)
def test_what_was_kept_is_read_as_it_is(text: str) -> None:
    try:
        kept = (old_path(text),)
    except ValueError:
        return
    stored = revision().model_copy(update={"moved_from": kept}).model_dump_json()
    assert Revision.model_validate_json(stored).moved_from == kept


@pytest.mark.parametrize("kept", ["/?x", "/%2e%2e/x", "/hva?", "/nyheter/foo/index.html", "/sok/x"])
def test_what_was_kept_can_be_read_also_if_the_door_refuses_it_today(kept: str) -> None:
    stored = revision().model_copy(update={"moved_from": (kept,)}).model_dump_json()
    assert Revision.model_validate_json(stored).moved_from == (kept,)


@pytest.mark.parametrize("text", ["/hva%3F/", "/a%23b", "/%3Fx/", "/%252e%252e/x", "/a%2541"])
def test_what_would_be_another_address_if_it_were_read_again_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="kan ikke føre videre"):
        old_path(text)


def test_a_percent_sign_of_its_own_is_kept() -> None:
    assert old_path("/100%25/sikkert") == old_path("/100%/sikkert") == "/100%/sikkert"
