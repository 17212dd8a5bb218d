"""`varsel relay test` says what a relay offers, sends one mail, and says what is missing in DNS."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import typer
from aiosmtpd.smtp import AuthResult

from services.notify.mail.dkim import signing_key
from tests import tls
from tests.notify.mail.dkim_keys import ed25519_pem
from tests.notify.relay.dns_server import Zone, zone
from tests.notify.relay_server import Relay
from varsel.commands.relays import relay as command

TO = "kari@example.org"
RECORD = signing_key(ed25519_pem(), "varsel-ed25519").record


@pytest.fixture
async def served() -> AsyncIterator[Zone]:
    async with zone() as found:
        yield found


@pytest.fixture
async def relay(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Relay]:
    found = Relay()
    found.more = {
        "tls_context": tls.context("localhost"),
        "require_starttls": True,
        "authenticator": lambda *_: AuthResult(success=True),
    }
    await found.start()
    monkeypatch.setenv(
        "VARSEL_SMTP_URL", f"smtp://varsel:hemmelig@localhost:{found.port}?starttls=required"
    )
    monkeypatch.setenv("VARSEL_MAIL_FROM", "varsel@post.example.org")
    with tls.trusted():
        yield found
    await found.stop()


async def run(capsys: pytest.CaptureFixture[str], *, as_json: bool = False) -> tuple[int, str]:
    """Exit code of the command and what it said."""
    try:
        await asyncio.to_thread(command.test, TO, as_json=as_json)
    except typer.Exit as end:
        return end.exit_code, capsys.readouterr().out
    return 0, capsys.readouterr().out


async def document(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((await run(capsys, as_json=True))[1])
    return found


async def test_what_the_relay_offers_is_said_and_one_mail_is_sent(
    relay: Relay, served: Zone, capsys: pytest.CaptureFixture[str]
) -> None:
    found = await document(capsys)
    assert found["taken"]
    assert found["offers"] == {
        "tls": "TLSv1.3",
        "starttls": True,
        "auth": ["plain", "login"],
        "size": 33_554_432,
        "pipelining": True,
        "eightbitmime": True,
        "smtputf8": False,
        "dsn": False,
    }
    [mail] = relay.mails
    assert mail.recipient == TO
    assert mail.head["Subject"] == "Prøve fra Varsel"
    assert "DKIM" in mail.message.get_content()


async def test_what_is_missing_in_dns_is_said_with_the_record_to_put_there(
    relay: Relay,
    served: Zone,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VARSEL_DKIM_ED25519_KEY", ed25519_pem())
    code, said = await run(capsys)
    assert code == 0
    assert (
        "SPF for post.example.org (hvilke tjenere som får sende e-post for dere): MANGLER" in said
    )
    assert "DKIM (nøkkelen som e-posten er signert med): MANGLER" in said
    assert "Der: varsel-ed25519._domainkey.post.example.org (TXT)" in said
    assert f"Skal være: {RECORD}" in said
    assert "DMARC (hva andre" in said
    assert "Skal være: v=DMARC1; p=none" in said
    [mail] = relay.mails
    assert mail.content.startswith(b"DKIM-Signature: v=1; a=ed25519-sha256;")

    served.records = {
        "post.example.org": ["v=spf1 -all"],
        "varsel-ed25519._domainkey.post.example.org": [RECORD],
        "_dmarc.post.example.org": ["v=DMARC1; p=none"],
    }
    _, said = await run(capsys)
    assert said.count(": finnes.") == 3
    assert "MANGLER" not in said


async def test_spf_is_of_the_return_path_as_well_and_the_trial_comes_back_there(
    relay: Relay,
    served: Zone,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VARSEL_BOUNCE_ADDRESS", "retur@b.example.org")
    served.records["b.example.org"] = ["v=spf1 -all"]
    _, said = await run(capsys)
    assert "SPF for b.example.org (hvilke tjenere som får sende e-post for dere): finnes." in said
    assert "SPF for post.example.org (hvilke tjenere som får sende e-post for dere): M" in said
    [mail] = relay.mails
    assert mail.sender == "retur@b.example.org"


async def test_without_dns_it_says_so(
    relay: Relay, served: Zone, capsys: pytest.CaptureFixture[str]
) -> None:
    served.fails = True
    code, said = await run(capsys)
    assert code == 0
    assert "DNS svarer ikke fra denne maskinen" in said
    assert "MANGLER" not in said
    assert not (await document(capsys))["dns"]


async def test_a_relay_that_refuses_the_mail_is_said_and_the_exit_code_is_1(
    relay: Relay, served: Zone, capsys: pytest.CaptureFixture[str]
) -> None:
    relay.rcpt = lambda _: "550 5.7.1 not from you"
    code, said = await run(capsys)
    assert code == 1
    assert "Den tok ikke imot prøven" in said
    assert "5.7.1" in said


async def test_a_relay_without_tls_is_not_given_the_password(
    relay: Relay, served: Zone, capsys: pytest.CaptureFixture[str]
) -> None:
    relay.more = {}
    found = await document(capsys)
    assert (found["taken"], found["offers"]) == (False, None)
    assert found["reply"] == "offers no STARTTLS"
    assert relay.mails == []


async def test_a_relay_that_speaks_in_the_clear_is_warned_of(
    relay: Relay,
    served: Zone,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    relay.more = {}
    monkeypatch.setenv("VARSEL_SMTP_URL", f"smtp://localhost:{relay.port}?starttls=none")
    _, said = await run(capsys)
    assert "Kryptert: NEI" in said
    assert len(relay.mails) == 1


async def test_without_a_relay_there_is_nothing_to_test(
    served: Zone, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VARSEL_SMTP_URL", raising=False)
    code, said = await run(capsys, as_json=True)
    assert code == 1
    assert "VARSEL_SMTP_URL" in json.loads(said)["error"]
