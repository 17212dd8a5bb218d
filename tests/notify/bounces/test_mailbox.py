"""What came back is also found in a mailbox that somebody else keeps, by a real IMAP server."""

import signal
import ssl
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from services.notify.bounces import handle_bounces, mailbox
from services.notify.bounces.intake import ReturnIntake
from services.notify.bounces.mailbox import TURN, Mailbox, MailboxUrl, parse
from services.notify.bounces.store import MAIL, READ, Bounces, told
from services.notify.ledger.delivery import LISTENING
from services.notify.vault import keys
from services.notify.vault.return_paths import ReturnPaths
from services.notify.vault.secret_key import secret_key
from services.notify.vault.tokens import Tokens
from services.notify.vault.vault import Vault
from tests import tls
from tests.docs.privacy import kept_as_said
from tests.expects import skip_or_fail
from tests.notify.bounces.dovecot import PROGRAM, Dovecot, dovecot
from tests.notify.bounces.handler import LOOKS
from tests.notify.bounces.shapes import complaint, postfix
from tests.notify.bounces.steps import ADDRESS, bounced, handle, handled, hearing, return_path
from tests.notify.revisions import original
from tests.notify.system import System
from tests.wait import until

KARI, OLA, DELIVERY = "kari@example.org", "ola@example.org", f"{original.id}.1"
STRANGER = b"From: kari@example.org\r\nTo: retur@example.org\r\nSubject: Hei\r\n\r\nEn hilsen.\r\n"


@pytest.fixture
async def host() -> AsyncIterator[Dovecot]:
    if PROGRAM is None:
        skip_or_fail("dovecot", "there is no dovecot")
    async with dovecot() as found:
        yield found


def came(up: System, to: str, mail: bytes) -> bytes:
    """A mail as a host puts it into a mailbox: with where it was sent."""
    return b"Delivered-To: " + return_path(up, to).encode() + b"\r\n" + mail


async def of(up: System, host: Dovecot, way: str = "plain") -> Mailbox:
    """The mailbox as a notify beside the running one looks into it, by this one of its
    addresses."""
    found = await keys.load(up.redis, secret_key(up.settings))
    store = Bounces(up.redis, Vault(found.vault, found.index))
    paths = ReturnPaths(found.returns, ADDRESS)
    return Mailbox(
        up.redis, ReturnIntake(up.redis, store, paths, Tokens(found.token)), parse(host.urls[way])
    )


async def test_what_is_ours_is_handled_and_removed_and_the_rest_is_left(
    redis: Redis, redis_url: str, host: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "LOOK_SECONDS", 0.1)
    async with hearing(redis, redis_url, bounce_port=None, bounce_imap_url=host.url) as up:
        await up.join(KARI, OLA)
        await up.publish(original)
        await up.delivery_of(original)
        await host.put(STRANGER, came(up, KARI, postfix("5.1.1")), came(up, OLA, postfix("5.1.1")))

        async def both() -> bool:
            return await bounced(redis, DELIVERY) == 2

        await until(both, timeout=30)
        await handled(redis)

        async def only_the_stranger_s() -> bool:
            return await host.mails() == [STRANGER]

        await until(only_the_stranger_s)
        assert await redis.exists(LISTENING)
        await host.put(came(up, KARI, complaint()))

        async def left() -> bool:
            return bool(await redis.hexists("notify:left:0", "1"))

        await until(left, timeout=30)


