"""Pure: the mail that `varsel relay test` sends: in plain text, and signed like any other."""

import binascii
from datetime import datetime

from services.notify.mail import headers
from services.notify.mail.text import Letterhead

_TEXT = """\
Dette er en prøve fra Varsel hos {site_name}, sendt med «varsel relay test».

Har du fått den i innboksen og ikke i søppelposten, er det et godt tegn.
Se også på meldingens original (i Gmail: «Vis original»): der skal det
stå PASS ved SPF, DKIM og DMARC.
"""


def trial_mail(head: Letterhead, to: str, *, reference: str, at: datetime) -> bytes:
    """The whole mail, with CRLF line ends. `reference` makes its Message-ID its own."""
    text = _TEXT.format(site_name=head.site_name).replace("\n", "\r\n").encode()
    mail = b"".join(
        (
            headers.mailbox("From", head.site_name, head.sender),
            headers.mailbox("To", "", to),
            headers.text("Subject", f"Prøve fra {head.site_name}"),
            headers.date("Date", at),
            headers.plain("Reply-To", head.reply_to) if head.reply_to else b"",
            headers.plain("Message-ID", f"<{reference}@{head.domain}>"),
            headers.plain("Auto-Submitted", "auto-generated"),
            headers.plain("MIME-Version", "1.0"),
            headers.plain("Content-Type", "text/plain; charset=utf-8"),
            headers.plain("Content-Transfer-Encoding", "quoted-printable"),
            b"\r\n",
            binascii.b2a_qp(text, istext=True),
        )
    )
    return (head.signer.sign(mail, at) if head.signer else b"") + mail
