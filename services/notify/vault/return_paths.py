"""Where a mail comes back to: an address of its own for each delivery and member (VERP).

It is the mail's envelope sender, `retur+TOKEN@varsel.example.org`, and stands in nothing else that
we write. The token is AES-SIV (RFC 5297) of what is told below, so nobody can make one, and it is
the same on each retry: greylists go by it. It is base32 in lower case and read in any case, since
some hosts change the case of what stands before the @. What comes back is trusted by it alone,
never by what its text says.
"""

import base64
import binascii
import re
from itertools import product
from struct import Struct
from typing import NamedTuple
from zlib import crc32

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

TOKEN_LENGTH = 45
"""Characters."""
LONGEST_LOCAL = 64 - TOKEN_LENGTH - len("+")
"""Octets before the @ of the address itself: RFC 5321, section 4.5.3.1.1, allows 64 in all."""
_PLAIN = Struct(">IIHH")
"""A `SentMail`. Sealed it is 16 bytes longer."""
_SPARE_BITS = TOKEN_LENGTH * 5 - (16 + _PLAIN.size) * 8
_PLACES = range(TOKEN_LENGTH * 5 - 15, -1, -15)
_THREE = ["".join(three) for three in product("abcdefghijklmnopqrstuvwxyz234567", repeat=3)]
"""Three characters of base32 by their 15 bits: `b32encode` takes longer than all else here, and it
is done for each mail."""
_TOKEN = "[a-z2-7]{45}"  # noqa: S105 (how one looks)


class SentMail(NamedTuple):
    """The mail that an address was made for."""

    number: int
    """The member's."""
    started: int
    """When its delivery was started, in seconds since 1970."""
    delivery_check: int
    """Tells deliveries of the same second apart: see `check`."""
    address_check: int
    """Tells whether the member's address has changed since: see `check`."""


class ReturnPaths:
    """Makes and reads the addresses, with a key of 32 bytes. `address` is what they are made of,
    as `retur@varsel.example.org`; ValueError if there is no room for a token in it."""

    def __init__(self, key: bytes, address: str) -> None:
        local, _, domain = address.rpartition("@")
        if not local or not domain or not address.isascii():
            raise ValueError("it is no address")
        if len(local) > LONGEST_LOCAL or "+" in local:
            raise ValueError(f"before the @ it has at most {LONGEST_LOCAL} characters, and no +")
        self.address = address
        self._siv = AESSIV(key)
        self._before, self._after = f"{local}+", f"@{domain}"
        whole = f"{re.escape(local)}\\+({_TOKEN})@{re.escape(domain)}"
        self._whole = re.compile(whole, re.IGNORECASE | re.ASCII)
        self._whole_bytes = re.compile(whole.encode(), re.IGNORECASE)

    def make(self, delivery: str, started: int, number: int, email: str) -> str:
        """The address that the member's mail of this delivery comes back to."""
        plain = _PLAIN.pack(number, started, check(delivery), check(email))
        bits = int.from_bytes(self._siv.encrypt(plain, None), "big") << _SPARE_BITS
        token = "".join([_THREE[bits >> place & 0x7FFF] for place in _PLACES])
        return f"{self._before}{token}{self._after}"

    def read(self, address: str) -> SentMail | None:
        """The mail that an address was made for; none if it is not one of ours."""
        found = self._whole.fullmatch(address)
        return self._open(found[1]) if found else None

    def is_plain(self, address: str) -> bool:
        """Whether it is the address without a token."""
        return address.lower() == self.address.lower()

    def in_text(self, content: bytes) -> SentMail | None:
        """The mail of the first of our addresses that stands in `content`; none if none does."""
        found = (self._open(found[1].decode()) for found in self._whole_bytes.finditer(content))
        return next(filter(None, found), None)

    def _open(self, token: str) -> SentMail | None:
        try:
            sealed = base64.b32decode(token.upper() + "===")
            plain = self._siv.decrypt(sealed, None)
        except (binascii.Error, InvalidTag, ValueError):
            return None
        return SentMail(*_PLAIN.unpack(plain))


def check(text: str) -> int:
    """A number below 65,536 that another text rarely has. It tells apart what is sealed with it,
    and proves nothing."""
    return crc32(text.encode()) & 0xFFFF
