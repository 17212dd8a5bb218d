"""What differs between two texts is marked word by word, and nothing of either is lost."""

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.lifecycle.diff.marked import Piece, marked

WORDS = st.lists(st.sampled_from(["dose", "50", "mg", " ", "\n", ",", ".", "æ", "x"])).map("".join)
TEXTS = st.one_of(WORDS, st.text(max_size=60))


def side(pieces: list[Piece], kind: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in ("same", kind))


@given(TEXTS, TEXTS)
def test_both_texts_come_back_from_the_pieces(before: str, after: str) -> None:
    pieces = marked(before, after)
    assert (side(pieces, "removed"), side(pieces, "added")) == (before, after)
    assert all(piece.text for piece in pieces)


@given(TEXTS)
def test_the_same_text_has_no_mark(text: str) -> None:
    assert {piece.kind for piece in marked(text, text)} <= {"same"}


@given(TEXTS, TEXTS)
def test_other_texts_have_one(before: str, after: str) -> None:
    changed = any(piece.kind != "same" for piece in marked(before, after))
    assert changed == (before != after)


def test_one_word_of_a_paragraph_is_marked_alone() -> None:
    pieces = marked("Ta 50 mg om dagen, ikke mer.", "Ta 500 mg om dagen, ikke mer.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Ta "),
        ("removed", "50"),
        ("added", "500"),
        ("same", " mg om dagen, ikke mer."),
    ]


def test_changed_words_side_by_side_are_one_mark() -> None:
    pieces = marked("Ring fastlegen din nå.", "Ring 113 straks nå.")
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("same", "Ring "),
        ("removed", "fastlegen din"),
        ("added", "113 straks"),
        ("same", " nå."),
    ]
