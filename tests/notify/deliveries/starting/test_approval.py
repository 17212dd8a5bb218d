"""Nobody is mailed what nobody has approved, whatever comes on the stream."""

from datetime import UTC, datetime
from typing import Any

import pytest
from redis.asyncio import Redis

from services.notify.ledger.delivery import deliveries
from shared.revision import Approval, Author, Change, Revision, carried_id
from shared.trial import SECOND
from tests.make import alert, alert_fields, news, revision
from tests.notify.steps import addresses
from tests.notify.system import running, system
from tests.wait import until


def approved(said: Revision, *by: str) -> Revision:
    now = datetime.now(UTC)
    approvals = tuple(
        Approval(person=carried_id(name), by=name, at=now, sha256=said.sha256) for name in by
    )
    return said.model_copy(
        update={"authors": (Author(person=carried_id("Ola"), name="Ola"),), "approvals": approvals}
    )


def tampered(said: Revision) -> Revision:
    """Its text was changed after it was approved, and its hash with it."""
    other = revision(alert(title="Noe annet"), **{"revision": said.revision})
    return other.model_copy(update={"authors": said.authors, "approvals": said.approvals})


def approved_on_a_trial(said: Revision) -> Revision:
    """By the person that whoever wrote it could become there."""
    by = approved(said, "Kari").approvals[0].model_copy(update={"person": SECOND})
    return approved(said, "Kari").model_copy(update={"approvals": (by,)})


whole = revision(alert())
exercise = revision(alert(alert=alert_fields() | {"mode": "exercise"}))


@pytest.mark.parametrize(
    "said",
    [
        whole,
        exercise,
        approved(whole, "Ola"),
        approved(whole, " OLA "),
        tampered(approved(whole, "Kari")),
        approved(whole, "Kari").model_copy(update={"sha256": "0" * 64}),
        approved_on_a_trial(whole),
    ],
    ids=["nobody", "nobody, an exercise", "its author", "its author, spelled anew",
         "another text", "another hash", "who was of a trial"],
)  # fmt: skip
async def test_an_alert_without_its_approval_is_a_dead_letter_and_mails_nobody(
    redis: Redis, redis_url: str, said: Revision, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with system(redis, redis_url, alert_approvals=1) as up:
        await up.join(*addresses(3))
        async with running(up) as bus:
            monkeypatch.setattr(bus, "timing", _hasty(bus.timing))
            await up.publish(said)
            (letter,) = await until(lambda: _dead(redis))
        assert letter[b"dead_cause"].startswith(b"ApprovalMissing")
        assert not await deliveries(redis)
        assert not up.relay.tried


def _hasty(timing: Any) -> Any:
    return type(timing)(**{**vars(timing), "attempts": 2, "first_pause": 0.01})


async def _dead(redis: Redis) -> list[dict[bytes, bytes]]:
    return [fields for _, fields in await redis.xrange("pages.dead")]


async def test_an_approved_alert_its_edit_and_news_go_out(redis: Redis, redis_url: str) -> None:
    async with system(redis, redis_url, alert_approvals=1) as up, running(up):
        await up.join(*addresses(2))
        await up.publish(revision(news(), id="b1b2c3d4e5f6", slug="nytt"))
        await up.publish(approved(whole, "Kari"))
        await up.delivery()
        await up.settled()
        assert len(up.relay.mails) == 2
        assert not await _dead(redis)


async def test_an_edit_that_nobody_approved_is_not_what_the_rest_are_mailed(
    redis: Redis, redis_url: str
) -> None:
    async with system(redis, redis_url, alert_approvals=1) as up:
        await up.join(*addresses(2))
        up.relay.mail = lambda _: "451 4.3.0 later"
        async with running(up):
            await up.publish(approved(whole, "Kari"))
            await up.delivery("sending")
            edit = revision(alert(title="Ny"), revision=2, change=Change(kind="edit"))
            await up.publish(edit)
            await until(lambda: redis.hgetall("notify:attempts:pages"))
            up.relay.mail = lambda _: None
            await up.delivery()
    assert {str(m.head["Subject"]) for m in up.relay.mails} == {
        "Sikkerhetsvarsel: Eksempelinib kan skade leveren"
    }


async def test_a_withdrawal_needs_no_approval(redis: Redis, redis_url: str) -> None:
    async with system(redis, redis_url, alert_approvals=1) as up, running(up):
        await up.join(*addresses(2))
        await up.publish(approved(whole, "Kari"))
        await up.delivery()
        change = Change(kind="withdrawal", note="Den var feil.")
        gone = revision(alert(), revision=2, change=change)
        await up.withdraw(gone)
        assert (await up.delivery_of(gone))["handed_over"] == 2
