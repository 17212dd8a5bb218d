"""What a person may do with a delivery, and with the correction that supersedes it."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from services.notify.ledger import ledger
from services.notify.ledger.control import again, control
from services.notify.ledger.delivery import ledger_key
from services.notify.ledger.states import Flag, State
from shared.bus.users import OPERATOR, as_user
from shared.events import PagePublished
from shared.revision import Revision
from shared.trace import new_traceparent
from tests.notify.revisions import corrected, corrected_again, original, withdrawn
from tests.notify.steps import addresses, balanced, got, in_the_middle, these
from tests.notify.system import System, running
from tests.wait import until
from varsel.cli import commands


async def test_what_is_superseded_is_neither_tried_again_nor_held_and_names_the_newer(
    up: System, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await up.join(*addresses(3))
    up.relay.rcpt = these("medlem2@example.org")
    await up.publish(original)
    await up.delivery()
    await up.publish(corrected)
    await up.delivery_of(corrected)
    monkeypatch.setenv("VARSEL_REDIS_URL", as_user(redis_url, OPERATOR))
    for action in (["--again", "failed"], ["--pause"], ["--cancel"]):
        asked = ["deliver", "a1b2c3d4e5f6.1", *action, "--json"]
        answer = await asyncio.to_thread(CliRunner().invoke, commands(), asked)
        assert answer.exit_code == 1
        said = json.loads(answer.output)
        assert said["why"] == "superseded"
        assert "avløst av a1b2c3d4e5f6.3" in said["error"]
    asked = ["deliver", "a1b2c3d4e5f6", "--again", "failed", "--json"]
    answer = await asyncio.to_thread(CliRunner().invoke, commands(), asked)
    assert json.loads(answer.output) == {"article": "a1b2c3d4e5f6", "done": "again", "members": 0}
    await up.settled("chunks")
    assert "medlem2@example.org" not in up.relay.recipients()


async def test_failures_of_a_correction_are_tried_again_as_a_correction(up: System) -> None:
    await up.join(*addresses(2))
    await up.publish(original)
    await up.delivery()
    up.relay.rcpt = these("medlem2@example.org")
    await up.publish(corrected)
    assert (await up.delivery_of(corrected))["failed"] == 1
    up.relay.rcpt = lambda _: None
    assert await again(up.redis, "a1b2c3d4e5f6.3") == 1
    await until(lambda: len(up.relay.mails) == 4)
    await up.delivery_of(corrected)
    assert got(up)["medlem2@example.org"][1].startswith("RETTET: ")
    await balanced(up)


async def test_who_failed_to_get_a_correction_gets_the_next_one(up: System) -> None:
    await up.join(*addresses(2))
    await up.publish(original)
    await up.delivery()
    up.relay.rcpt = these("medlem2@example.org")
    await up.publish(corrected)
    await up.delivery_of(corrected)
    up.relay.rcpt = lambda _: None
    await up.publish(corrected_again)
    found = await up.delivery_of(corrected_again)
    assert (found["audience"], found["handed_over"]) == (2, 2)


async def test_of_a_cancelled_delivery_only_those_are_corrected_who_were_reached(
    notify: System,
) -> None:
    await notify.join(*addresses(4))
    notify.relay.rcpt = lambda to: None if "medlem1" in to else "451 4.7.1 later"
    await notify.publish(original)
    async with running(notify):
        await until(lambda: len(notify.relay.tried) >= 4)
        await until(lambda: notify.relay.mails)
    await control(notify.redis, "a1b2c3d4e5f6.1", "cancel")
    notify.relay.rcpt = lambda _: None
    async with running(notify):
        await notify.publish(corrected)
        await notify.delivery_of(corrected)
        await notify.settled("chunks")
    assert set(notify.relay.recipients()) == {"medlem1@example.org"}
    await balanced(notify)


@pytest.mark.parametrize("answer", ["450 4.2.0 later", "550 no", "550 5.1.1 no such user"])
@pytest.mark.parametrize("step", ["rcpt", "data"])
@pytest.mark.parametrize("waits", [True, False])
async def test_g9_a_member_who_was_refused_and_never_got_it_is_told_of_no_change(
    up: System, monkeypatch: pytest.MonkeyPatch, answer: str, step: str, waits: bool
) -> None:
    """Another member's final dot keeps the pass from its end. The newer delivery waits for that
    pass, unless it lasts too long."""
    if not waits:
        monkeypatch.setattr(ledger, "LEASE_SECONDS", 1.0)
    await up.join(*addresses(2))
    up.relay.hold = asyncio.Event()
    refused: list[str] = []

    def refuse(to: str) -> str | None:
        if "medlem2" not in to:
            return None
        refused.append(to)
        return answer

    monkeypatch.setattr(up.relay, step, refuse)
    await up.publish(original)
    await until(lambda: up.relay.mails and refused)
    monkeypatch.setattr(up.relay, step, lambda _: None)
    await up.withdraw(withdrawn)
    await up.delivery_of(original)
    if not waits:
        await until(lambda: len(up.relay.mails) >= 2)
    up.relay.hold.set()
    found = await up.delivery_of(withdrawn)
    assert got(up).keys() == {"medlem1@example.org"}
    assert (found["audience"] - found["suppressed"], found["handed_over"]) == (1, 1)
    await up.settled("chunks")
    await balanced(up)


@pytest.mark.parametrize("answer", ["450 4.2.0 later", "550 no"])
async def test_g9_a_correction_is_the_first_mail_of_a_member_who_was_refused_before(
    up: System, answer: str
) -> None:
    await up.join(*addresses(2))
    up.relay.hold = asyncio.Event()
    up.relay.rcpt = lambda to: answer if "medlem2" in to else None
    await up.publish(original)
    await until(lambda: up.relay.mails and "medlem2@example.org" in up.relay.tried)
    await up.publish(corrected)
    await up.delivery_of(original)
    up.relay.rcpt = lambda _: None
    up.relay.hold.set()
    await up.delivery_of(corrected)
    assert [*map(len, got(up).values())] == [2, 1]
    assert got(up)["medlem2@example.org"] == ["Sikkerhetsvarsel: Utgave 3"]
    await up.settled("chunks")
    await balanced(up)


@pytest.mark.parametrize("newer", [corrected, withdrawn])
async def test_g9_members_whose_mail_was_not_sent_yet_are_told_of_no_change(
    up: System, monkeypatch: pytest.MonkeyPatch, newer: Revision
) -> None:
    """A relay may take longer for an answer than the newer delivery waits."""
    monkeypatch.setattr(ledger, "LEASE_SECONDS", 1.0)
    await up.join(*addresses(100))
    up.relay.hold_rcpt = slow = asyncio.Event()
    await up.publish(original)
    await until(lambda: up.relay.tried)
    up.relay.hold_rcpt = None
    await (up.publish(newer) if newer is corrected else up.withdraw(newer))
    await up.delivery_of(original)

    async def begun() -> bool:
        states = await up.redis.get(ledger_key(f"a1b2c3d4e5f6.{newer.revision}"))
        return State.PLANNED + Flag.EARLIER not in states

    await until(begun)
    slow.set()
    found = await up.delivery_of(newer)
    await up.settled("chunks")
    if newer is withdrawn:
        assert not up.relay.mails
        assert (found["audience"], found["suppressed"]) == (100, 100)
    else:
        assert set(map(tuple, got(up).values())) == {("Sikkerhetsvarsel: Utgave 3",)}
        assert found["handed_over"] == 100
    await balanced(up)


async def test_g9_a_mail_that_was_sent_counts_as_read_while_its_answer_is_still_to_come(
    up: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "LEASE_SECONDS", 1.0)
    await up.join("kari@example.org")
    up.relay.hold = asyncio.Event()
    await up.publish(original)
    await until(lambda: up.relay.mails)
    await up.publish(corrected)
    await until(lambda: len(up.relay.mails) == 2)
    assert got(up)["kari@example.org"][1] == "RETTET: Sikkerhetsvarsel: Utgave 3"
    up.relay.hold.set()
    await up.delivery_of(corrected)


async def test_g9_a_mail_whose_last_answer_was_lost_is_corrected(up: System) -> None:
    """It was sent whole, the delivery was superseded, and then the connection broke."""
    await up.join("kari@example.org")
    up.relay.hold = asyncio.Event()
    await up.publish(original)
    await until(lambda: up.relay.mails)
    await up.publish(corrected)
    await up.delivery_of(original)
    up.relay.drop()
    up.relay.hold = None
    await up.delivery_of(corrected)
    subjects = got(up)["kari@example.org"]
    assert subjects == ["Sikkerhetsvarsel: Utgave 1", "RETTET: Sikkerhetsvarsel: Utgave 3"]
    await balanced(up)


async def test_a_correction_of_what_is_paused_goes_out(up: System) -> None:
    """Whoever paused it did so since it was wrong."""
    await in_the_middle(up, members=600, after=60)
    await control(up.redis, "a1b2c3d4e5f6.1", "hold", why="operator")
    up.relay.slowness = 0
    await up.publish(corrected)
    assert (await up.delivery_of(corrected))["audience"] == 600
    await balanced(up)


async def test_an_old_correction_waits_for_a_person_and_stops_the_wrong_text_at_once(
    up: System,
) -> None:
    await in_the_middle(up, members=600, after=60)
    up.site.show(corrected)
    page = PagePublished.about(corrected, traceparent=new_traceparent())
    await up.tell(page.model_copy(update={"time": datetime.now(UTC) - timedelta(hours=25)}))
    assert (await up.delivery_of(corrected, "paused"))["cause"] == "stale"
    await up.delivery_of(original)
    up.relay.slowness = 0
    await control(up.redis, "a1b2c3d4e5f6.3", "resume")
    await up.delivery_of(corrected)
    assert set(got(up)) == set(addresses(600))
