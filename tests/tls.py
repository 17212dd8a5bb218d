"""Certificates for tests, from an authority of their own."""

import datetime as dt
import ipaddress
import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_folder = tempfile.TemporaryDirectory(prefix="varsel-tls-")  # gone when the test run ends
_DAY = dt.timedelta(days=1)


class Authority:
    """Signs certificates; `file` is what those need who are to trust it."""

    def __init__(self, name: str) -> None:
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.file = Path(_folder.name) / f"{name}.pem"
        basic = x509.BasicConstraints(ca=True, path_length=None)
        made = self._made(self._name, self._key, 1).add_extension(basic, critical=True)
        self.file.write_bytes(_pem(made.sign(self._key, hashes.SHA256())))

    def context(self, host: str, *, days: int = 1) -> ssl.SSLContext:
        """For a server with such a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate(host, days=days))
        return context

    def certificate(self, host: str, *, days: int = 1) -> Path:
        """The file with a key and its certificate, which is for `host` and holds for so many days;
        below 0: it ended that long ago."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        names = x509.SubjectAlternativeName([_name(host)])
        made = self._made(subject, key, days).add_extension(names, critical=False)
        file = Path(_folder.name) / f"{host}.{key.private_numbers().private_value:x}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + _pem(made.sign(self._key, hashes.SHA256()))
        )
        return file

    def _made(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, days: int
    ) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + min(days, 0) * _DAY - _DAY)
            .not_valid_after(now + days * _DAY)
        )


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@cache
def authority() -> Authority:
    """The one that `trusted` makes this process trust."""
    return Authority("tests")


@cache
def context(host: str) -> ssl.SSLContext:
    """For a server whose certificate is right."""
    return authority().context(host)


@contextmanager
def trusted() -> Iterator[None]:
    """Within it, whoever asks OpenSSL for its authorities gets the tests' own."""
    before = os.environ.get("SSL_CERT_FILE")
    os.environ["SSL_CERT_FILE"] = str(authority().file)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SSL_CERT_FILE"]
        else:
            os.environ["SSL_CERT_FILE"] = before
