"""Members get what they chose and nothing else, and nobody gets anything twice."""

from collections.abc import Collection

from services.notify.choices.store import Choices
from services.notify.ledger.delivery import put_off_key
from services.notify.members.store import Members, leave
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from shared.events import SubjectChanged
from shared.revision import Revision
from shared.subject import Subject
from shared.trace import new_traceparent
from tests.make import alert, revision
from tests.notify.choices.known import know
from tests.notify.revisions import changed
from tests.notify.steps import addresses, balanced, got
from tests.notify.system import System, running
from tests.wait import until

FIRST, RETTET = "Sikkerhetsvarsel: Utgave", "RETTET: Sikkerhetsvarsel: Utgave"


async def choices_of(up: System) -> Choices:
    found = await keys.load(up.redis, secret_key(up.settings))
    return Choices(up.redis, Vault(found.vault, found.index))


async def choose(up: System, number: int, subjects: Collection[str] | None) -> None:
    await know(up.redis, "jak-hemmere", "metotreksat", "noe-annet")
    assert await (await choices_of(up)).set(number, subjects)


def about(*subjects: str, of: Revision | None = None) -> Revision:
    """An alert about these subjects, or about all if there are none."""
    said = of or revision(alert(title="Utgave 1"))
    return said.model_copy(update={"subjects": subjects or None})


async def test_an_alert_goes_to_who_chose_its_subject_and_to_who_chose_nothing(
    up: System,
) -> None:
    await up.join(*addresses(4))
    await choose(up, 1, ["metotreksat"])
    await choose(up, 2, ["jak-hemmere", "metotreksat"])
    await choose(up, 3, [])
    await up.publish(about("jak-hemmere"))
    found = await up.delivery()
    assert (found["audience"], found["handed_over"]) == (2, 2)
    assert set(got(up)) == {"medlem2@example.org", "medlem4@example.org"}
    await balanced(up)


async def test_an_alert_for_all_goes_to_all_whatever_they_chose(up: System) -> None:
    await up.join(*addresses(3))
    await choose(up, 1, ["metotreksat"])
    await choose(up, 2, [])
    await up.publish(about())
    assert (await up.delivery())["handed_over"] == 3


async def test_what_is_chosen_after_the_start_changes_no_delivery(notify: System) -> None:
    await notify.join(*addresses(3))
    await choose(notify, 1, ["metotreksat"])
    notify.relay.rcpt = lambda _: "450 4.2.0 later"
    async with running(notify):
        await notify.publish(about("jak-hemmere"))
        await until(lambda: len(set(notify.relay.tried)) == 2)
        await choose(notify, 1, ["jak-hemmere"])
        await choose(notify, 2, ["metotreksat"])
        notify.relay.rcpt = lambda _: None
        await notify.bring_forward()
        assert (await notify.delivery())["handed_over"] == 2
    assert set(got(notify)) == {"medlem2@example.org", "medlem3@example.org"}
    await balanced(notify)


async def test_g9_a_correction_goes_to_whom_the_original_reached_whatever_it_names_now(
    up: System,
) -> None:
    await up.join(*addresses(3))
    await choose(up, 1, ["metotreksat"])
    await choose(up, 2, ["jak-hemmere"])
    first = about("jak-hemmere")
    await up.publish(first)
    await up.delivery_of(first)
    await choose(up, 2, [])
    second = about("jak-hemmere", of=changed(2, "correction", first))
    await up.publish(second)
    assert (await up.delivery_of(second))["handed_over"] == 2
    mails = got(up)
    assert mails.keys() == {"medlem2@example.org", "medlem3@example.org"}
    assert all(sent[1].startswith(RETTET) for sent in mails.values())
    await balanced(up)


async def test_a_correction_that_concerns_more_is_a_first_mail_for_them(up: System) -> None:
    """One has it; one chose the other subject; one has joined since; one chose neither."""
    await up.join(*addresses(3))
    await choose(up, 2, ["metotreksat"])
    await choose(up, 3, ["noe-annet"])
    first = about("jak-hemmere")
    await up.publish(first)
    await up.delivery_of(first)
    await up.join("ny@example.org")
    second = about("metotreksat", of=changed(2, "correction", first))
    await up.publish(second)
    assert (await up.delivery_of(second))["handed_over"] == 3
    third = about(of=changed(3, "correction", first, second))
    await up.publish(third)
    assert (await up.delivery_of(third))["handed_over"] == 4
    assert got(up) == {
        "medlem1@example.org": [f"{FIRST} 1", f"{RETTET} 2", f"{RETTET} 3"],
        "medlem2@example.org": [f"{FIRST} 2", f"{RETTET} 3"],
        "ny@example.org": [f"{FIRST} 2", f"{RETTET} 3"],
        "medlem3@example.org": [f"{FIRST} 3"],
    }
    await balanced(up)


