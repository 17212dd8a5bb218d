"""What stands in the journal, and what follows from it. Pure, but for the vault that seals.

An entry is a line. Lines may stand in several files, in any order, and more than once: what follows
from them is the same.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cryptography.exceptions import InvalidTag

from services.notify.vault.vault import Vault


class EntryKind(StrEnum):
    LEFT = "left"
    """A member left by themselves."""
    ERASED = "erased"
    """And their record is gone."""
    RETURNED = "returned"
    """A member undid their leaving: the number is a new one."""
    JOINED = "joined"
    """Somebody who had been a member joined again, and confirmed it."""
    IMPORTED = "imported"
    """Somebody who had left came with a list, and had agreed since."""
    MOVED = "moved"
    """The address is one of this member's: the one before a move, or the one after."""
    NUMBERS = "numbers"
    """Numbers up to this one may have been given."""
    DELIVERY = "delivery"
    POST = "post"
    WISH = "wish"
    """What staff asked of a delivery, up to the one of this number, was heard."""


GONE = frozenset({EntryKind.LEFT, EntryKind.ERASED})
RETURNS = frozenset({EntryKind.RETURNED, EntryKind.JOINED, EntryKind.IMPORTED})


@dataclass(frozen=True)
class JournalEntry:
    """One line of the journal."""

    kind: EntryKind
    at: datetime
    number: int = 0
    """The member's; or how far numbers are reserved; or a wish's."""
    index: bytes = b""
    """Keyed hash of the member's address; empty if it is not known any more."""
    earlier: int = 0
    """Of a return: the number before."""
    id: str = ""
    """Of a delivery or a post; of a wish, the delivery's."""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("an entry's time needs a time zone")


@dataclass
class JournalState:
    """What all entries say together."""

    gone: dict[int, JournalEntry] = field(default_factory=dict)
    """Each number that ended, and the entry that says so: of the erasure, if there was one. No
    number ever returns."""
    holders: dict[bytes, JournalEntry] = field(default_factory=dict)
    """For each keyed hash its last entry: who holds the address now, or held it."""
    highest: int = 0
    """The highest member number that may have been given."""
    deliveries: set[str] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    wishes: dict[str, int] = field(default_factory=dict)
    """For each delivery of which something was asked, the greatest number that was heard."""

    def is_gone(self, index: bytes) -> bool:
        """Whether nobody may be mailed at the address with this keyed hash, unless they return."""
        holder = self.holders.get(index)
        return holder is not None and holder.number in self.gone

    def is_erased(self, number: int) -> bool:
        return number in self.gone and self.gone[number].kind is EntryKind.ERASED


def state_of(entries: Iterable[JournalEntry]) -> JournalState:
    """What follows from `entries`, in whatever order they come and however often: of two that speak
    of one address the later wins."""
    state = JournalState()
    for entry in entries:
        if entry.kind is EntryKind.DELIVERY:
            state.deliveries.add(entry.id)
            continue
        if entry.kind is EntryKind.POST:
            state.posts.add(entry.id)
            continue
        if entry.kind is EntryKind.WISH:
            state.wishes[entry.id] = max(entry.number, state.wishes.get(entry.id, 0))
            continue
        state.highest = max(state.highest, entry.number)
        if entry.kind in GONE:
            ended = state.gone.get(entry.number)
            if ended is None or _weight(entry) > _weight(ended):
                state.gone[entry.number] = entry
        if entry.index:
            before = state.holders.get(entry.index)
            if before is None or _order(entry) > _order(before):
                state.holders[entry.index] = entry
    return state


def _order(entry: JournalEntry) -> tuple[datetime, int, bool, str, int]:
    """By time. Of two at the same moment the greater number is the later one, since numbers of one
    person only grow; and a life begins before it ends."""
    return entry.at, entry.number, entry.kind in GONE, entry.kind, entry.earlier


def _weight(entry: JournalEntry) -> tuple[bool, datetime, bytes, int]:
    """An erasure says more than a leaving. Of two alike the later."""
    return entry.kind is EntryKind.ERASED, entry.at, entry.index, entry.earlier


_BOUND_TO = "journal"


def seal(vault: Vault, entry: JournalEntry) -> bytes:
    """The entry's line, without its end: base64 of what the vault sealed."""
    fields = [
        entry.kind,
        entry.at.isoformat(),
        entry.number,
        entry.index.hex(),
        entry.earlier,
        entry.id,
    ]
    return base64.b64encode(vault.seal(json.dumps(fields).encode(), _BOUND_TO))


def unseal(vault: Vault, line: bytes) -> JournalEntry:
    """The entry of a line; ValueError if it is none of ours, or not whole."""
    try:
        fields = json.loads(vault.open(base64.b64decode(line, validate=True), _BOUND_TO))
    except InvalidTag:
        raise ValueError("a line of the journal cannot be read") from None
    kind, at, number, index, earlier, name = fields
    return JournalEntry(
        EntryKind(kind), datetime.fromisoformat(at), number, bytes.fromhex(index), earlier, name
    )
