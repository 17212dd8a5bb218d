"""A mail as the relay has it, and as a member reads it."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from services.notify.mail.alert_mail import AlertMail
from services.notify.mail.text import Letterhead
from services.notify.vault.tokens import Tokens
from shared.article import Article
from tests.make import revision

HEAD = Letterhead(
    "https://varsel.example.org",
    "Forbundet for ål",
    "varsel@post.example.org",
    reply_to="hjelp@example.org",
    postal="Postboks 1, 0001 Prøveby",
    contact="telefon 22 00 00 00",
)
STARTED = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
TOKENS = Tokens(bytes(32))
MARKS_KEY = b"a key that nobody knows, of 32 b"


def mail_of(article: Article, head: Letterhead = HEAD, **changes: Any) -> AlertMail:
    said = revision(article, **changes)
    return AlertMail(said, delivery=f"{said.id}.1", started=STARTED, head=head, marks_key=MARKS_KEY)


def sent(article: Article, number: int = 7, name: str = "Kåre Ødegård") -> bytes:
    return received(mail_of(article).fill(number, "kare@example.org", name, TOKENS))


def received(pieces: list[bytes]) -> bytes:
    """A mail as the relay has it: without the dots that go only over the wire."""
    return b"".join(pieces).replace(b"\r\n..", b"\r\n.")


def read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, policy=policy.default)


def text_of(message: EmailMessage) -> str:
    return squeezed(message.get_body(("plain",)).get_content())


def html_of(message: EmailMessage) -> str:
    return squeezed(words_of_html(message.get_body(("html",)).get_content()))


def words_of_html(html: str) -> str:
    """Text and addresses of a page."""
    reader = _Words()
    reader.feed(html)
    return "".join(reader.words)


def squeezed(text: str) -> str:
    return " ".join(text.split())


class _Words(HTMLParser):
    """Text and addresses of a page, styles apart."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        if self.cdata_elem != "style":
            self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words.extend(f" {value} " for name, value in attrs if name == "href")
        if tag == "br":
            self.words.append("\n")
