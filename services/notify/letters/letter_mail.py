"""Pure: the mail of a letter. The same bytes each time that it is made for the same request, while
the association says the same of itself."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from services.notify.letters.decide import What
from services.notify.letters.tickets import CODE_LIFE
from services.notify.letters.wording import words
from services.notify.mail import headers
from services.notify.mail.parts import alternative, stuffed
from services.notify.mail.rendering import inline, templates
from services.notify.mail.text import Letterhead
from services.notify.mail.wording import labels
from shared.languages.dates import written_weekday
from shared.languages.say import lang_of

_PATHS = {
    What.CONFIRM_JOINING: "/bli-medlem/bekreft/{token}",
    What.ALREADY_MEMBER: "/min-side/inn/{token}",
    What.LOG_IN: "/min-side/inn/{token}",
    What.CONFIRM_ADDRESS: "/min-side/inn/{token}",
    What.MOVED: "/min-side/angre/{token}",
    What.PASSKEY_ADDED: "/min-side/steng/{token}",
    What.PASSKEY_REMOVED: "/min-side/steng/{token}",
    What.WELCOME_BACK: "/min-side/",
    What.STAFF_ADDRESS: "/redaksjon/",
    What.STAFF_NOTICE_WAITS: "/redaksjon/",
    What.STAFF_NOTICE_STANDS: "/redaksjon/",
}
"""The page that each letter's link opens. That of NO_MEMBER is wherever the association has people
join."""
_ASKED_FOR = {What.NO_MEMBER, *_PATHS} - {
    *(What.STAFF_ADDRESS, What.STAFF_NOTICE_WAITS, What.STAFF_NOTICE_STANDS)
}
"""Letters to members and to people who may become one."""
_ARTICLE_PATH = "/redaksjon/sak/{article}/"
"""Of all other letters, which are to staff."""


@dataclass(frozen=True)
class LetterMail:
    """What one letter is made of."""

    what: What
    id: str
    """The letter's. The mail tells nothing of it but a hash."""
    asks: int
    """How often it was asked for: each time is a mail of its own, or mailboxes would drop it."""
    asked_at: datetime
    """Dates the mail."""
    made: datetime
    """When it was first asked for: link and code count from then."""
    email: str = field(repr=False)
    lang: str
    life: timedelta
    token: str = field(default="", repr=False)
    """Of the link; empty if it leads to a page for everybody."""
    code: str = field(default="", repr=False)
    """Empty if there is none."""
    article: str = ""
    """Id of the article that it tells staff of."""

    def content(self, head: Letterhead) -> bytes:
        """The mail as it goes over the wire: CRLF line ends, dots at the beginning of a line
        doubled. ValueError if the address would break the header."""
        text, html, subject = self._said(head)
        plain = headers.plain
        said = b"".join(
            (
                headers.mailbox("From", head.site_name, head.sender),
                headers.mailbox("To", "", self.email),
                plain("Reply-To", head.reply_to) if head.reply_to else b"",
                headers.text("Subject", subject),
                headers.date("Date", self.asked_at.replace(microsecond=0)),
                plain("Message-ID", f"<{self._hash('message-id')[:24]}@{head.domain}>"),
                # RFC 3834: nobody's holiday answers it. It is no list's: it has no List-* header.
                plain("Auto-Submitted", "auto-generated"),
                plain("X-Auto-Response-Suppress", "OOF, AutoReply"),
                plain("Content-Language", self.lang),
                plain("MIME-Version", "1.0"),
            )
        )
        whole = said + alternative(text, html, boundary=self._hash("boundary")[:32])
        signed = head.signer.sign(whole, self.asked_at) if head.signer else b""
        return stuffed(signed + whole)

    def _said(self, head: Letterhead) -> tuple[str, str, str]:
        """Its text, its HTML and its subject."""
        lang = lang_of(self.lang)
        said, asked = words(lang), head.asked(lang)
        letter = said.letters[self.what]
        site = head.site_name
        path = _PATHS.get(self.what, _ARTICLE_PATH).format(token=self.token, article=self.article)
        why_you = said.why_you if self.what in _ASKED_FOR else said.why_staff

        def until(life: timedelta) -> str:
            return written_weekday(self.made + life, lang)

        values = {
            "lang": lang,
            "head": head,
            "subject": letter.subject,
            "heading": letter.heading,
            "said": [
                paragraph.format(site=site, article=self.article) for paragraph in letter.said
            ],
            "link": head.join if self.what is What.NO_MEMBER else head.site + path,
            "link_says": letter.link,
            "link_until": said.link_until.format(moment=until(self.life)) if self.token else "",
            "code": self.code,
            "code_until": said.code_until.format(moment=until(CODE_LIFE)),
            "ignore": letter.ignore,
            "contact": f"{labels(lang).contact}: {asked}" if asked else "",
            "postal": f"{site}, {head.postal}" if head.postal else "",
            "why_you": why_you.format(site=site),
            "words": said,
        }
        return (
            _templates.get_template("letter.txt").render(values),
            inline(_templates.get_template("letter.html").render(values)),
            letter.subject,
        )

    def _hash(self, what: str) -> str:
        return hashlib.sha256(f"{what} {self.id} {self.asks}".encode()).hexdigest()


_templates = templates(Path(__file__).parent / "templates")
