"""Pure: the mail of one delivery, built once, then filled in for each member."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notify.mail import headers as mail_headers
from services.notify.mail.marks import Marks, require_in_place
from services.notify.mail.parts import alternative, stuffed
from services.notify.mail.slots import Slots
from services.notify.mail.text import Letterhead, Words
from services.notify.members.addresses import MAX_ADDRESS
from services.notify.members.member import MAX_NAME
from services.notify.vault.tokens import Tokens
from shared.article import Lang


@dataclass(frozen=True)
class MailText:
    """What the mails of a delivery say, and where that stands."""

    text_id: str
    """Names this text among those of the delivery."""
    words: Callable[[str], Words]
    """The words, by the address of the page on which the member leaves."""
    lang: Lang
    archived_at: str = ""
    """The address of the page that says the same; empty if none does."""


class DeliveryMail:
    """The mail of one delivery with one text."""

    def __init__(
        self,
        said: MailText,
        *,
        delivery: str,
        started: datetime,
        head: Letterhead,
        marks_key: bytes,
        earlier: Sequence[str] = (),
    ) -> None:
        """Builds it, which takes milliseconds.

        `started` dates every mail of the delivery, so that a mail that is sent again is the same.
        `earlier` are the deliveries whose mails this one answers, the first one first. `marks_key`
        is the vault's key for marks. NotMailable if the text has a mark of this mail.
        """
        self._delivery = delivery
        self._earlier = earlier
        self._domain = head.domain
        derived = Marks(marks_key, f"{delivery} {said.text_id}")
        marks = {slot: derived.of(slot) for slot in ("to", "message_id", "token", *earlier)}
        boundary = derived.of("boundary")
        words = said.words(head.unsubscribe(marks["token"]))
        headers = _headers(said, words.subject, started, head, marks)
        headers += _thread([marks[one] for one in earlier])
        body = alternative(words.text, words.html, boundary=boundary)
        slots = {slot: mark.encode() for slot, mark in marks.items()}
        self._signed = head.signer and head.signer.prepare(headers + body, slots, started)
        # No value begins a line with a dot, so that those of the text are doubled once and for all.
        whole = stuffed(headers + body)
        _require_in_place(whole, words, head, marks | {"boundary": boundary}, earlier)
        self._slots = Slots(whole, slots)

    def fill(self, number: int, email: str, name: str, tokens: Tokens) -> list[bytes]:
        """The pieces of the mail for one member, as they go over the wire: CRLF line ends, dots at
        the beginning of a line doubled (RFC 5321, section 4.5.2). ValueError if the name or the
        address would break the header."""
        values = {
            "to": mail_headers.mailbox("To", name, email)[:-2],
            "message_id": self._message_id(self._delivery, number, tokens),
            "token": tokens.seal(number).encode(),
        }
        for delivery in self._earlier:
            values[delivery] = self._message_id(delivery, number, tokens)
        pieces = self._slots.fill(values)
        return [self._signed.lines(values), *pieces] if self._signed else pieces

    def largest(self, tokens: Tokens) -> int:
        """Octets of the largest mail that a member could get, as RFC 1870 counts them or slightly
        more: dots that go only over the wire count too."""
        return sum(map(len, self.fill(1, "a" * MAX_ADDRESS, "\N{BELL}" * MAX_NAME, tokens)))

    def _message_id(self, delivery: str, number: int, tokens: Tokens) -> bytes:
        """The Message-ID of the member's mail in a delivery. It is the same each time, so that a
        later delivery can name it too."""
        return f"<{delivery}.{tokens.reference(delivery, number)}@{self._domain}>".encode()


def _require_in_place(
    mail: bytes, words: Words, head: Letterhead, marks: dict[str, str], earlier: Sequence[str]
) -> None:
    """NotMailable if a mark or the boundary stands anywhere but in its own places: in the mail as
    it is sent, and in what a header may hold as encoded words."""
    thread = {one: 1 + (one == earlier[-1]) for one in earlier}
    tokens = 2 + len(_ways_out(head, ""))
    places = {"to": 1, "message_id": 1, "token": tokens, "boundary": 4, **thread}
    require_in_place(mail, marks, places)
    for text in (words.subject, head.site_name):
        require_in_place(text, marks, {})
    for text in (words.text, words.html):
        require_in_place(text, marks, {"token": 1})


def _thread(earlier: Sequence[str]) -> bytes:
    """The headers that name the mails that this one answers (RFC 5322, section 3.6.4)."""
    if not earlier:
        return b""
    answers = mail_headers.plain("In-Reply-To", earlier[-1])
    return answers + mail_headers.folded_lines("References", earlier)


def _headers(
    said: MailText, subject: str, started: datetime, head: Letterhead, marks: dict[str, str]
) -> bytes:
    """All headers but those of the thread and the body. RFC 5322; List-*: RFC 2369, 2919, 8058;
    Auto-Submitted: RFC 3834; Archived-At: RFC 5064."""
    plain = mail_headers.plain
    return b"".join(
        (
            mail_headers.mailbox("From", head.site_name, head.sender),
            f"{marks['to']}\r\n".encode(),
            mail_headers.text("Subject", subject),
            mail_headers.date("Date", started),
            plain("Reply-To", head.reply_to) if head.reply_to else b"",
            plain("Message-ID", marks["message_id"]),
            plain("List-Id", f"Sikkerhetsvarsler <sikkerhetsvarsler.{head.domain}>"),
            mail_headers.folded_lines("List-Unsubscribe", _ways_out(head, marks["token"])),
            plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            plain("Archived-At", f"<{said.archived_at}>") if said.archived_at else b"",
            plain("Auto-Submitted", "auto-generated"),
            plain("Precedence", "bulk"),
            plain("X-Auto-Response-Suppress", "OOF, AutoReply"),
            plain("Content-Language", said.lang),
            plain("MIME-Version", "1.0"),
        )
    )


def _ways_out(head: Letterhead, token: str) -> list[str]:
    """What List-Unsubscribe offers: the page, and a mail if somebody listens for it. One a line, so
    that no program that folds lines breaks a URI."""
    page = f"<{head.unsubscribe(token)}>"
    if not head.leave_address:
        return [page]
    return [f"{page},", f"<{head.unsubscribe_by_mail(token)}>"]
