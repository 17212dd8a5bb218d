"""Pure: what somebody asked to have mailed to one address, and the bytes that it is sealed as."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.notify.members.moves import UNDO


class LetterKind(StrEnum):
    """What was asked. The first three are asked by a browser, and get a link and a code; the others
    we tell of ourselves."""

    JOIN = "join"
    LOGIN = "login"
    MOVE = "move"
    """Somebody who is logged in wants mail at this address from now on."""
    MOVED = "moved"
    """To the former address: mail goes to another one now. Its link undoes that."""
    PASSKEY_ADDED = "passkey_added"
    """To a member who has one more passkey. Its link, as that of the next, removes them all."""
    PASSKEY_REMOVED = "passkey_removed"
    WELCOME_BACK = "welcome_back"
    """To a member who came back after leaving."""
    STAFF = "staff"
    """To a person of the staff, who is to hear of something."""

    @property
    def life(self) -> timedelta:
        """How long its link works, from when it was first asked for; and how long it is tried."""
        return UNDO if self in _UNDOES else timedelta(hours=48)


_UNDOES = frozenset({LetterKind.MOVED, LetterKind.PASSKEY_ADDED, LetterKind.PASSKEY_REMOVED})
"""Letters whose link undoes what may have been done by another."""


@dataclass(frozen=True)
class Asked:
    """One request for a letter."""

    kind: LetterKind
    email: str = field(repr=False)
    """As `addresses.parse` gives it; empty for staff, whose address is looked up at last."""
    name: str = field(default="", repr=False)
    """Of a person who joins; may be empty. It is in no letter: a stranger chose it."""
    lang: str = "nb"
    """`nb` or `nn`; of a member the language that they chose counts."""
    subjects: tuple[str, ...] | None = None
    """Ids of the subjects that a person who joins picked; none for all alerts."""
    consent: str = ""
    """Short hash of the words that a person who joins agreed to."""
    browser: str = field(default="", repr=False)
    """Id of the browser that asks, from its cookie; empty if none does. The code works in it
    alone."""
    number: int = 0
    """The member who asks, or whom this is about; 0 if that is not known yet."""
    at: datetime | None = None
    """When it was asked; none for now."""
    staff: str = ""
    """Id of the person of the staff."""
    about: str = ""
    """What they are to hear of: one of `NewsForStaff`, or `address` to confirm theirs. Of a log-in
    the page that it leads to; empty for «Min side»."""
    article: str = ""
    """The id of the article that it is about."""


@dataclass(frozen=True)
class StaffAddress:
    """Where a person of the staff gets letters."""

    email: str = field(repr=False)
    lang: str = "nb"


def to_bytes(asked: Asked) -> bytes:
    """What is sealed."""
    return json.dumps(
        [
            asked.kind,
            asked.email,
            asked.name,
            asked.lang,
            asked.subjects,
            asked.consent,
            asked.browser,
            asked.number,
            asked.at.isoformat() if asked.at else None,
            asked.staff,
            asked.about,
            asked.article,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def from_bytes(content: bytes) -> Asked:
    """What `to_bytes` was given."""
    kind, email, name, lang, subjects, consent, browser, number, at, *of_staff = json.loads(content)
    return Asked(
        LetterKind(kind),
        email,
        name,
        lang,
        None if subjects is None else tuple(subjects),
        consent,
        browser,
        number,
        None if at is None else datetime.fromisoformat(at),
        *of_staff,
    )