async def test_who_came_back_gets_one_mail_and_not_two(up: System) -> None:
    await up.join(*addresses(2))
    await choose(up, 2, ["metotreksat"])
    first = about("jak-hemmere")
    await up.publish(first)
    await up.delivery_of(first)
    await _leave_and_come_back(up, 1)
    await _leave_and_come_back(up, 2)
    second = about("jak-hemmere", "metotreksat", of=changed(2, "correction", first))
    await up.publish(second)
    assert (await up.delivery_of(second))["handed_over"] == 2
    assert got(up) == {
        "medlem1@example.org": [f"{FIRST} 1", f"{RETTET} 2"],
        "medlem2@example.org": [f"{FIRST} 2"],
    }
    await balanced(up)


async def _leave_and_come_back(up: System, number: int) -> None:
    members: Members = await up.members()
    record = (await members.records([number]))[number]
    await leave(up.redis, number)
    last = await members.last()
    await members.add([members.open(number, record)], after=last, earlier={last + 1: [number]})
    await (await choices_of(up)).carry_over(number, last + 1)


async def test_who_leaves_and_comes_back_before_their_mail_gets_it(notify: System) -> None:
    """Also if their new number is one whom a correction concerns; and once."""
    await notify.join(*addresses(3))
    notify.relay.rcpt = lambda _: "450 4.2.0 later"
    first = about("jak-hemmere")
    await notify.publish(first)
    async with running(notify):
        await until(lambda: len(set(notify.relay.tried)) == 3)
        await _leave_and_come_back(notify, 1)
        await leave(notify.redis, 2)
        second = about(of=changed(2, "correction", first))
        await notify.publish(second)
        delivery = f"{second.id}.{second.revision}"
        await until(lambda: notify.redis.exists(put_off_key(delivery)))
        notify.relay.rcpt = lambda _: None
        await notify.bring_forward(delivery)
        found = await notify.delivery_of(second)
        assert (found["handed_over"], found["suppressed"]) == (2, 1)
    assert got(notify) == {
        "medlem1@example.org": [f"{FIRST} 2"],
        "medlem3@example.org": [f"{FIRST} 2"],
    }
    await balanced(notify)


async def test_an_exercise_goes_to_staff_whatever_they_chose(up: System) -> None:
    await up.join(*addresses(2))
    await (await up.members()).mark_staff([1])
    await choose(up, 1, ["metotreksat"])
    said = revision(alert(alert=alert().alert.model_copy(update={"mode": "exercise"})))
    await up.publish(about("jak-hemmere", of=said))
    assert (await up.delivery())["handed_over"] == 1
    assert set(got(up)) == {"medlem1@example.org"}


async def test_a_new_subject_takes_no_alert_from_who_chose_before_it_was_there(
    notify: System,
) -> None:
    """Its alerts went to all until then, and nobody could pick it."""
    await notify.join(*addresses(3))
    for number, picked in ((1, ["jak-hemmere"]), (2, [])):
        await choose(notify, number, picked)
    async with running(notify):
        for subject in ("provomab", "jak-hemmere"):
            told = SubjectChanged.about(
                Subject(id=subject, name=subject), 1, traceparent=new_traceparent()
            )
            await notify.tell(told, stream="reference")
            await notify.settled("reference")
        choices = await choices_of(notify)
        assert await choices.of(1) == ("jak-hemmere", "provomab")
        assert await choices.of(2) == ("provomab",)
        await choose(notify, 2, ["jak-hemmere"])
        about_it = about("provomab")
        await notify.publish(about_it)
        await notify.delivery_of(about_it)
    assert set(got(notify)) == {"medlem1@example.org", "medlem3@example.org"}
    assert await choices.of(1) == ("jak-hemmere", "provomab"), "what is known already stays"
