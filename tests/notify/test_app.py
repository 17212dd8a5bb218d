"""notify as a whole: what it serves, and what it says at the start when it cannot work."""

import httpx
import pytest
from redis.asyncio import Redis

from services.notify import app
from services.notify.inbox.mails import Mails
from services.notify.members.store import count
from services.notify.vault.keys import WrongSecretKey
from shared.bus.users import as_user
from shared.service import Service
from tests.make import alert, revision, settings
from tests.notify.mail.dkim_keys import ed25519_pem, rsa_pem
from tests.notify.site import Pages
from tests.notify.steps import dump
from tests.notify.system import System, running, system


def client(service: Service) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=service.http)
    return httpx.AsyncClient(transport=transport, base_url="http://varsel.example")


async def test_without_a_relay_mail_goes_to_the_inbox_by_smtp(redis: Redis, redis_url: str) -> None:
    site = await Pages().start()
    mine = settings(site_url=site.address, site_check_url=site.address)
    around = System(redis, as_user(redis_url, "notify"), mine, None, site)  # type: ignore[arg-type]
    service = app.create(mine, around.url)
    await around.join("kari@example.org", "ola@example.org")
    for step in service.open:
        await step()
    await service.bus.start()
    try:
        await around.publish(revision(alert()))
        assert (await around.delivery())["handed_over"] == 2
        async with client(service) as browser:
            answer = await browser.get("/inbox/api/messages")
        assert answer.status_code == 200
        assert "kari@example.org" in answer.text
    finally:
        await service.bus.stop()
        for step in service.close:
            await step()
        await site.stop()


async def test_with_a_relay_there_is_no_inbox(notify: System) -> None:
    async with client(app.create(notify.settings, notify.url)) as browser:
        assert (await browser.get("/inbox/")).status_code == 404


async def test_the_link_in_a_mail_ends_the_subscription_when_it_is_posted_to(
    redis: Redis, redis_url: str
) -> None:
    async with system(redis, redis_url) as around:
        service = app.create(around.settings, around.url, consumer="pages-only")
        for step in service.open:
            await step()
        async with running(around):
            await around.join("kari@example.org", "ola@example.org")
            await around.publish(revision(alert()))
            await around.delivery()
        link = str(around.relay.mails[0].head["List-Unsubscribe"]).strip("<>")
        async with client(service) as browser:
            assert (await browser.get(httpx.URL(link).path)).status_code == 200
            assert await count(redis) == 2
            form = {"List-Unsubscribe": "One-Click"}
            assert (await browser.post(httpx.URL(link).path, data=form)).status_code == 200
        assert await count(redis) == 1
        for step in service.close:
            await step()


async def test_a_wrong_secret_is_told_at_the_start(notify: System) -> None:
    async with running(notify):
        pass
    other = settings(**notify.settings.model_dump(exclude={"secret_key", "data"}))
    service = app.create(other, notify.url)
    with pytest.raises(WrongSecretKey, match="VARSEL_SECRET_KEY"):
        await service.open[0]()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"mail_from": "varsel"}, "VARSEL_MAIL_FROM"),
        ({"reply_to": "Kari <kari@example.org>"}, "VARSEL_REPLY_TO"),
        ({"dkim_rsa_key": "no key"}, "VARSEL_DKIM_RSA_KEY"),
        ({"dkim_rsa_key": ed25519_pem()}, "VARSEL_DKIM_RSA_KEY"),
        ({"dkim_ed25519_key": rsa_pem()}, "VARSEL_DKIM_ED25519_KEY"),
        ({"dkim_rsa_key": rsa_pem(1024)}, "VARSEL_DKIM_RSA_KEY"),
        ({"site_url": "https://blåbær.example"}, "VARSEL_SITE_URL"),
        ({"smtp_url": "http://x.example", "mail_from": "v@example.org"}, "VARSEL_SMTP_URL"),
    ],
)
async def test_a_setting_that_makes_mail_impossible_is_named(
    redis_url: str, wrong: dict[str, str], named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        app.create(settings(**wrong), redis_url)


async def test_nothing_is_served_as_ready_before_it_is_open(notify: System) -> None:
    async with client(app.create(notify.settings, notify.url)) as browser:
        answer = await browser.get("/member/unsubscribe/x")
    assert answer.status_code == 503


async def test_a_relay_that_is_turned_on_empties_the_inbox(redis: Redis, redis_url: str) -> None:
    """It holds names and addresses in the clear, of mails that were made to try with."""
    await Mails(redis).store(b"To: kari@example.org\r\n\r\nHei, Kari!")
    async with system(redis, redis_url) as around, running(around):
        assert b"kari@example.org" not in await dump(redis)
    assert await Mails(redis).store(b"another") == 2
