"""Promise G9: a correction or withdrawal goes to everyone whom the original reached, and nobody is
left with the old version only."""

import asyncio
from contextlib import AsyncExitStack

from services.notify.ledger.control import control
from services.notify.ledger.delivery import deliveries, delivery_key, ledger_key
from services.notify.members.store import leave
from services.notify.relay.window import WINDOW
from shared.bus import tasks
from shared.events import DeliveryCompleted, DeliveryStarted
from tests.notify.revisions import (
    changed,
    corrected,
    corrected_again,
    edited,
    edited_later,
    original,
    withdrawn,
)
from tests.notify.steps import DELIVERY, addresses, balanced, got, in_the_middle, these
from tests.notify.system import System, running
from tests.wait import until


async def watch(up: System) -> None:
    """G6 at every moment, until cancelled."""
    while True:
        await balanced(up)
        await asyncio.sleep(0.01)


async def test_g9_a_correction_goes_to_exactly_those_whom_the_original_reached(up: System) -> None:
    await up.join(*addresses(9))
    up.relay.rcpt = these("medlem4@example.org")
    await leave(up.redis, 9)
    await up.publish(original)
    assert (await up.delivery())["failed"] == 1
    up.relay.rcpt = lambda _: None
    await leave(up.redis, 2)
    await up.redis.hdel("notify:members:0", "3")
    await up.join("ny@example.org")
    before = len(up.relay.mails)
    await up.publish(corrected)
    found = await up.delivery_of(corrected)
    again = [mail.recipient for mail in up.relay.mails[before:]]
    assert sorted(again) == [f"medlem{n}@example.org" for n in (1, 2, 5, 6, 7, 8)]
    assert (found["audience"], found["handed_over"], found["suppressed"]) == (7, 6, 1)
    assert found["kind"] == "correction"
    old = await up.delivery_of(original)
    assert (old["cause"], old["handed_over"], old["failed"]) == ("", 7, 1)
    await balanced(up)


async def test_a_correction_says_first_what_changed_and_stands_in_the_thread(up: System) -> None:
    await up.join("kari@example.org")
    for number, said in enumerate((original, corrected, corrected_again), 1):
        await up.publish(said)
        await up.delivery_of(said)
        assert len(up.relay.mails) == number
    first, second, third = (mail.message for mail in up.relay.mails)
    assert first["References"] is None
    assert str(second["Subject"]) == "RETTET: Sikkerhetsvarsel: Utgave 3"
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert third["In-Reply-To"] == second["Message-ID"]
    assert third["References"].split() == [first["Message-ID"], second["Message-ID"]]
    for part in ("plain", "html"):
        text = third.get_body((part,)).get_content()
        places = [
            text.index(words)
            for words in ("Dosen var feil i utgave 3.", "Dosen var feil i utgave 2.", "Hva har")
        ]
        assert places == sorted(places)
        assert "fordi du fikk varselet" in text


async def test_a_withdrawal_tells_those_who_were_reached_why_and_repeats_no_advice(
    up: System,
) -> None:
    await up.join(*addresses(3))
    up.relay.rcpt = these("medlem2@example.org")
    await up.publish(original)
    await up.delivery()
    up.relay.rcpt = lambda _: None
    await leave(up.redis, 3)
    await up.withdraw(withdrawn)
    found = await up.delivery_of(withdrawn)
    assert (found["kind"], found["audience"], found["handed_over"]) == ("withdrawal", 2, 2)
    subjects = got(up)
    trukket = "TRUKKET: Sikkerhetsvarsel: Utgave 7"
    assert {to for to, all_ in subjects.items() if trukket in all_} == {
        "medlem1@example.org",
        "medlem3@example.org",
    }
    message = up.relay.mails[-1].message
    assert message["In-Reply-To"] in {mail.head["Message-ID"] for mail in up.relay.mails[:2]}
    for part in ("plain", "html"):
        text = message.get_body((part,)).get_content()
        assert "Dosen var feil i utgave 6." in text
        assert "https://varsel.example.org/nyheter/en-sak/" in text
        assert "Bestill time hos legen" not in text
        assert "Ikke slutt uten" not in text


async def test_nobody_is_mailed_a_withdrawal_of_what_was_never_mailed(up: System) -> None:
    await up.join(*addresses(3))
    await up.withdraw(withdrawn)
    await up.settled()
    await up.publish(original, live=False)
    await up.publish(corrected, live=False)
    await up.settled()
    assert not await deliveries(up.redis)
    assert not up.relay.tried


async def test_a_correction_of_what_was_never_mailed_is_a_plain_alert(up: System) -> None:
    await up.publish(original)
    await up.delivery_of(original)
    await up.join(*addresses(2))
    await up.publish(corrected)
    found = await up.delivery_of(corrected)
    assert (found["kind"], found["handed_over"]) == ("alert", 2)
    for mail in up.relay.mails:
        assert str(mail.head["Subject"]) == "Sikkerhetsvarsel: Utgave 3"
        assert mail.head["In-Reply-To"] is None