@pytest.mark.parametrize("way", ["plain", "imaps", "starttls"])
async def test_a_mailbox_elsewhere_is_read_over_tls_only(
    redis: Redis, redis_url: str, host: Dovecot, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """From the start, or asked for on the way; without it only on this machine, as which the server
    of the test does not count but for `plain`."""
    monkeypatch.setattr(mailbox, "_HERE", ("127.0.0.1",))
    async with hearing(redis, redis_url) as up:
        await up.join(KARI)
        await up.publish(original)
        await up.delivery_of(original)
        await host.put(came(up, KARI, postfix("5.1.1")))
        assert await (await of(up, host, way)).look() == 1
        await handled(redis)
        assert await bounced(redis, DELIVERY) == 1
    assert (", TLS" in host.logins()[-1]) == (way != "plain")


@pytest.mark.parametrize("way", ["imaps", "starttls"])
async def test_a_server_with_another_s_certificate_never_hears_the_password(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if PROGRAM is None:
        skip_or_fail("dovecot", "there is no dovecot")
    monkeypatch.setattr(mailbox, "_HERE", ("127.0.0.1",))
    stranger = tls.Authority("strangers").certificate("localhost")
    async with dovecot(stranger) as host, hearing(redis, redis_url) as up:
        before = len(host.logins())
        with pytest.raises(ssl.SSLCertVerificationError):
            await (await of(up, host, way)).look()
        assert len(host.logins()) == before


async def test_a_mail_is_kept_once_however_often_it_is_read_and_the_next_mailbox_from_its_start(
    redis: Redis, redis_url: str, host: Dovecot
) -> None:
    async with hearing(redis, redis_url) as up:
        await up.join(KARI)
        await up.publish(original)
        await up.delivery_of(original)
        box = await of(up, host)
        await host.put(came(up, KARI, postfix("5.1.1")), STRANGER)
        assert await box.look() == 1
        assert await box.look() == 0
        await redis.hset(READ, "life", "of another mailbox")
        await host.put(came(up, KARI, postfix("5.1.1")))
        assert await box.look() == 1
        await handled(redis)
        assert await bounced(redis, DELIVERY) == 1
        assert await host.mails() == [STRANGER]


@pytest.mark.parametrize("step", LOOKS)
async def test_whoever_looks_is_killed_and_what_came_counts_once(
    redis: Redis, redis_url: str, host: Dovecot, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """What was fetched and not kept is taken again; what was kept is not, and is removed."""
    monkeypatch.setattr(handle_bounces, "AT_ONCE", 0)  # the killed one and the next handle it
    async with hearing(redis, redis_url) as up:
        await up.join(KARI, OLA)
        await up.publish(original)
        await up.delivery_of(original)
        mails = [came(up, to, postfix(f"5.{n}.1")) for to in (KARI, OLA) for n in (1, 7)]
        await host.put(mails[0], STRANGER, *mails[1:])
        secret = secret_key(up.settings)
        assert await handle(redis_url, secret, step, host.url) == -signal.SIGKILL
        kept = {"fetched": 0, "kept": 1, "removed": 4, "gone on": 4}
        assert await redis.hlen(MAIL) == kept[step]
        assert await kept_as_said(redis, TURN)
        await redis.delete(TURN)  # as when its time is over
        assert await handle(redis_url, secret, "", host.url) == 0
        assert await redis.hlen(MAIL) == 0
        assert await bounced(redis, DELIVERY) == 2
        counts = {what: count for what, (count, _) in (await told(redis)).items()}
        assert counts == {"about_us 5.7.1": 2}
        assert await host.mails() == [STRANGER]


async def test_many_mails_are_read_in_one_look_and_another_process_waits_its_turn(
    redis: Redis, redis_url: str, host: Dovecot
) -> None:
    async with hearing(redis, redis_url) as up:
        await up.join(KARI)
        await up.publish(original)
        await up.delivery_of(original)
        box = await of(up, host)
        await host.put(*[came(up, KARI, postfix("5.2.2"))] * 45)
        await redis.set(TURN, "")
        assert await box.look() == 0
        await redis.delete(TURN)
        assert await box.look() == 45
        assert await host.mails() == []
        assert not await redis.exists(TURN)


async def test_a_wrong_password_is_no_end(redis: Redis, redis_url: str, host: Dovecot) -> None:
    wrong = host.url.replace("pass%2Fword", "wrong")
    async with hearing(redis, redis_url, bounce_port=None, bounce_imap_url=wrong) as up:
        await up.join(KARI)
        await up.publish(original)
        await up.delivery_of(original)
        assert not await redis.exists(LISTENING), "nobody hears what comes there"


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("imaps://u:p@imap.example.org", MailboxUrl("imap.example.org", 993, True, "u", "p")),
        (
            "imap://retur%40example.org:a%2Fb@mx.example.org:1143/Retur/Post",
            MailboxUrl("mx.example.org", 1143, False, "retur@example.org", "a/b", "Retur/Post"),
        ),
    ],
)
def test_a_mailbox_is_read_from_its_address(url: str, found: MailboxUrl) -> None:
    assert parse(url) == found
    assert "password" not in repr(found)


@pytest.mark.parametrize(
    "url", ["imaps://imap.example.org", "pop3://u:p@h", "imaps://u@h", 'imaps://u:p@h/"', "x"]
)
def test_what_is_no_mailbox_is_refused_without_the_password(url: str) -> None:
    with pytest.raises(ValueError) as error:
        parse(url)
    assert "u:p" not in str(error.value)
