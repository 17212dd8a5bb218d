"""A member asks to leave by mail, as programs do by List-Unsubscribe (RFC 2369)."""

import re
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest
from redis.asyncio import Redis

from services.notify.bounces import hearing as module
from services.notify.bounces.store import LISTENS_SECONDS
from services.notify.ledger.delivery import LISTENING
from services.notify.members.store import count
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.tokens import Tokens
from tests.notify.bounces.steps import ADDRESS, another, handled, hearing, send
from tests.notify.revisions import original
from tests.notify.system import System
from tests.wait import until

KARI, OLA = "kari@example.org", "ola@example.org"
SECRET = "a" * 32


@pytest.fixture
async def up(redis: Redis, redis_url: str) -> AsyncIterator[System]:
    async with hearing(redis, redis_url) as found:
        await found.join(KARI, OLA)
        yield found


async def token(up: System, number: int) -> str:
    return Tokens((await keys.load(up.redis, secret_key(up.settings))).token).seal(number)


def mail(subject: str, text: str = "") -> bytes:
    return f"From: {OLA}\r\nTo: {ADDRESS}\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()


@pytest.mark.parametrize("form", ["avmeld {}", "Avmeld  {}", "avmeld\r\n {}", "avmeld%20{}"])
async def test_whose_token_it_is_leaves_whoever_sends_it(up: System, form: str) -> None:
    subject = form.format(await token(up, 1))
    assert (await send(up, ADDRESS, mail(subject), sender=OLA))[0] == 250
    await handled(up.redis)
    assert await count(up.redis) == 1
    assert await up.redis.hexists("notify:left:0", "1")
    assert (await send(up, ADDRESS, mail(subject), sender=OLA))[0] == 250
    await handled(up.redis)
    assert await count(up.redis) == 1


async def test_the_mail_that_an_alert_offers_to_send_ends_mail(up: System) -> None:
    await up.publish(original)
    await up.delivery_of(original)
    [taken] = [taken for taken in up.relay.mails if taken.recipient == KARI]
    header = str(taken.head["List-Unsubscribe"])
    assert "=?" not in taken.content.decode().partition("List-Unsubscribe:")[2][:400]
    page, by_mail = re.findall(r"<([^>]+)>", header)
    assert page.startswith("https://varsel.example.org/member/unsubscribe/")
    uri = urlsplit(by_mail)
    (subject,) = parse_qs(uri.query)["subject"]
    assert (uri.scheme, uri.path) == ("mailto", ADDRESS)
    assert (await send(up, uri.path, mail(subject), sender=KARI))[0] == 250
    await handled(up.redis)
    assert await up.redis.hexists("notify:left:0", "1")
    assert await count(up.redis) == 1


async def test_no_mail_is_offered_while_nobody_listens(redis: Redis, redis_url: str) -> None:
    async with hearing(redis, redis_url, bounce_address="", bounce_port=None) as up:
        await up.join(KARI)
        await up.publish(original)
        await up.delivery_of(original)
        assert "mailto" not in str(up.relay.mails[0].head["List-Unsubscribe"])


async def test_no_mail_is_offered_for_the_setting_alone(redis: Redis, redis_url: str) -> None:
    """As in the containers that send: they know the address, and another one has the port."""
    async with hearing(redis, redis_url, bounce_port=None) as up:
        await up.join(KARI)
        await up.publish(original)
        await up.delivery_of(original)
        assert "mailto" not in str(up.relay.mails[0].head["List-Unsubscribe"])


async def test_a_port_that_another_process_has_open_is_offered_and_one_that_it_had_is_not(
    redis: Redis, redis_url: str
) -> None:
    async with hearing(redis, redis_url, secret_key=SECRET):
        assert 0 < await redis.ttl(LISTENING) <= LISTENS_SECONDS
    async with hearing(redis, redis_url, secret_key=SECRET, bounce_port=None) as up:
        await up.join(KARI)
        await up.publish(original)
        await up.delivery_of(original)
        assert ADDRESS in str(up.relay.mails[0].head["List-Unsubscribe"])
        await redis.delete(LISTENING)  # as if three minutes had passed without a word
        later = another("second")
        await up.publish(later)
        await up.delivery_of(later)
        assert "mailto" not in str(up.relay.mails[1].head["List-Unsubscribe"])


async def test_a_port_that_stays_open_stays_offered(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_SAY_SECONDS", 0.05)
    async with hearing(redis, redis_url):
        await redis.delete(LISTENING)

        async def said() -> bool:
            return bool(await redis.exists(LISTENING))

        await until(said)


async def test_a_forged_token_or_one_in_the_text_ends_nothing(up: System) -> None:
    own = await token(up, 1)
    other = ("A" if own[0] != "A" else "B") + own[1:]
    for refused in (
        mail(f"avmeld {other}"),
        mail(f"avmeld {own.swapcase()}"),
        mail(f"Re: avmeld {own}"),
        mail("Hei", f"Subject: avmeld {own}"),
        mail("avmeld"),
    ):
        assert (await send(up, ADDRESS, refused))[0] == 550
    assert await count(up.redis) == 2
