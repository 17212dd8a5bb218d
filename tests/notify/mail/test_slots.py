import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.mail.slots import Slots

alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
tokens = st.text(alphabet, min_size=32, max_size=32)
MARK = "0123456789abcdef" * 2


@given(st.lists(st.text(max_size=90), min_size=1, max_size=5), tokens)
def test_a_filled_message_is_what_encoding_it_whole_would_give(
    texts: list[str], token: str
) -> None:
    def encoded(value: str) -> bytes:
        text = value.join(["Hei\r\n", *texts, ""])
        return binascii.b2a_qp(text.encode())

    slots = Slots(encoded(MARK), {"token": MARK.encode()})
    assert b"".join(slots.fill({"token": token.encode()})) == encoded(token)


def test_slots_of_several_kinds_are_filled_with_values_of_any_length() -> None:
    slots = Slots(b"To: <to>\r\nId: <id>\r\n<to>", {"to": b"<to>", "id": b"<id>"})
    assert b"".join(slots.fill({"to": b"kari@example.org", "id": b"7"})) == (
        b"To: kari@example.org\r\nId: 7\r\nkari@example.org"
    )
    assert b"".join(slots.fill({"to": b"", "id": b""})) == b"To: \r\nId: \r\n"


def test_a_slot_that_is_not_in_the_template_is_an_error() -> None:
    with pytest.raises(ValueError, match="token"):
        Slots(b"nothing", {"token": b"mark"})