async def test_g2_an_older_event_that_comes_late_never_replaces_the_text_that_waits(
    notify: System,
) -> None:
    await notify.join(*addresses(3))
    notify.relay.mail = lambda _: "451 4.3.0 later"
    await notify.publish(original)
    async with running(notify):
        await until(lambda: notify.redis.exists(ledger_key(DELIVERY)))
        await notify.publish(edited)
        await notify.settled()
        await notify.publish(changed(4, "edit", original), live=False)
        await notify.publish(original, live=False)
        await notify.settled()
        notify.relay.mail = lambda _: None
        await notify.delivery()
    subjects = {subject for one in got(notify).values() for subject in one}
    assert subjects == {"Sikkerhetsvarsel: Utgave 5"}


async def test_an_edit_mails_nobody_and_is_what_the_rest_get(notify: System) -> None:
    await notify.join(*addresses(60))
    notify.relay.mail = lambda _: "451 4.3.0 later" if len(notify.relay.mails) >= 20 else None
    await notify.publish(original)
    async with running(notify):
        await until(lambda: len(notify.relay.mails) >= 20)
        await notify.publish(edited)
        await notify.settled()
        notify.relay.mail = lambda _: None
        await notify.delivery()
    assert set(map(len, got(notify).values())) == {1}
    assert "Utgave 5" in str(notify.relay.mails[-1].head["Subject"])


async def test_a_correction_in_mid_delivery_stops_the_old_version_and_reaches_everybody(
    up: System,
) -> None:
    watching = asyncio.create_task(watch(up))
    await in_the_middle(up)
    await up.publish(corrected)

    async def superseded() -> bool:
        return bool(await up.redis.hexists(delivery_key("a1b2c3d4e5f6.1"), "superseded"))

    await until(superseded)
    before = len(up.relay.mails)
    up.relay.slowness = 0
    found = await up.delivery_of(corrected)
    await up.settled("chunks")
    await tasks.end([watching])
    old = [m for m in up.relay.mails[before:] if "Utgave 1" in str(m.head["Subject"])]
    assert len(old) <= WINDOW
    subjects = got(up)
    assert set(subjects) == set(addresses(1300))
    had_old = {to for to, all_ in subjects.items() if "Sikkerhetsvarsel: Utgave 1" in all_}
    for to, all_ in subjects.items():
        assert any("Utgave 3" in subject for subject in all_), to
        assert len(all_) == len(set(all_))
        if to in had_old:
            assert "RETTET: Sikkerhetsvarsel: Utgave 3" in all_
    plain = {to for to, all_ in subjects.items() if all_ == ["Sikkerhetsvarsel: Utgave 3"]}
    assert plain == set(subjects) - had_old, "nobody is told of a change who had nothing before"
    assert (found["audience"], found["handed_over"]) == (1300, 1300)
    (completed,) = (
        e.data for e in await up.told() if isinstance(e, DeliveryCompleted) and e.data.revision == 1
    )
    assert (completed.state, completed.cause, completed.open) == ("complete", "superseded", 0)
    await balanced(up)


async def test_a_withdrawal_in_mid_delivery_mails_nobody_anything_who_had_nothing(
    up: System,
) -> None:
    await in_the_middle(up)
    await up.withdraw(withdrawn)
    found = await up.delivery_of(withdrawn)
    await up.settled("chunks")
    subjects = got(up)
    had_old = {to for to, all_ in subjects.items() if "Sikkerhetsvarsel: Utgave 1" in all_}
    told = {to for to, all_ in subjects.items() if any("TRUKKET" in one for one in all_)}
    assert told == had_old
    assert found["handed_over"] == len(told)
    assert found["audience"] == found["handed_over"] + found["suppressed"]
    assert len(told) < 1300 / 2
    await balanced(up)


async def test_a_correction_of_a_correction_that_is_under_way_goes_to_all(up: System) -> None:
    await in_the_middle(up, members=900)
    await up.publish(corrected)
    await up.delivery_of(corrected, "sending")
    count = len(up.relay.mails)
    await until(lambda: len(up.relay.mails) > count + 150)
    await up.publish(corrected_again)
    up.relay.slowness = 0
    await up.delivery_of(corrected_again)
    await up.settled("chunks")
    subjects = got(up)
    assert set(subjects) == set(addresses(900))
    for to, all_ in subjects.items():
        assert sum("Utgave 4" in subject for subject in all_) == 1, to
        if len(all_) > 1:
            assert "RETTET: Sikkerhetsvarsel: Utgave 4" in all_, to
    await balanced(up)
    (found, *_) = [d for d in await deliveries(up.redis) if d["revision"] == 4]
    assert found["handed_over"] == 900


