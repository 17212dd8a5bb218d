"""The mail of an alert: built once per delivery and revision, then filled in per member."""

import binascii
import hashlib
import re
import textwrap
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import css_inline
from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notify import mail_headers
from services.notify.labels import labels
from services.notify.slots import Slots
from services.notify.tokens import TOKEN_LENGTH, Tokens
from shared.alert import Alert, Medicine
from shared.article import Article
from shared.revision import Revision

_WIDTH = 72
_DOTS = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True)
class Letterhead:
    """What is the same in every mail of one association."""

    site: str
    """The site's address without a final slash."""
    site_name: str
    sender: str
    """The sender's address."""

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]


class AlertMail:
    """The mails of one delivery with one revision's text."""

    def __init__(
        self, revision: Revision, *, delivery: str, started: datetime, head: Letterhead
    ) -> None:
        """`started` dates every mail of the delivery, so that one sent again is the same."""
        seed = f"{delivery} {revision.revision}"
        self._delivery = delivery
        self._domain = head.domain
        marks = {slot: _derived(f"{seed} {slot}") for slot in ("to", "message_id", "token")}
        headers = _headers(revision, started, head, marks)
        body = _body(revision, head, marks["token"], boundary=_derived(f"{seed} boundary"))
        # No value begins a line with a dot, so that those of the text are doubled once and for all.
        stuffed = _DOTS.sub(b"..", headers + body)
        self._slots = Slots(stuffed, {slot: mark.encode() for slot, mark in marks.items()})

    def fill(self, number: int, email: str, name: str, tokens: Tokens) -> list[bytes]:
        """The pieces of the mail for one member, as they go over the wire: CRLF line ends, dots at
        the beginning of a line doubled (RFC 5321, section 4.5.2). ValueError where a value would
        break it."""
        reference = tokens.reference(self._delivery, number)
        return self._slots.fill(
            {
                "to": mail_headers.mailbox("To", name, email)[:-2],
                "message_id": f"<{self._delivery}.{reference}@{self._domain}>".encode(),
                "token": tokens.seal(number).encode(),
            }
        )


def _derived(seed: str) -> str:
    """As long as a token and of its alphabet: quoted-printable breaks lines at the same places."""
    return hashlib.sha256(seed.encode()).hexdigest()[:TOKEN_LENGTH]


def _unsubscribe(head: Letterhead, token: str) -> str:
    return f"{head.site}/member/unsubscribe/{token}"


def _headers(
    revision: Revision, started: datetime, head: Letterhead, marks: dict[str, str]
) -> bytes:
    """RFC 5322; List-*: RFC 2369, 2919, 8058; Auto-Submitted: RFC 3834; Archived-At: RFC 5064."""
    plain = mail_headers.plain
    article = revision.article
    return b"".join(
        (
            mail_headers.mailbox("From", head.site_name, head.sender),
            f"{marks['to']}\r\n".encode(),
            mail_headers.text("Subject", f"{labels(article.lang).alert}: {article.title}"),
            mail_headers.date("Date", started),
            plain("Message-ID", marks["message_id"]),
            plain("List-Id", f"Sikkerhetsvarsler <sikkerhetsvarsler.{head.domain}>"),
            plain("List-Unsubscribe", f"<{_unsubscribe(head, marks['token'])}>"),
            plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            plain("Archived-At", f"<{head.site}{revision.path}>"),
            plain("Auto-Submitted", "auto-generated"),
            plain("Precedence", "bulk"),
            plain("X-Auto-Response-Suppress", "OOF, AutoReply"),
            plain("Content-Language", article.lang),
            plain("MIME-Version", "1.0"),
        )
    )


def _body(revision: Revision, head: Letterhead, token: str, *, boundary: str) -> bytes:
    """multipart/alternative (RFC 2046, section 5.1.4): the plain text first, the best part last."""
    values = _values(revision, head, _unsubscribe(head, token))
    text = _templates.get_template("mail.txt").render(values)
    html = _inliner.inline(_templates.get_template("mail.html").render(values))
    return b"".join(
        (
            f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'.encode(),
            _part("plain", text, boundary),
            _part("html", html, boundary),
            f"--{boundary}--\r\n".encode(),
        )
    )


def _part(subtype: str, text: str, boundary: str) -> bytes:
    """Quoted-printable: lines of at most 76 octets, and nothing a relay would have to change."""
    lines = text.strip("\n").replace("\n", "\r\n") + "\r\n"
    return (
        f"--{boundary}\r\n"
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode() + binascii.b2a_qp(lines.encode(), istext=True)


def _values(revision: Revision, head: Letterhead, unsubscribe: str) -> dict[str, Any]:
    article = revision.article
    alert = _alert_of(article)
    words = labels(article.lang)
    return {
        "words": words,
        "lang": article.lang,
        "title": article.title,
        "severity": words.severity[alert.severity],
        "alert": alert,
        "stop": {
            "heading": words.stop_advice[alert.stop_advice.code],
            "text": alert.stop_advice.text,
        },
        "medicines": [_medicine(medicine) for medicine in alert.medicines],
        "monitored": any(medicine.additional_monitoring for medicine in alert.medicines),
        "sources": [
            {
                "publisher": source.publisher,
                "url": source.url,
                "day": format_date(source.published_on, "d. MMMM y", locale=article.lang),
            }
            for source in article.sources
        ],
        "page": f"{head.site}{revision.path}",
        "site_name": head.site_name,
        "unsubscribe": unsubscribe,
    }


def _alert_of(article: Article) -> Alert:
    if article.alert is None:
        raise ValueError("an article without an alert is not mailed")
    return article.alert


def _medicine(medicine: Medicine) -> str:
    """As `▼Rinvoq (upadacitinib)`; the triangle stands before the brand, as on the package."""
    triangle = "▼" if medicine.additional_monitoring else ""
    brands = ", ".join(f"{triangle}{brand}" for brand in medicine.brands)
    return f"{brands} ({medicine.substance})"


def _wrapped(text: str, indent: int = 0) -> str:
    """Lines of at most 72 characters where words allow it; addresses stay whole."""
    return textwrap.fill(
        text,
        _WIDTH,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    trim_blocks=True,
    keep_trailing_newline=True,
    undefined=StrictUndefined,
)
_templates.filters["wrapped"] = _wrapped
_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
