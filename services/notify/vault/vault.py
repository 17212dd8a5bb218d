"""Members' data as it lies in Redis: sealed, and found again only by those who have the keys."""

import hmac
import os
from typing import NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.notify.members.addresses import identity

_NONCE = 12


class Member(NamedTuple):
    """One subscription. Never in a log: it is a person."""

    email: str
    """As `addresses.parse` gives it."""
    name: str
    """May be empty."""
    lang: str
    consent: str
    """Short hash of the text that the member agreed to."""


class Vault:
    """Seals records and replies with one key, and makes index entries with another."""

    def __init__(self, vault_key: bytes, index_key: bytes) -> None:
        self._aead = AESGCM(vault_key)
        self._index_key = index_key

    def seal_member(self, number: int, member: Member) -> bytes:
        """The record of a member, a line for each field; bound to the number, so that no two can be
        swapped. ValueError where a field has a line break."""
        text = "\n".join(member)
        if text.count("\n") != len(member) - 1:
            raise ValueError("a line break in a member's record")
        return self._seal(text.encode(), f"member:{number}")

    def open_member(self, number: int, sealed: bytes) -> Member:
        """The member; cryptography's InvalidTag where the record is another's or was changed."""
        return Member(*self._open(sealed, f"member:{number}").split("\n"))

    def seal_reply(self, delivery: str, number: int, text: str) -> bytes:
        """What a relay said about a member: it may quote the address. Never fails, whatever the
        text: other members' outcomes are recorded with this one."""
        return self._seal(text.encode(errors="replace"), f"reply:{delivery}:{number}")

    def open_reply(self, delivery: str, number: int, sealed: bytes) -> str:
        return self._open(sealed, f"reply:{delivery}:{number}")

    def index(self, email: str) -> bytes:
        """16 bytes that are the same for every spelling of an address (HMAC-SHA-256, cut)."""
        return hmac.digest(self._index_key, identity(email).encode(), "sha256")[:16]

    def _seal(self, text: bytes, bound_to: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, text, bound_to.encode())

    def _open(self, sealed: bytes, bound_to: str) -> str:
        return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode()).decode()
