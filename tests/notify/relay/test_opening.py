"""What stands between us and a relay is said as it is, and a log-in never goes in the clear."""

import asyncio
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from services.notify.relay import connection as module
from services.notify.relay.connection import Connection
from services.notify.relay.pool import Pool
from services.notify.relay.replies import NO_ANSWER, Reply
from services.notify.relay.url import RelayUrl
from services.notify.relay.window import Window
from tests.make import alert, revision
from tests.notify.rogue import HANG, Conversation, Rogue, delivering_to
from tests.notify.steps import addresses
from tests.notify.system import System
from tests.wait import until

LOGIN = {"user": "varsel", "password": "hemmelig"}


async def opened(port: int, host: str = "127.0.0.1", **wanted: object) -> Reply | None:
    """What the relay's opening ends in."""
    relay = RelayUrl(host, port, **wanted)  # type: ignore[arg-type]
    pool = Pool(relay, sender="varsel@example.org", window=Window())
    connection = Connection(relay, sender="varsel@example.org", source=pool)
    refusal = await connection.open()
    await connection.close()
    return refusal


async def trouble(port: int, host: str = "127.0.0.1", **wanted: object) -> str:
    refusal = await opened(port, host, **wanted)
    assert refusal
    assert refusal.code == NO_ANSWER
    assert "0" not in refusal.short
    return refusal.short


class NoEhlo(Rogue):
    words = b"502 5.5.1 command not implemented"

    def on_ehlo(self, _said: Conversation) -> bytes | None:
        return self.words + b"\r\n"


@pytest.mark.parametrize("code", ["500", "502", "504"])
async def test_a_relay_that_knows_no_ehlo_gets_helo_and_all_mail(notify: System, code: str) -> None:
    await notify.join(*addresses(20))
    rogue = NoEhlo()
    rogue.words = f"{code} what?".encode()
    async with rogue, delivering_to(rogue, notify, revision(alert())):
        found = await notify.delivery()
    assert "HELO" in rogue.heard
    assert rogue.taken == dict.fromkeys(addresses(20), 1)
    assert found["handed_over"] == 20


@pytest.mark.parametrize("words", ["501 5.5.4 bad name", "550 go away", "421 4.7.0 later"])
async def test_another_refusal_of_ehlo_is_a_refusal(words: str) -> None:
    rogue = NoEhlo()
    rogue.words = words.encode()
    async with rogue:
        refusal = await opened(rogue.port)
    assert refusal
    assert refusal.short in ("5.5.4 501", "550", "4.7.0 421")
    assert "HELO" not in rogue.heard


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"starttls": True}, "offers no STARTTLS"),
        (LOGIN, "offers no AUTH"),
        ({"starttls": True} | LOGIN, "offers no STARTTLS"),
    ],
)
@pytest.mark.parametrize("kind", [NoEhlo, Rogue])
async def test_no_helo_and_no_mail_where_tls_or_a_log_in_is_required(
    kind: type[Rogue], wanted: dict[str, object], said: str
) -> None:
    async with kind() as rogue:
        assert await trouble(rogue.port, **wanted) == said
    assert not {"HELO", "AUTH", "MAIL"} & set(rogue.heard)


async def test_a_log_in_by_methods_that_we_do_not_know_is_told() -> None:
    async with Rogue() as rogue:
        rogue.offers = (b"AUTH GSSAPI NTLM",)
        assert await trouble(rogue.port, **LOGIN) == "offers no AUTH that we know"


class RefusesLogin(Rogue):
    offers = (b"AUTH PLAIN",)

    def on_auth(self, _said: Conversation, _line: bytes) -> bytes | None:
        return b"535 5.7.8 wrong password\r\n"


async def test_a_refused_log_in_is_told_with_its_codes() -> None:
    async with RefusesLogin() as rogue:
        refusal = await opened(rogue.port, **LOGIN)
    assert refusal
    assert (refusal.phase, refusal.short) == ("auth", "5.7.8 535")


async def test_a_relay_that_is_not_there_is_no_connection(unused_tcp_port: int) -> None:
    assert await trouble(unused_tcp_port) == "no connection"


async def test_a_host_that_is_in_no_dns_is_unknown() -> None:
    assert await trouble(25, host="relay.invalid") == "host is not found"


class Silent(Rogue):
    def on_connect(self, _number: int) -> bytes | None:
        return HANG


