"""Pure: what came back in a shape of its own, as from qmail; flufl.bounce knows many."""

import re
from email.message import Message

from flufl.bounce import all_failures

from services.notify.bounces.reading.said import Said, Says, codes

_BEFORE_OURS = re.compile(
    r"^-+ ?(below this line|this is a copy|original message|returned message)"
    r"|^(return-path|received):",
    re.IGNORECASE | re.MULTILINE,
)
"""Where the mail that came back begins, in a text that holds it."""


def read(mail: Message) -> Said | None:
    """What it says; none if nobody knows its shape. Its addresses are passed over: the token says
    whose mail it was."""
    temporary, permanent = all_failures(mail)
    if permanent:
        said = codes(_text(mail), of="5")
        return Said(Says.RETURNED, said[0] if len(said) == 1 else "5.0.0", "old")
    if temporary:  # it is still being tried
        return Said(Says.NO_NEWS, shape="old")
    return None


def _text(mail: Message) -> str:
    """What stands in the first part that is text, before the mail that came back."""
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            content = part.get_payload(decode=True)
            text = content.decode("latin-1") if isinstance(content, bytes) else ""
            return _BEFORE_OURS.split(text, maxsplit=1)[0]
    return ""
