"""A notice to members: mailed to all of whom an address is kept, or to some, with a ledger, and
without a page."""

from services.notify.ledger.control import again, control
from services.notify.members import store as members
from shared.events import DeliveryCompleted, DeliveryStarted, to_fields
from tests.notify.mail.reading import html_of, text_of
from tests.notify.marked import address_is_gone
from tests.notify.notices import CONTENT, ID, approved, tell
from tests.notify.revisions import original
from tests.notify.steps import addresses, balanced, these
from tests.notify.system import System, running
from tests.wait import until


async def test_a_notice_reaches_all_of_whom_an_address_is_kept_also_those_who_left(
    up: System,
) -> None:
    every = addresses(1200)
    await up.join(*every)
    await members.leave(up.redis, 3)
    await members.leave(up.redis, 1100)
    await up.redis.hdel("notify:members:0", "5")  # as erasure does
    await tell(up, approved("Kari", "Anne"))
    done = await up.delivery()
    assert (done["kind"], done["audience"]) == ("notice", 1200)
    assert (done["handed_over"], done["suppressed"]) == (1199, 1)
    assert sorted(up.relay.recipients()) == sorted(set(every) - {every[4]})
    await balanced(up)
    events = await up.told()
    assert isinstance(events[0], DeliveryStarted)
    assert isinstance(events[-1], DeliveryCompleted)
    assert await up.redis.zcard("notify:posts:due") == 0


async def test_a_notice_is_tried_also_at_an_address_that_is_gone(up: System) -> None:
    """That ends new alerts only; whose data were lost is told, if it can be done at all."""
    await up.join(*addresses(2))
    await address_is_gone(up, 1)
    await tell(up, approved("Kari", "Anne"))
    done = await up.delivery()
    assert (done["kind"], done["handed_over"], done["suppressed"]) == ("notice", 2, 0)
    await balanced(up)


async def test_a_notice_to_some_reaches_just_those(up: System) -> None:
    every = addresses(1500)
    await up.join(*every)
    await tell(up, approved("Kari", "Anne", members=(2, 1001, 1500, 99_999)))
    done = await up.delivery()
    assert done["audience"] == done["handed_over"] == 3
    assert sorted(up.relay.recipients()) == sorted([every[1], every[1000], every[1499]])


async def test_whoever_left_and_came_back_gets_one_mail_by_the_newest_number(up: System) -> None:
    every = addresses(5)
    await up.join(*every)
    await members.leave(up.redis, 1)
    await up.join("igjen@example.org", "igjen-igjen@example.org")
    await up.redis.hset("notify:later", mapping={"1": "6", "6": "7"})  # as returns do
    await tell(up, approved("Kari", "Anne"))
    done = await up.delivery()
    assert (done["audience"], done["handed_over"]) == (5, 5)
    assert sorted(up.relay.recipients()) == sorted([*every[1:], "igjen-igjen@example.org"])


async def test_a_number_that_is_older_stands_for_the_newest(up: System) -> None:
    await up.join(*addresses(4))
    await up.redis.hset("notify:later", "1", "4")
    await tell(up, approved("Kari", "Anne", members=(1, 2, 4)))
    done = await up.delivery()
    assert (done["audience"], done["handed_over"]) == (2, 2)
    assert sorted(up.relay.recipients()) == ["medlem2@example.org", "medlem4@example.org"]


async def test_the_mail_has_what_the_law_asks_for_and_no_page(up: System) -> None:
    await up.join("kari@example.org")
    await tell(up, approved("Kari", "Anne"))
    await up.delivery()
    [mail] = [taken.message for taken in up.relay.mails]
    assert mail["Subject"] == "Viktig melding om personopplysningene dine fra Varsel"
    assert mail["Archived-At"] is None
    for found in (text_of(mail), html_of(mail)):
        for said in (
            "En sikkerhetskopi kom bort.",
            "Det skjedde 1. september.",
            CONTENT.consequences,
            CONTENT.measures,
            CONTENT.advice,
            CONTENT.contact,
            "Hvem kan du spørre?",
            "Datatilsynet",
            f"{up.settings.site}/min-side/",
            f"{up.settings.site}/member/unsubscribe/",
        ):
            assert str(said) in found


async def test_a_notice_that_is_told_again_mails_nobody_again(up: System) -> None:
    await up.join(*addresses(5))
    for _ in range(3):
        await tell(up, approved("Kari", "Anne"))
    await up.delivery()
    assert len(up.relay.mails) == 5


async def test_a_notice_without_two_approvals_of_its_text_is_a_dead_letter_and_mails_nobody(
    up: System,
) -> None:
    await up.join(*addresses(5))
    wrong = (
        approved(),
        approved("Kari"),
        approved("Kari", "kari "),
        approved("Kari", "Anne", sha256="0" * 64),
        approved("Prøvebruker", "Prøvegodkjenner"),
        approved("Kari", "Prøvegodkjenner"),
    )
    for event in wrong:
        await up.redis.xadd("control", to_fields(event))

    async def attempted() -> bool:
        return int(await up.redis.hlen("notify:attempts:control")) == len(wrong)

    await until(attempted)
    for entry in await up.redis.hkeys("notify:attempts:control"):
        await up.redis.hset("notify:attempts:control", entry, 7)

    async def given_up() -> bool:
        return int(await up.redis.xlen("control.dead")) == len(wrong)

    await until(given_up, timeout=40)
    assert up.relay.mails == []
    assert not await up.redis.exists("notify:deliveries")


async def test_a_notice_is_held_goes_on_and_is_tried_again_like_any_delivery(
    notify: System,
) -> None:
    dead = "medlem2@example.org"
    notify.relay.rcpt = these(dead)
    async with running(notify):
        await notify.join(*addresses(3))
        await notify.redis.xadd("control", to_fields(approved("Kari", "Anne")))
        done = await notify.delivery()
        assert (done["handed_over"], done["failed"]) == (2, 1)
        notify.relay.rcpt = these()
        assert await again(notify.redis, f"{ID}.1") == 1
        done = await notify.delivery()
        await until(lambda: len(notify.relay.mails) == 3)


async def test_a_notice_that_a_lost_redis_had_mailed_waits_for_a_person(notify: System) -> None:
    redis = notify.redis
    await notify.join(*addresses(3))
    async with running(notify):
        pass  # so that it has its keys and its epoch
    before = {key: await redis.dump(key) or b"" async for key in redis.scan_iter()}
    async with running(notify):
        await tell(notify, approved("Kari", "Anne"))
        await notify.delivery()
    await redis.flushall()
    for key, value in before.items():
        await redis.restore(key, 0, value)
    async with running(notify):
        await tell(notify, approved("Kari", "Anne"))
        assert (await notify.delivery("paused"))["cause"] == "stale"
        assert len(notify.relay.mails) == 3
        await control(redis, f"{ID}.1", "resume")
        await notify.delivery()
    assert len(notify.relay.mails) == 6


async def test_an_alert_beside_it_reaches_members_as_ever(up: System) -> None:
    await up.join(*addresses(20))
    await members.leave(up.redis, 1)
    await tell(up, approved("Kari", "Anne"))
    await up.publish(original)
    done = await up.delivery_of(original)
    assert (done["audience"], done["handed_over"]) == (19, 19)
    await until(lambda: len(up.relay.mails) == 39)
