"""Seals bytes, so that Redis holds nothing readable, and hashes what must be found again."""

import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_INDEX_BYTES = 16


class Vault:
    """Seals with one key of 32 bytes, and makes index entries with another."""

    def __init__(self, vault_key: bytes, index_key: bytes) -> None:
        self._aead = AESGCM(vault_key)
        self._index_key = index_key

    def seal(self, content: bytes, bound_to: str) -> bytes:
        """`content`, encrypted with AES-GCM. `bound_to` names the place that it belongs to: the
        sealed bytes open nowhere else. Different bytes each time."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, content, bound_to.encode())

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """What was sealed; cryptography's InvalidTag if the bytes were changed, or `bound_to` is
        another place."""
        nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        return self._aead.decrypt(nonce, content, bound_to.encode())

    def index(self, content: bytes) -> bytes:
        """16 bytes that are the same for the same content (HMAC-SHA-256, cut)."""
        return hmac.digest(self._index_key, content, "sha256")[:_INDEX_BYTES]
