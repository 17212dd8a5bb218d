from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.inbox.read_mail import read, read_head
from tests.notify.inbox.mails import HOSTILE, mail

WORDS = st.sampled_from(
    b"Subject Content-Type Content-Transfer-Encoding Date : ; = \r\n multipart/mixed text/html "
    b"message/rfc822 boundary=b --b --b-- =?utf-8?b? ?= charset= utf-8 x-uuencode base64".split(
        b" "
    )
)
MAILS = st.lists(WORDS | st.binary(max_size=8), max_size=40).map(b"".join)


def test_a_mail_of_ours_is_read_whole() -> None:
    found = read(
        mail("Blåbær, æøå og et emne som er så langt at det blir brettet over flere linjer")
    )
    assert found.header("subject").endswith("brettet over flere linjer")
    assert found.header("to") == "Kåre Ødegård <kare@example.net>"
    assert found.date == datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
    assert found.text and found.text.startswith("Hei, Kåre!\n\nLes mer: https://")
    assert found.html and found.html.startswith("<html>")


@given(MAILS)
def test_nothing_in_a_mail_makes_reading_fail(raw: bytes) -> None:
    found = read(raw)
    assert found.headers == read_head(raw).headers
    for text in (found.text or "", found.html or "", *map("".join, found.headers)):
        assert text.encode().decode() == text
        assert "\x00" not in text
    assert found.date is None or found.date.tzinfo


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_mail_is_read_as_something(raw: bytes) -> None:
    found = read(raw)
    assert found.text is not None or found.html is not None


def test_an_attachment_is_not_the_text() -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain; name=a.txt\r\n"
        b"Content-Disposition: attachment; filename=a.txt\r\n\r\nvedlegg\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nbrev\r\n--b--\r\n"
    )
    assert read(raw).text == "brev"
