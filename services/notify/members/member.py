"""A member, and the sealed record of a member."""

from typing import NamedTuple

from services.notify.vault.vault import Vault


class Member(NamedTuple):
    """One subscription. It is never in a log, since it is a person."""

    email: str
    """As `addresses.parse` gives it."""
    name: str
    """May be empty."""
    lang: str
    consent: str
    """Short hash of the text that the member agreed to."""


def seal(vault: Vault, number: int, member: Member) -> bytes:
    """The sealed record of member `number`: a line for each field. It is bound to the number, so
    that no two records can be swapped. ValueError if a field has a line break."""
    text = "\n".join(member)
    if text.count("\n") != len(member) - 1:
        raise ValueError("a line break in a member's record")
    return vault.seal(text.encode(), _place(number))


def unseal(vault: Vault, number: int, sealed: bytes) -> Member:
    """The member whose record this is; cryptography's InvalidTag if it is another member's record
    or was changed."""
    return Member(*vault.open(sealed, _place(number)).decode().split("\n"))


def _place(number: int) -> str:
    return f"member:{number}"
