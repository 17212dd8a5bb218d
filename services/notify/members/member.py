"""A member, and the sealed record of a member. Pure, but for the vault that seals."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from services.notify.vault.vault import Vault

IMPORTED, JOINED, BY_STAFF = "import", "joined", "staff"
"""The values of `Member.how`."""
ALERTS = "alerts"
"""The purpose of a consent to get safety alerts by mail."""
MAX_NAME = 100
"""Characters."""
DOES_NOT_OPEN = (InvalidTag, TypeError, ValueError)
"""What `unseal` raises for a damaged record."""


class Member(NamedTuple):
    """One subscription. It is never in a log, since it is a person."""

    email: str
    """As `addresses.parse` gives it."""
    name: str
    """May be empty."""
    lang: str
    consent: str
    """Short hash of the words that the member agreed to: see `Consent`."""
    how: str = IMPORTED
    """How the member agreed: to whoever gave us a list (`import`), here (`joined`), or to staff by
    phone or letter (`staff`)."""
    asked: str = ""
    """When they asked to be a member, as an ISO time; empty if nobody wrote it down."""
    confirmed: str = ""
    """When they agreed, as an ISO time or date; empty if nobody wrote it down."""
    lists: str = ""
    """Names of the registers that they came by, comma-separated; empty for those who joined."""
    moves: str = ""
    """When their address was changed, as ISO times, comma-separated: see moves.py."""


@dataclass(frozen=True)
class Consent:
    """Words that members agreed to."""

    text: str
    purpose: str = ALERTS
    version: str = ""
    """Of the words; empty if whoever asked gave them none."""
    lang: str = ""
    """Of the words; empty if it is not known."""

    @property
    def short(self) -> str:
        """16 hex digits that records name the words by (SHA-256, cut)."""
        return hashlib.sha256(self.line.encode()).hexdigest()[:16]

    @property
    def line(self) -> str:
        """What is kept of them, as JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def seal(vault: Vault, number: int, member: Member) -> bytes:
    """The sealed record of member `number`: a line for each field. It is bound to the number, so
    that no two records can be swapped. Fields at its end that have their default are not written,
    since a million records have them. ValueError if a field has a line break."""
    fields = list(member)
    for name in reversed(Member._field_defaults):
        if fields[-1] != Member._field_defaults[name]:
            break
        fields.pop()
    text = "\n".join(fields)
    if text.count("\n") != len(fields) - 1:
        raise ValueError("a line break in a member's record")
    return vault.seal(text.encode(), _place(number))


def unseal(vault: Vault, number: int, sealed: bytes) -> Member:
    """The member whose record this is; one of `DOES_NOT_OPEN` if it is another member's record or
    was changed."""
    return Member(*vault.open(sealed, _place(number)).decode().split("\n"))


def _place(number: int) -> str:
    return f"member:{number}"