class Closes(Rogue):
    def on_ehlo(self, _said: Conversation) -> bytes | None:
        return None


class Web(Rogue):
    greeting = b"HTTP/1.1 400 Bad Request\r\n"


@pytest.mark.parametrize(
    ("kind", "said"),
    [(Silent, "no answer"), (Closes, "connection lost"), (Web, "speaks no SMTP")],
)
async def test_a_relay_that_says_nothing_of_use_is_told_as_what_it_did(
    kind: type[Rogue], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CONNECT", 0.3)
    async with kind() as rogue:
        assert await trouble(rogue.port) == said


class Certificates:
    """A certification authority, and what it signs. OpenSSL trusts it while SSL_CERT_FILE says."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Eksempel")])
        own = self._build(self._name, self._key, timedelta(days=1))
        basic = x509.BasicConstraints(ca=True, path_length=None)
        self.file = folder / "authority.pem"
        signed = own.add_extension(basic, critical=True).sign(self._key, hashes.SHA256())
        self.file.write_bytes(signed.public_bytes(serialization.Encoding.PEM))

    def _build(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, lasts: timedelta
    ) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=2))
            .not_valid_after(now + lasts)
        )

    def serve(self, host: str, lasts: timedelta = timedelta(days=1)) -> ssl.SSLContext:
        """For a server by the name of `host`."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        made = self._build(subject, key, lasts).add_extension(names, critical=False)
        file = self._folder / "server.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        return context


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Certificates]:
    made = Certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    yield made


def both_ways(tls: ssl.SSLContext) -> Iterator[tuple[Rogue, dict[str, object]]]:
    for starts_tls in (False, True):
        rogue = RefusesLogin()
        rogue.tls, rogue.starts_tls = tls, starts_tls
        rogue.offers = (b"STARTTLS", b"AUTH PLAIN") if starts_tls else (b"AUTH PLAIN",)
        yield rogue, {"starttls": starts_tls, "tls": not starts_tls}


async def test_a_certificate_that_is_right_lets_us_in(authority: Certificates) -> None:
    for rogue, wanted in both_ways(authority.serve("localhost")):
        async with rogue:
            assert await opened(rogue.port, "localhost", **wanted) is None


@pytest.mark.parametrize(
    ("host", "lasts", "said"),
    [
        ("localhost", timedelta(days=-1), "certificate has expired"),
        ("relay.example", timedelta(days=1), "certificate is for another name"),
    ],
)
async def test_what_is_wrong_with_a_certificate_is_told(
    authority: Certificates, host: str, lasts: timedelta, said: str
) -> None:
    for rogue, wanted in both_ways(authority.serve(host, lasts)):
        async with rogue:
            assert await trouble(rogue.port, "localhost", **wanted, **LOGIN) == said
        assert "AUTH" not in rogue.heard


async def test_a_certificate_that_nobody_we_trust_has_signed_is_told(
    authority: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    for rogue, wanted in both_ways(authority.serve("localhost")):
        async with rogue:
            said = await trouble(rogue.port, "localhost", **wanted, **LOGIN)
        assert said == "certificate is not trusted"
        assert "AUTH" not in rogue.heard


async def test_tls_to_a_relay_that_speaks_none_is_told() -> None:
    async with Rogue() as rogue:
        assert await trouble(rogue.port, tls=True) == "TLS fails"


async def test_a_relay_that_knows_no_ehlo_after_starttls_gets_no_helo(
    authority: Certificates,
) -> None:
    class OnlyBefore(Rogue):
        def on_ehlo(self, said: Conversation) -> bytes | None:
            known = self.heard.count("EHLO") == 1
            return super().on_ehlo(said) if known else b"502 5.5.1 what?\r\n"

    for wanted, short in ((LOGIN, "offers no AUTH"), ({}, "5.5.1 502")):
        rogue = OnlyBefore()
        rogue.tls, rogue.starts_tls, rogue.offers = (
            authority.serve("localhost"),
            True,
            (b"STARTTLS",),
        )
        async with rogue:
            refusal = await opened(rogue.port, "localhost", starttls=True, **wanted)
        assert refusal
        assert refusal.short == short
        assert "HELO" not in rogue.heard


async def test_a_stop_while_a_connection_is_opened_leaves_none_open() -> None:
    async with Silent() as rogue:
        opening = asyncio.create_task(opened(rogue.port))
        await until(lambda: rogue.connections)
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
