"""Whoever is to be told is told, once, and what they are told says nothing of the article."""

import json

import pytest
from redis.asyncio import Redis

from services.notify.posting.plan import POSTS
from tests.notify.letters.steps import mail_to, mails_to, nothing_waits, said
from tests.notify.posting.follower import SECRET, Follower
from tests.notify.revisions import original
from tests.notify.staff.steps import (
    ARTICLE,
    AT_HOME,
    AT_WORK,
    KARI,
    OLA,
    all_of_redis,
    gone,
    staff_of,
    tell,
    to_be_told,
)
from tests.notify.system import System, running, system
from tests.wait import until


async def test_each_who_is_told_gets_a_letter_with_the_articles_id_and_a_way_to_it(
    notify: System,
) -> None:
    async with running(notify):
        staff = await staff_of(notify)
        await staff.set(KARI, AT_HOME)
        await staff.set(OLA, AT_WORK, "nn")
        await tell(notify, to_be_told(KARI, OLA, about="mail_stands"))
        for email, words in ((AT_HOME, "står stille"), (AT_WORK, "går ikkje ut")):
            text = said(await mail_to(notify, email))
            assert f"{notify.settings.site}/redaksjon/sak/{ARTICLE}/" in text
            assert words in text


@pytest.mark.parametrize(
    "about",
    [
        "waits",
        "rejected",
        "stopped",
        "not_published",
        "published_late",
        "mail_stands",
        "notice_waits",
        "notice_stands",
    ],
)
async def test_there_is_a_letter_for_all_that_staff_may_hear_of(notify: System, about: str) -> None:
    async with running(notify):
        await (await staff_of(notify)).set(KARI, AT_HOME)
        await tell(notify, to_be_told(KARI, about=about))  # type: ignore[arg-type]
        assert ARTICLE in said(await mail_to(notify, AT_HOME))


async def test_the_same_event_again_makes_no_second_letter(notify: System) -> None:
    async with running(notify):
        await (await staff_of(notify)).set(KARI, AT_HOME)
        event = to_be_told(KARI)
        await tell(notify, event)
        await mail_to(notify, AT_HOME)
        await tell(notify, event, to_be_told(KARI, nth=2))
        await mail_to(notify, AT_HOME, nth=2)
        await nothing_waits(notify.redis)
        assert len(mails_to(notify, AT_HOME)) == 2


async def test_no_address_is_anywhere_that_is_not_sealed(
    notify: System, capfd: pytest.CaptureFixture[str]
) -> None:
    async with running(notify) as bus:
        await (await staff_of(notify)).set(KARI, AT_HOME)
        notify.relay.rcpt = lambda email: f"550 5.1.1 no such user here: {email}"
        await tell(notify, to_be_told(KARI))
        await nothing_waits(notify.redis)
        assert b"hemmelig" not in await all_of_redis(notify.redis)
        assert bus.problems() == []
    out = capfd.readouterr()
    assert "hemmelig" not in out.out + out.err


async def test_who_is_revoked_loses_their_address_and_gets_nothing_that_still_waits(
    notify: System,
) -> None:
    async with running(notify):
        staff = await staff_of(notify)
        await staff.set(KARI, AT_HOME)
        await staff.set(OLA, AT_WORK)
        await tell(notify, gone(KARI), to_be_told(KARI, OLA))
        await mail_to(notify, AT_WORK)
        await nothing_waits(notify.redis)
        assert await staff.address(KARI) is None
        assert mails_to(notify, AT_HOME) == []


async def test_a_letter_that_waits_for_the_relay_is_not_sent_to_who_was_revoked_meanwhile(
    notify: System,
) -> None:
    await notify.relay.stop()
    async with running(notify):
        staff = await staff_of(notify)
        await staff.set(KARI, AT_HOME)
        await tell(notify, to_be_told(KARI), gone(KARI))
        await nothing_waits(notify.redis)


async def no_post_waits(redis: Redis) -> bool:
    return not await redis.exists(POSTS)


async def test_where_somebody_has_no_address_the_webhook_is_told_signed_and_without_content(
    redis: Redis, redis_url: str
) -> None:
    follower = await Follower().start()
    webhook = json.dumps({"url": follower.url, "secret": SECRET})
    try:
        async with system(redis, redis_url, staff_webhook=webhook) as on, running(on):
            await (await staff_of(on)).set(KARI, AT_HOME)
            await tell(on, to_be_told(KARI, OLA), to_be_told(KARI, nth=2), to_be_told(nth=3))
            await nothing_waits(redis)
            await until(lambda: no_post_waits(redis))
            assert len(follower.calls) == 2
            assert len(mails_to(on, AT_HOME)) == 2
            for call in follower.calls:
                body = call.verified(SECRET)
                assert body["type"] == "people.to_be_told"
                assert body["data"] == {
                    "about": "waits",
                    "article": ARTICLE,
                    "url": f"{on.settings.site}/redaksjon/sak/{ARTICLE}/",
                }
            assert {call.id.split("-")[2] for call in follower.calls} == {"1", "3"}
    finally:
        await follower.stop()


async def test_mail_that_stands_is_told_by_the_webhook_while_the_relay_is_away(
    redis: Redis, redis_url: str
) -> None:
    follower = await Follower().start()
    webhook = json.dumps({"url": follower.url, "secret": SECRET})
    try:
        async with system(redis, redis_url, staff_webhook=webhook) as on, running(on):
            await (await staff_of(on)).set(KARI, AT_HOME)
            await on.relay.stop()
            await tell(
                on,
                to_be_told(KARI, about="mail_stands"),
                to_be_told(KARI, nth=2, about="waits"),
                to_be_told(KARI, nth=3, about="notice_stands"),
            )
            await until(lambda: no_post_waits(redis))
            said_ = sorted(call.verified(SECRET)["data"]["about"] for call in follower.calls)
            assert said_ == ["mail_stands", "notice_stands"]
    finally:
        await follower.stop()


async def test_the_staffs_webhook_hears_nothing_of_pages(redis: Redis, redis_url: str) -> None:
    webhook = json.dumps({"url": "https://chat.example.org/hook", "secret": SECRET})
    async with system(redis, redis_url, staff_webhook=webhook) as on, running(on):
        await on.publish(original)
        await on.settled()
        assert await redis.hkeys(POSTS) == []
