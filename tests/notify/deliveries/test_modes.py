"""An exercise or a test goes to staff and to nobody else, and says that it is one."""

import io
from typing import Any

import pytest
from redis.asyncio import Redis

from services.notify.ledger.delivery import deliveries
from services.notify.members.numbers import CHUNK
from services.notify.members.store import count_staff, leave
from services.notify.register.import_members import import_members
from shared.revision import Change, Revision
from tests.make import alert, alert_fields, revision
from tests.notify.steps import addresses
from tests.notify.system import System, running, system
from tests.wait import until

FOLLOWED = {"webhooks": [{"url": "https://sykehus.example.org/", "secret": "whsec_" + "A" * 32}],
            "websub_hubs": ["https://hub.example.org/"]}  # fmt: skip


async def take_in(up: System, emails: list[str], *, staff: bool) -> None:
    text = "email,name,lang\n" + "".join(f"{email},Medlem,nb\n" for email in emails)
    file = io.BytesIO(text.encode())
    report = await import_members(up.redis, up.settings, file, consent="Ja", staff=staff)
    assert not report.refused


def not_actual(mode: str, number: int = 1, **overrides: Any) -> Revision:
    article = alert(alert=alert_fields() | {"mode": mode})
    return revision(article, revision=number, **overrides)


async def staffed(up: System) -> set[str]:
    """Two chunks of members; staff are one who is new and two who were members before, but for one
    who has left since."""
    members = addresses(CHUNK + 100)
    await take_in(up, members, staff=False)
    await leave(up.redis, 6)
    await take_in(up, [members[1], members[CHUNK + 50], members[7], "ny@example.org"], staff=True)
    await leave(up.redis, 8)
    return {members[1], members[CHUNK + 50], "ny@example.org"}


@pytest.mark.parametrize(
    ("mode", "word"), [("exercise", "ØVELSE: "), ("test", "TEST: ")]
)  # fmt: skip
async def test_only_staff_get_an_exercise_and_its_correction_and_withdrawal(
    redis: Redis, redis_url: str, mode: str, word: str
) -> None:
    async with system(redis, redis_url, **FOLLOWED) as up, running(up):
        staff = await staffed(up)
        await up.publish(not_actual(mode))
        found = await up.delivery()
        assert (found["audience"], found["handed_over"]) == (3, 3)
        assert await redis.xlen("chunks") == 2
        assert set(up.relay.recipients()) == staff
        change = Change(kind="correction", note="Ny øvelse.")
        await up.publish(corrected := not_actual(mode, 2, change=change))
        assert (await up.delivery_of(corrected))["handed_over"] == 3
        change = Change(kind="withdrawal", note="Øvelsen er over.")
        await up.withdraw(gone := not_actual(mode, 3, change=change))
        assert (await up.delivery_of(gone))["handed_over"] == 3
        assert sorted(up.relay.recipients()) == sorted([*staff] * 3)
        subjects = [str(mail.head["Subject"]) for mail in up.relay.mails]
        for place, expected in ((0, ""), (3, "RETTET: "), (6, "TRUKKET: ")):
            assert subjects[place].startswith(f"{word}{expected}Sikkerhetsvarsel: ")
        for part in ("plain", "html"):
            text = up.relay.mails[0].message.get_body((part,)).get_content()
            assert "Dette er ikke et ekte varsel." in text
        assert not await redis.exists("notify:posts"), "followers hear nothing of it"
        modes = {event.data.mode for event in await up.told() if hasattr(event.data, "mode")}
        assert modes == {mode}


async def test_an_exercise_without_staff_mails_nobody(up: System) -> None:
    await up.join(*addresses(3))
    await up.publish(not_actual("exercise"))
    assert (await up.delivery())["audience"] == 0
    assert not up.relay.tried


async def test_staff_who_leave_during_an_exercise_are_suppressed(notify: System) -> None:
    await take_in(notify, addresses(2), staff=True)
    notify.relay.mail = lambda _: "451 4.3.0 later"
    await notify.publish(not_actual("test"))
    async with running(notify):
        await notify.delivery("sending")
        await leave(notify.redis, 1)

        async def suppressed() -> bool:
            return (await deliveries(notify.redis))[0]["suppressed"] == 1

        await until(suppressed)
        notify.relay.mail = lambda _: None
        found = await notify.delivery()
    assert (found["audience"], found["handed_over"], found["suppressed"]) == (2, 1, 1)


async def test_staff_are_members_like_others(up: System) -> None:
    await take_in(up, addresses(3), staff=True)
    await take_in(up, addresses(3), staff=True)
    await take_in(up, addresses(3), staff=False)
    assert await count_staff(up.redis) == 3
    await up.publish(revision(alert()))
    assert (await up.delivery())["handed_over"] == 3
    assert len(await deliveries(up.redis)) == 1


@pytest.mark.parametrize(("was", "becomes"), [("exercise", "actual"), ("actual", "exercise")])
async def test_an_alert_that_was_mailed_never_becomes_an_exercise_nor_the_other_way_round(
    up: System, was: str, becomes: str
) -> None:
    """Whatever ingest let pass: its audience is that of the first one."""
    await take_in(up, addresses(5), staff=False)
    await take_in(up, addresses(2), staff=True)
    await up.publish(not_actual(was))
    mailed = (await up.delivery())["handed_over"]
    change = Change(kind="correction", note="Det var en øvelse.")
    await up.publish(not_actual(becomes, 2, change=change))
    await until(lambda: up.redis.hlen("notify:attempts:pages"))
    assert len(up.relay.mails) == mailed
