"""A relay's bytes become its replies, however they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.relay.reply_parser import LONGEST, ReplyParser

words = st.text(st.characters(exclude_characters="\r\n", exclude_categories=("Cs",)), max_size=40)
replies = st.lists(st.tuples(st.integers(200, 599), st.lists(words, min_size=1, max_size=4)))


def said(code: int, lines: list[str]) -> bytes:
    *most, last = lines
    spoken = [f"{code}-{line}\r\n" for line in most] + [f"{code} {last}\r\n"]
    return "".join(spoken).encode()


@given(replies, st.lists(st.integers(0, 400)))
def test_any_pieces_give_the_same_replies(
    expected: list[tuple[int, list[str]]], cuts: list[int]
) -> None:
    stream = b"".join(said(*reply) for reply in expected)
    places = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    parser = ReplyParser()
    heard = []
    for start, stop in zip(places, [*places[1:], None], strict=True):
        heard += parser.feed(stream[start:stop])
    assert heard == [(code, "\n".join(lines)) for code, lines in expected]


@pytest.mark.parametrize("junk", [b"hello\r\n", b"25\r\n", b"\r\n", b"250_ok\r\n", b"2x0 ok\r\n"])
def test_what_is_no_reply_is_an_error(junk: bytes) -> None:
    with pytest.raises(ValueError, match="SMTP"):
        ReplyParser().feed(junk)


@pytest.mark.parametrize("piece", [b"250-\r\n", b"250-words\r\n", b"2"])
def test_an_endless_reply_is_an_error(piece: bytes) -> None:
    parser = ReplyParser()
    with pytest.raises(ValueError, match="endless"):
        for _ in range(LONGEST + 1):
            parser.feed(piece)


def test_a_long_reply_in_one_piece_is_an_error() -> None:
    with pytest.raises(ValueError, match="endless"):
        ReplyParser().feed(b"250-a\r\n" * LONGEST)
