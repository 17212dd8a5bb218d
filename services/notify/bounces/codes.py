"""Pure: what a status code (RFC 3463) says of a member's address."""

from enum import StrEnum


class Reason(StrEnum):
    GONE = "gone"
    """There is no such address."""
    ABOUT_US = "about_us"
    """It speaks of our mail, our sender or our standing."""
    NOT_NOW = "not_now"
    """It did not arrive this time: a full mailbox, a host that is down, or no reason given."""


_GONE = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"})
"""Bad mailbox, bad host, bad syntax, moved without a new address, no mail taken (RFC 7505)."""
_OF_OUR_SENDER = frozenset({"1.7", "1.8"})
_OF_OUR_MAIL = frozenset({"2.3", "3.4"})
"""Codes that say our mail is too large."""
_OUR_SUBJECTS = frozenset({"5", "6", "7"})
"""The protocol, the content, security and policy: reputation, SPF, DKIM and DMARC are all 7."""


def reason(code: str) -> Reason:
    """What a code says. A mail that was tried for days and given up (4.x.x) says the same as one
    that was refused, unless it was refused for good by one of the codes of an address."""
    kind, _, rest = code.partition(".")
    if code in _GONE:
        return Reason.GONE
    if rest in _OF_OUR_SENDER or (kind == "5" and rest in _OF_OUR_MAIL):
        return Reason.ABOUT_US
    if rest.partition(".")[0] in _OUR_SUBJECTS:
        return Reason.ABOUT_US
    return Reason.NOT_NOW
