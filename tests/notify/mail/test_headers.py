from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.mail import headers as mail_headers

LINE_ENDS = ["\r", "\n", "\0", "\x1b", "\x85", "\u2028", "\u2029", "\x7f"]
printable = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=100
).map(lambda text: " ".join(text.split()))


def unfolded(header: bytes) -> str:
    assert header.endswith(b"\r\n")
    return header[:-2].decode("ascii").replace("\r\n", "")


def value(header: bytes) -> str:
    return str(make_header(decode_header(unfolded(header).partition(": ")[2])))


@given(printable)
def test_text_comes_back_as_it_was_from_words_of_at_most_75(text: str) -> None:
    header = mail_headers.text("Subject", text)
    assert value(header) == text
    assert all(len(word) <= 75 for word in header.split() if word.startswith(b"=?utf-8?"))
    assert all(len(line) <= 78 for line in header.split(b"\r\n") if b"=?utf-8?" in line)


@given(printable)
def test_a_display_name_comes_back_as_it_was(name: str) -> None:
    header = mail_headers.mailbox("To", name, "kari@example.org")
    message = message_from_bytes(header + b"\r\n", policy=policy.default)
    (address,) = message["To"].addresses
    assert address.addr_spec == "kari@example.org"
    assert not message["To"].defects
    before, _, _ = unfolded(header).rpartition(" ")
    if "=?utf-8?" in before:
        assert value(before.encode() + b"\r\n") == name
    else:
        assert address.display_name == name


def test_an_empty_name_is_no_name() -> None:
    assert mail_headers.mailbox("To", "", "k@example.org") == b"To: k@example.org\r\n"


def test_a_name_that_looks_encoded_is_shown_as_it_is_written() -> None:
    header = mail_headers.mailbox("To", "=?utf-8?q?=0D=0A?=", "k@example.org")
    assert header.count(b"=?utf-8?") == 1
    assert value(header.replace(b" <k@example.org>", b"")) == "=?utf-8?q?=0D=0A?="


@pytest.mark.parametrize("end", LINE_ENDS)
@pytest.mark.parametrize("name", ["Kari{}Bcc: x@example.org", "Kåre{}Bcc: x@example.org"])
def test_a_value_cannot_end_its_line(end: str, name: str) -> None:
    for make in (
        lambda bad: mail_headers.text("Subject", bad),
        lambda bad: mail_headers.mailbox("To", bad, "k@example.org"),
        lambda bad: mail_headers.mailbox("To", "Kari", bad),
        lambda bad: mail_headers.plain("Message-ID", bad),
    ):
        with pytest.raises(ValueError, match="control"):
            make(name.format(end))


def test_an_address_in_a_header_stays_in_one_piece() -> None:
    uri = f"<https://varsel.example.org/{'x' * 300}>"
    header = mail_headers.plain("List-Unsubscribe", uri)
    assert header == f"List-Unsubscribe: {uri}\r\n".encode()
    with pytest.raises(ValueError, match="ASCII"):
        mail_headers.plain("List-Unsubscribe", "<https://blåbær.example>")


def test_a_date_is_written_as_mail_writes_it() -> None:
    moment = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
    assert mail_headers.date("Date", moment) == b"Date: Tue, 01 Sep 2026 10:00:00 +0000\r\n"
