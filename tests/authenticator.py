"""An authenticator in software: makes passkeys and signs with them, as a phone or a key does.

It answers what the site's page asks as a browser would (WebAuthn Level 3, JSON forms)."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

_PRESENT, _VERIFIED, _HAS_KEY = 0x01, 0x04, 0x40


@dataclass
class Credential:
    id: bytes
    key: EllipticCurvePrivateKey
    handle: str
    count: int = 0


@dataclass
class Authenticator:
    origin: str
    """The site's address, as the browser sees it."""
    verifies: bool = True
    """Whether it checks who holds it."""
    credentials: list[Credential] = field(default_factory=list)

    def make(self, asked: str, **claimed: str) -> str:
        """Make a passkey; the browser's answer. `claimed` replaces what the browser signs of
        itself."""
        ask = json.loads(asked)
        mine = Credential(
            secrets.token_bytes(20), generate_private_key(SECP256R1()), ask["user"]["id"]
        )
        numbers = mine.key.public_key().public_numbers()
        x, y = (value.to_bytes(32) for value in (numbers.x, numbers.y))
        key = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        data = self._data(ask["rp"]["id"], _HAS_KEY, 0)
        data += bytes(16) + len(mine.id).to_bytes(2) + mine.id + key
        self.credentials.append(mine)
        whole = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", ask["challenge"], claimed)
        return self._answer(mine, client, {"attestationObject": bytes_to_base64url(whole)})

    def use(self, asked: str, which: int = 0, **claimed: str) -> str:
        """Sign with a passkey; the browser's answer."""
        ask = json.loads(asked)
        mine = self.credentials[which]
        mine.count += 1
        data = self._data(ask["rpId"], 0, mine.count)
        client = self._client("webauthn.get", ask["challenge"], claimed)
        signature = mine.key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(
            mine,
            client,
            {
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(signature),
                "userHandle": mine.handle,
            },
        )

    def _data(self, host: str, flags: int, count: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verifies else 0)
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + count.to_bytes(4)

    def _client(self, kind: str, challenge: str, claimed: dict[str, str]) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin} | claimed
        return json.dumps(said).encode()

    def _answer(self, mine: Credential, client: bytes, response: dict[str, Any]) -> str:
        id_ = bytes_to_base64url(mine.id)
        response["clientDataJSON"] = bytes_to_base64url(client)
        return json.dumps({"id": id_, "rawId": id_, "type": "public-key", "response": response})
