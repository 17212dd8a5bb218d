"""Pure: mail that a machine wrote for somebody who is away (RFC 3834). It says nothing of ours."""

import re
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

from services.notify.bounces.reading.said import Said, Says

_SUBJECT = re.compile(
    r"\s*(auto(matic|matisk|svar|[- ]?reply)|out of (the )?office|ikke på kontoret|fravær"
    r"|ute av kontoret|ferie|vacation|on leave|jeg er (bortreist|borte)|eg er borte)",
    re.IGNORECASE,
)
_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Response", "X-Vacation")


def read(mail: Message) -> Said | None:
    """That it is an automatic reply; none if nothing says so."""
    return Said(Says.NO_NEWS, shape="auto_reply") if _is_one(mail) else None


def _is_one(mail: Message) -> bool:
    submitted = str(mail.get("Auto-Submitted", "no")).strip().lower().partition(";")[0]
    precedence = str(mail.get("Precedence", "")).strip().lower()
    return (
        submitted != "no"
        or precedence in ("bulk", "junk", "auto_reply", "list")
        or any(header in mail for header in _HEADERS)
        or bool(_SUBJECT.match(_subject(mail)))
    )


def _subject(mail: Message) -> str:
    try:
        return str(make_header(decode_header(str(mail.get("Subject", "")))))
    except (HeaderParseError, UnicodeError, LookupError, ValueError):
        return ""
