"""Pure: DKIM signatures (RFC 6376; Ed25519: RFC 8463), relaxed/relaxed.

A signature dates from the delivery's start and both algorithms are deterministic, so a mail that is
sent again is the same to the byte. Each header is named once more than it stands in the mail
(section 8.15): whoever adds a second one breaks the signature.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from services.notify.mail.slots import Slots

SIGNED = (
    *("from", "to", "subject", "date", "reply-to", "message-id", "in-reply-to", "references"),
    *("mime-version", "content-type", "list-id", "list-unsubscribe", "list-unsubscribe-post"),
)
"""The headers that are signed if they are there, and cannot be added if they are not."""
_LEAST_RSA_BITS = 2048
"""Of the key that signs."""
_LINE = 72
"""Characters of a line of a signature."""
_SPACES = re.compile(rb"[ \t]+")
_TRAILING = re.compile(rb"[ \t]+(?=\r\n)")
_FOLDS = re.compile(rb"\r\n(?=[ \t])")
_PEM = re.compile(r"-----BEGIN [A-Z ]+-----.*?-----END [A-Z ]+-----\n?", re.DOTALL)
_SELECTOR = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


@dataclass(frozen=True, repr=False)
class SigningKey:
    """A private key, and the name under which DNS has its public one."""

    selector: str
    key: Ed25519PrivateKey | RSAPrivateKey

    @property
    def algorithm(self) -> str:
        return "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"

    @property
    def record(self) -> str:
        """The text of the DNS record that publishes the key (RFC 6376, section 3.6.1)."""
        public = self.key.public_key()
        if isinstance(self.key, RSAPrivateKey):
            raw, kind = _spki(public), "rsa"
        else:
            raw, kind = _raw(public), "ed25519"
        return f"v=DKIM1; k={kind}; p={base64.b64encode(raw).decode()}"

    @property
    def pem(self) -> str:
        """The private key, as a file has it."""
        encoding, shape = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(encoding, shape, serialization.NoEncryption()).decode()

    def sign(self, said: bytes) -> bytes:
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(said, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(hashlib.sha256(said).digest())


def signing_keys(pems: str, selectors: str) -> list[SigningKey]:
    """The keys in a PEM file with as many selectors, which have commas between them: the newest
    first. ValueError as `signing_key`, or if there are more of the ones than of the others."""
    names = [name.strip() for name in selectors.split(",")]
    found = _PEM.findall(pems) or [pems]
    if len(found) != len(names):
        raise ValueError(f"has {len(found)} keys, and {len(names)} selectors are named")
    return [signing_key(pem, name) for pem, name in zip(found, names, strict=True)]


def new_signing_key(kind: str, selector: str) -> SigningKey:
    """A new key; `kind` is `rsa` or `ed25519`."""
    if kind == "rsa":
        made = rsa.generate_private_key(public_exponent=65537, key_size=_LEAST_RSA_BITS)
        return SigningKey(selector, made)
    return SigningKey(selector, Ed25519PrivateKey.generate())


def signing_key(pem: str, selector: str) -> SigningKey:
    """The key in a PEM file, under its selector; ValueError if it is none that DKIM has."""
    if not _SELECTOR.fullmatch(selector):
        raise ValueError("the selector is no name that DNS can have")
    try:
        key = serialization.load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("is no private key as PEM, without a password") from None
    if isinstance(key, RSAPrivateKey):
        if key.key_size < _LEAST_RSA_BITS:
            raise ValueError(f"the RSA key must have at least {_LEAST_RSA_BITS} bits")
    elif not isinstance(key, Ed25519PrivateKey):
        raise ValueError("is neither an RSA nor an Ed25519 key")
    return SigningKey(selector, key)


class Signer:
    """Signs the mails of one domain, with each of its keys."""

    def __init__(self, domain: str, keys: Sequence[SigningKey]) -> None:
        self.domain = domain
        self.keys = tuple(keys)

    def sign(self, mail: bytes, at: datetime) -> bytes:
        """The header lines that go before `mail`, which has CRLF line ends and no dots doubled."""
        return self.prepare(mail, {}, at).lines({})

    def prepare(self, mail: bytes, marks: Mapping[str, bytes], at: datetime) -> "SignedMail":
        """What all mails have in common that differ only in what stands for `marks` (see
        slots.py). The mark of a whole header line is that of its slot `to`."""
        return SignedMail(self, mail, marks, at)


class SignedMail:
    """The signatures of a mail with slots."""

    def __init__(
        self, signer: Signer, mail: bytes, marks: Mapping[str, bytes], at: datetime
    ) -> None:
        if to := marks.get("to"):
            mail = mail.replace(to, b"To: " + to, 1)
        head, _, body = mail.partition(b"\r\n\r\n")
        headers = _relaxed_headers(head + b"\r\n")
        # From the last one up, as section 5.4.2 asks.
        named = [(name, list(reversed(headers.get(name, [])))) for name in SIGNED]
        self._headers = _some_slots(b"".join(line for _, lines in named for line in lines), marks)
        names = ":".join(name for name, lines in named for _ in range(len(lines) + 1))
        self._keys = [(key, _Lines(signer.domain, key, at, names)) for key in signer.keys]
        self._body = _some_slots(relaxed_body(body), marks)
        self._begun = hashlib.sha256(self._body.first)

    def lines(self, values: Mapping[str, bytes]) -> bytes:
        """The header lines that go before the mail whose slots have these values."""
        if to := values.get("to"):
            values = {**values, "to": _relaxed_value(to.partition(b":")[2])}
        headers = b"".join(self._headers.fill(values))
        body = self._begun.copy()
        body.update(b"".join(self._body.fill(values)[1:]))
        digest = base64.b64encode(body.digest())
        return b"".join(lines.signed(key, headers, digest) for key, lines in self._keys)


class _Lines:
    """The lines of one signature, as they are sent and as they are signed."""

    def __init__(self, domain: str, key: SigningKey, at: datetime, names: str) -> None:
        tags = (
            f"v=1; a={key.algorithm}; c=relaxed/relaxed; d={domain}; s={key.selector};",
            f"t={int(at.timestamp())};",
            *_wrapped_names(names),
        )
        self._sent = b"DKIM-Signature: " + "\r\n\t".join(tags).encode() + b"\r\n\tbh="
        self._signed = b"dkim-signature:" + " ".join(tags).encode() + b" bh="

    def signed(self, key: SigningKey, headers: bytes, body_hash: bytes) -> bytes:
        value = base64.b64encode(key.sign(headers + self._signed + body_hash + b"; b="))
        rows = [value[place : place + _LINE] for place in range(0, len(value), _LINE)]
        return self._sent + body_hash + b";\r\n\tb=" + b"\r\n\t".join(rows) + b"\r\n"


def _wrapped_names(names: str) -> list[str]:
    """The tag `h=` in lines; white space may stand around its colons."""
    rows = ["h="]
    for name in names.split(":"):
        if len(rows[-1]) + len(name) > _LINE:
            rows.append("")
        rows[-1] += f"{name}:"
    rows[-1] = rows[-1][:-1] + ";"
    return rows


def relaxed_body(body: bytes) -> bytes:
    """Section 3.4.4."""
    lines = _TRAILING.sub(b"", _SPACES.sub(b" ", body)).rstrip(b" \t")
    lines = re.sub(rb"(\r\n)*\Z", b"", lines, count=1)
    return lines + b"\r\n" if lines else b""


def _relaxed_headers(head: bytes) -> dict[str, list[bytes]]:
    """Each header's lines by its name, in the order of the mail (section 3.4.2)."""
    found: dict[str, list[bytes]] = {}
    for line in _FOLDS.sub(b"", head).split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if colon:
            key = name.strip().lower()
            found.setdefault(key.decode(), []).append(key + b":" + _relaxed_value(value) + b"\r\n")
    return found


def _relaxed_value(value: bytes) -> bytes:
    return _SPACES.sub(b" ", _FOLDS.sub(b"", value)).strip(b" ")


def _some_slots(text: bytes, marks: Mapping[str, bytes]) -> Slots:
    """The text with those slots that it has."""
    whole = text.replace(b"=\r\n", b"")
    return Slots(text, {name: mark for name, mark in marks.items() if mark in whole})


def _spki(public: object) -> bytes:
    encoding, shape = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return public.public_bytes(encoding, shape)  # type: ignore[attr-defined, no-any-return]


def _raw(public: object) -> bytes:
    return public.public_bytes(  # type: ignore[attr-defined, no-any-return]
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