async def test_events_that_repeat_or_come_in_another_order_change_nothing(up: System) -> None:
    await up.join(*addresses(3))
    await up.publish(original)
    await up.delivery_of(original)
    await up.publish(edited_later)  # holds both corrections, of which nobody has been told
    await up.delivery_of(edited_later)
    for _ in range(3):
        await up.publish(corrected, live=False)
        await up.publish(original, live=False)
        await up.publish(corrected_again, live=False)
    await up.settled()
    await up.withdraw(withdrawn)
    await up.delivery_of(withdrawn)
    for said in (original, corrected, corrected_again, edited_later):
        await up.publish(said, live=False)
    await up.withdraw(withdrawn)
    await up.settled()
    await up.settled("chunks")
    started = [e.data.delivery for e in await up.told() if isinstance(e, DeliveryStarted)]
    assert started == [f"a1b2c3d4e5f6.{n}" for n in (1, 5, 7)]
    for all_ in got(up).values():
        assert all_ == [
            "Sikkerhetsvarsel: Utgave 1",
            "RETTET: Sikkerhetsvarsel: Utgave 5",
            "TRUKKET: Sikkerhetsvarsel: Utgave 7",
        ]


async def test_who_may_have_got_a_mail_whose_acceptance_was_lost_is_told(notify: System) -> None:
    """The relay took it, the connection broke, and the alert was withdrawn before the next try."""
    await notify.join(*addresses(3))
    lost = "medlem2@example.org"
    notify.relay.after_data = lambda to: "break" if to == lost else None
    await notify.publish(original)
    async with running(notify):

        async def others_served() -> bool:
            found = await deliveries(notify.redis)
            return bool(found) and found[0]["handed_over"] == 2

        await until(others_served)
        await until(lambda: lost in notify.relay.recipients())
    notify.relay.after_data = lambda _: None
    await notify.withdraw(withdrawn)
    async with running(notify):
        await notify.delivery_of(withdrawn)
    assert {all_[-1] for all_ in got(notify).values()} == {"TRUKKET: Sikkerhetsvarsel: Utgave 7"}
    assert set(got(notify)) == set(addresses(3))


async def test_who_is_mailed_anew_after_a_kill_gets_the_same_bytes(notify: System) -> None:
    """Also as a correction: a second claim does not turn one form into the other."""
    await notify.join(*addresses(2))
    notify.relay.rcpt = lambda to: "451 4.7.1 later" if "medlem2" in to else None
    await notify.publish(original)
    async with running(notify):
        await until(lambda: "medlem2@example.org" in notify.relay.tried)
        await until(lambda: notify.relay.mails)
    await control(notify.redis, "a1b2c3d4e5f6.1", "hold", why="operator")  # nobody is claimed
    await notify.publish(corrected)
    async with running(notify):
        await notify.delivery_of(corrected, "sending")
        await until(lambda: len(notify.relay.mails) == 2)
    notify.relay.rcpt = lambda _: None
    await notify.bring_forward()
    answers = iter(("break",))
    notify.relay.after_data = lambda _: next(answers, None)
    async with running(notify):
        await notify.delivery_of(corrected)
    one, two = (m for m in notify.relay.mails if m.recipient == "medlem2@example.org")
    assert one.content == two.content
    assert str(one.head["Subject"]) == "Sikkerhetsvarsel: Utgave 3"


async def test_two_workers_stop_the_old_version_together(notify: System) -> None:
    notify.relay.slowness = 0.01
    await notify.join(*addresses(2600))
    async with AsyncExitStack() as stack:
        for number in (1, 2):
            await stack.enter_async_context(running(notify, consumer=f"notify-{number}"))
        await notify.publish(original)
        await until(lambda: len(notify.relay.mails) > 200)
        await notify.publish(corrected)
        await notify.delivery_of(corrected, "sending")
        before = len(notify.relay.mails)
        notify.relay.slowness = 0
        found = await notify.delivery_of(corrected)
        await notify.settled("chunks")
    old = [m for m in notify.relay.mails[before:] if "Utgave 1" in str(m.head["Subject"])]
    assert len(old) <= 2 * WINDOW
    assert found["handed_over"] == 2600
    await balanced(notify)


async def test_in_reply_to_is_the_members_own_mail(up: System) -> None:
    await up.join(*addresses(12))
    await up.publish(original)
    await up.delivery()
    await up.withdraw(withdrawn)
    await up.delivery_of(withdrawn)
    ids = {m.recipient: str(m.head["Message-ID"]) for m in up.relay.mails[:12]}
    assert len(set(ids.values())) == 12
    for mail in up.relay.mails[12:]:
        assert mail.head["In-Reply-To"] == ids[mail.recipient]


async def test_a_correction_whose_own_event_never_comes_is_mailed_with_the_edit_that_holds_it(
    up: System,
) -> None:
    """Render tells of no revision that is older than the page."""
    await up.join(*addresses(3))
    await up.publish(original)
    await up.delivery_of(original)
    await up.publish(edited_later)
    found = await up.delivery_of(edited_later)
    assert (found["kind"], found["handed_over"]) == ("correction", 3)
    for mail in up.relay.mails[3:]:
        assert str(mail.head["Subject"]) == "RETTET: Sikkerhetsvarsel: Utgave 5"
        body = mail.message.get_body(("plain",))
        assert "Dosen var feil i utgave 3." in " ".join(body.get_content().split())
