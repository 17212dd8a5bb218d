"""What stands for a member in public: the token of an unsubscribe link, and a mail's reference.

Without the key both tell nothing. They are the same each time, so that a mail that is sent again
has the same bytes.
"""

import base64
import hmac
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

TOKEN_LENGTH = 32
"""Characters."""
LEAVE = "avmeld"
"""The word before a token, in the subject of a mail that asks to leave (RFC 2369)."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)


class Tokens:
    """Seals members' numbers with one key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._siv = AESSIV(key)
        self._key = key

    def seal(self, number: int) -> str:
        """The member's token: 32 characters of base64url, AES-SIV (RFC 5297) of the number."""
        sealed = self._siv.encrypt(number.to_bytes(8, "big"), None)
        return base64.urlsafe_b64encode(sealed).decode()

    def open(self, token: str) -> int | None:
        """The number in a token, or none if the token is not ours."""
        if not _TOKEN.fullmatch(token):
            return None
        try:
            number = self._siv.decrypt(base64.urlsafe_b64decode(token), None)
        except InvalidTag:
            return None
        return int.from_bytes(number, "big")

    def reference(self, delivery: str, number: int) -> str:
        """16 hex digits that stand for the member in this delivery's Message-ID."""
        said = f"message-id {delivery} {number}".encode()
        return hmac.digest(self._key, said, "sha256").hex()[:16]
