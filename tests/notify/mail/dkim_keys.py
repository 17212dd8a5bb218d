"""Keys that tests sign mail with, and what another program says of the signatures."""

from functools import cache

import dkim
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.notify.mail.dkim import Signer, signing_key
from tests.notify.mail.reading import HEAD


@cache
def rsa_pem(bits: int = 2048) -> str:
    return pem(rsa.generate_private_key(public_exponent=65537, key_size=bits))


@cache
def ed25519_pem() -> str:
    return pem(Ed25519PrivateKey.generate())


def pem(key: object) -> str:
    return key.private_bytes(  # type: ignore[attr-defined, no-any-return]
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    ).decode()


@cache
def signer() -> Signer:
    return Signer(
        HEAD.domain, [signing_key(rsa_pem(), "varsel-rsa"), signing_key(ed25519_pem(), "ed.2026")]
    )


def dns(name: bytes, timeout: int = 0) -> bytes | None:
    del timeout
    records = {f"{key.selector}._domainkey.{HEAD.domain}.": key.record for key in signer().keys}
    found = records.get(name.decode())
    return found.encode() if found else None


def both_are_whole(content: bytes) -> bool:
    """Whether both signatures hold; if not, neither does."""
    found = [_is_whole(content, index) for index in range(2)]
    assert len(set(found)) == 1
    return found[0]


def _is_whole(content: bytes, index: int) -> bool:
    try:
        return bool(dkim.DKIM(content).verify(idx=index, dnsfunc=dns))
    except dkim.ValidationError:
        return False
