"""Pure: which letter a request becomes, once it is known whose address it is for."""

from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from services.notify.letters.asked import Asked, LetterKind


class What(StrEnum):
    """The letters that there are."""

    CONFIRM_JOINING = "confirm_joining"
    ALREADY_MEMBER = "already_member"
    """To a member whose address somebody wants to join with, or to move to. Has a log-in link."""
    LOG_IN = "log_in"
    NO_MEMBER = "no_member"
    """Nobody is a member with this address; says how to become one."""
    CONFIRM_ADDRESS = "confirm_address"
    MOVED = "moved"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    WELCOME_BACK = "welcome_back"
    STAFF_WAITS = "staff_waits"
    """Those that begin with `staff` tell a person of the staff that something has happened, and
    nothing of what the article says."""
    STAFF_REJECTED = "staff_rejected"
    STAFF_STOPPED = "staff_stopped"
    STAFF_NOT_PUBLISHED = "staff_not_published"
    STAFF_PUBLISHED_LATE = "staff_published_late"
    STAFF_MAIL_STANDS = "staff_mail_stands"
    STAFF_NOTICE_WAITS = "staff_notice_waits"
    STAFF_NOTICE_STANDS = "staff_notice_stands"
    STAFF_ADDRESS = "staff_address"
    """To the address that a person of the staff has given."""


class LetterDue(NamedTuple):
    """A letter, and what its link and code are for; none if it has no such link."""

    what: What
    ticket: Asked | None


def decide(asked: Asked, member: int | None) -> LetterDue:
    """The letter. `member`: the number of the member whose address it is, none if it is nobody's.

    Whoever asks with an address learns nothing of it; whoever reads its mail learns all.
    """
    if asked.kind is LetterKind.STAFF:
        return LetterDue(What(f"staff_{asked.about}"), None)
    if asked.kind in (LetterKind.MOVED, LetterKind.PASSKEY_ADDED, LetterKind.PASSKEY_REMOVED):
        return LetterDue(What(asked.kind), asked)
    if asked.kind is LetterKind.WELCOME_BACK:
        return LetterDue(What.WELCOME_BACK, None)
    if member is None or (asked.kind is LetterKind.MOVE and member == asked.number):
        return LetterDue(_NOBODYS[asked.kind], None if asked.kind is LetterKind.LOGIN else asked)
    log_in = replace(
        asked, kind=LetterKind.LOGIN, number=member, name="", subjects=None, consent=""
    )
    return LetterDue(What.LOG_IN if asked.kind is LetterKind.LOGIN else What.ALREADY_MEMBER, log_in)


_NOBODYS = {
    LetterKind.JOIN: What.CONFIRM_JOINING,
    LetterKind.LOGIN: What.NO_MEMBER,
    LetterKind.MOVE: What.CONFIRM_ADDRESS,
}
"""What is mailed to an address that is no other member's."""
