"""What a member is told of each alert is true, in every case that the ledger knows."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.ledger.bounced import note_bounced
from services.notify.ledger.states import Flag, State
from services.notify.member_pages.history.fate import (
    AlertFate,
    Mailing,
    fate,
    first,
    span,
)
from services.notify.member_pages.history.read_history import (
    HistoryStep,
    MailedAlert,
    alerts_of,
    in_force,
)
from services.notify.member_pages.history.told import told
from services.notify.member_pages.look import PageWords
from services.notify.members.numbers import Cut
from services.notify.members.store import leave
from services.render.articles.teaser import Teaser
from shared.oslo import oslo
from tests.make import alert, alert_fields, revision
from tests.notify.marked import address_is_gone
from tests.notify.notices import approved, tell
from tests.notify.revisions import corrected, original, withdrawn
from tests.notify.steps import addresses
from tests.notify.system import System, running

_mailings = st.builds(
    Mailing,
    kind=st.sampled_from(["alert", "correction", "withdrawal"]),
    cut=st.builds(Cut, st.integers(0, 20), st.integers(0, 5)),
    held=st.sampled_from(["", "operator", "cancelled", "stale"]),
    is_superseded=st.booleans(),
)
_number, _left = st.integers(1, 20), st.none() | st.integers(1, 10)
_byte = st.integers(0, 63)
_IN_IT = set(AlertFate) - {
    AlertFate.NOT_YET,
    AlertFate.GONE_BEFORE,
    AlertFate.NOT_CHOSEN,
    AlertFate.NOT_OWED,
}


@given(_mailings, _number, _byte.filter(lambda byte: byte % 8 != 6), _left)
def test_a_fate_is_what_the_ledgers_byte_says(
    mailing: Mailing, number: int, byte: int, left: int | None
) -> None:
    what, state = fate(mailing, number, byte, left), byte % 8
    is_in = mailing.cut.has(number, left)
    never_had_it = mailing.kind == "withdrawal" and byte == State.SUPPRESSED
    is_owed = state != State.OUTSIDE and not never_had_it
    assert (what in _IN_IT) == (is_in and is_owed)
    if what is AlertFate.REPLACED:
        assert state != State.SUPPRESSED, "what a newer version takes over stays as it is"
    if what is AlertFate.LEFT_SINCE:
        assert left is not None
    if what in (AlertFate.HANDED_OVER, AlertFate.BOUNCED):
        assert state == State.HANDED_OVER
        assert (what is AlertFate.BOUNCED) == bool(byte & Flag.BOUNCED)
    if is_in and state == State.HANDED_OVER:
        assert what in (AlertFate.HANDED_OVER, AlertFate.BOUNCED)
    assert (what is AlertFate.FAILED) == (is_in and state == State.FAILED)
    if what in (AlertFate.WAITING, AlertFate.PUT_OFF, AlertFate.HELD):
        assert not mailing.is_superseded, "nothing of it is sent any more"
    if what is AlertFate.SENDING:
        assert state == State.SENDING


@given(st.lists(st.sampled_from(AlertFate), min_size=1))
def test_of_several_numbers_what_the_person_got_counts(fates: list[AlertFate]) -> None:
    best = first(fates)
    assert best in fates
    if not _IN_IT.isdisjoint(fates):
        assert best in _IN_IT


_moment = st.datetimes(timezones=st.just(UTC)).filter(lambda moment: 1 < moment.year < 9999)


@given(_moment, st.timedeltas(timedelta(days=-1), timedelta(days=1)))
def test_a_span_holds_all_that_lies_between_and_is_whole_minutes(
    began: datetime, length: timedelta
) -> None:
    start, end = span(began, began + length)
    assert start <= began <= end
    assert end >= began + length
    assert not (start.second or start.microsecond or end.second or end.microsecond)
    assert began - start < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("began", "ended", "said"),
    [
        ((4, 3, 8, 0), (4, 3, 8, 0), "3. april 2026 kl. 10.00"),
        ((4, 3, 8, 0), (4, 3, 8, 20), "3. april 2026 mellom 10.00 og 10.20"),
        (
            (4, 3, 21, 50),
            (4, 3, 22, 10),
            "mellom 3. april 2026 kl. 23.50 og 4. april 2026 kl. 00.10",
        ),
    ],
)
def test_a_span_is_told_on_norwegian_clocks(
    began: tuple[int, ...], ended: tuple[int, ...], said: str
) -> None:
    moments = [datetime(2026, *parts, tzinfo=UTC) for parts in (began, ended)]  # type: ignore[arg-type]
    assert PageWords("nb").span(*moments).replace("\u00a0", " ") == said


async def _told(on: System, *numbers: int) -> list[str]:
    """What the person is told of the only alert, step by step."""
    [alert_] = await alerts_of(on.redis, numbers, datetime.now(UTC))
    return [_without_span(told(step, PageWords("nb"))) for step in alert_.steps]


def _without_span(text: str) -> str:
    return re.sub(r" (\d|mellom).*", "", text) if text.startswith("Overlevert") else text


async def test_a_mail_that_the_relay_took_was_handed_over_in_the_deliverys_span(
    notify: System,
) -> None:
    await notify.join(*addresses(2))
    before = datetime.now(UTC)
    async with running(notify):
        await notify.publish(original)
        await notify.delivery()
    [one] = await alerts_of(notify.redis, [1], datetime.now(UTC))
    [step] = one.steps
    assert (one.title, one.path, step.fate) == ("Utgave 1", original.path, AlertFate.HANDED_OVER)
    assert step.began <= before + timedelta(seconds=1)
    assert before <= step.ended <= datetime.now(UTC) + timedelta(minutes=1)
    assert told(step, PageWords("nb")).startswith("Overlevert til e-posttjenesten ")
    [now] = await in_force(notify.redis, datetime.now(UTC))
    assert (now.title, now.is_withdrawn) == ("Utgave 1", False)


async def test_what_the_relay_refused_is_told_with_its_reason(notify: System) -> None:
    refused = {
        "finnes-ikke@example.org": "550 5.1.1 no such user",
        "stengt@example.org": "550 5.2.1 mailbox disabled",
    }
    await notify.join(*refused, *addresses(3))
    notify.relay.rcpt = refused.get
    async with running(notify):
        await notify.publish(original)
        await notify.delivery()
    assert await _told(notify, 1) == [
        "E-posttjenesten tok ikke imot e-posten: adressen finnes ikke."
    ]
    assert "(kode 5.2.1" in (await _told(notify, 2))[0]


async def test_what_came_back_is_told_with_its_reason(notify: System) -> None:
    await notify.join(*addresses(3))
    async with running(notify):
        await notify.publish(original)
        delivery = await notify.delivery()
        await note_bounced(notify.redis, delivery["id"], {1: "5.1.1", 2: "5.2.2"})
    said = []
    for number, code in (1, "5.1.1"), (2, "5.2.2"):
        came_back = {delivery["id"]: code}  # as the member's marks have it
        [one] = await alerts_of(notify.redis, [number], datetime.now(UTC), came_back)
        said.append(told(one.steps[0], PageWords("nb")))
    assert said[0] == "Kom i retur: adressen finnes ikke."
    assert said[1].startswith("Overlevert til e-posttjenesten ")
    assert said[1].endswith(", men kom i retur.")
    assert not (await _told(notify, 3))[0].endswith("retur.")


async def test_a_correction_and_a_withdrawal_are_told_below_the_alert(notify: System) -> None:
    await notify.join(*addresses(1))
    async with running(notify):
        for page in (original, corrected):
            await notify.publish(page)
            await notify.delivery_of(page)
        await notify.withdraw(withdrawn)
        await notify.delivery_of(withdrawn)
    [alert_] = await alerts_of(notify.redis, [1], datetime.now(UTC))
    assert [step.kind for step in alert_.steps] == ["alert", "correction", "withdrawal"]
    assert alert_.is_withdrawn
    assert {step.fate for step in alert_.steps} == {AlertFate.HANDED_OVER}
    assert await in_force(notify.redis, datetime.now(UTC)) == []


async def test_who_joined_later_or_left_before_is_told_so(notify: System) -> None:
    await notify.join(*addresses(2))
    await leave(notify.redis, 1)
    async with running(notify):
        await notify.publish(original)
        await notify.delivery()
    await notify.join("senere@example.org")
    assert await _told(notify, 1) == ["Ikke sendt til deg: du var meldt av."]
    assert await _told(notify, 3) == ["Sendt ut før du meldte deg på."]
    assert await _told(notify, 3, 2) == ["Overlevert til e-posttjenesten"], "an earlier number"


async def test_who_joined_or_came_back_before_a_correction_is_told_that_it_was_not_for_them(
    notify: System,
) -> None:
    """The page after joining has shown them the alert; the correction went out after that."""
    await notify.join(*addresses(2))
    await leave(notify.redis, 1)
    async with running(notify):
        await notify.publish(original)
        await notify.delivery_of(original)
        await notify.join("senere@example.org")
        await notify.publish(corrected)
        await notify.delivery_of(corrected)
        await notify.withdraw(withdrawn)
        await notify.delivery_of(withdrawn)
    not_owed = "Ikke sendt til deg: du har ikke fått det som ble endret."
    assert await _told(notify, 3) == ["Sendt ut før du meldte deg på.", not_owed, not_owed]
    assert await _told(notify, 1) == ["Ikke sendt til deg: du var meldt av.", not_owed, not_owed]


@pytest.mark.parametrize(
    ("from_day", "by_day", "holds"),
    [(None, None, True), (None, 0, True), (None, -1, False), (0, None, True), (1, None, False),
     (-2, 2, True)],
)  # fmt: skip
async def test_what_holds_now_is_what_the_sites_list_says(
    notify: System, from_day: int | None, by_day: int | None, holds: bool
) -> None:
    now = datetime.now(UTC)
    days = {"valid_from": from_day, "review_by": by_day}
    fields = alert_fields() | {
        name: (oslo(now) + timedelta(days=days)).date()
        for name, days in days.items()
        if days is not None
    }
    page = revision(alert(alert=fields))
    await notify.join(*addresses(1))
    async with running(notify):
        await notify.publish(page)
        await notify.delivery()
    assert bool(await in_force(notify.redis, now)) is holds
    assert Teaser.of(page).valid_on(oslo(now).date()) is holds


async def test_an_exercise_is_shown_only_to_those_who_got_it(notify: System) -> None:
    await notify.join(*addresses(2))
    await (await notify.members()).mark_staff([2])
    exercise = revision(alert(alert=alert_fields() | {"mode": "exercise"}))
    async with running(notify):
        await notify.publish(exercise)
        await notify.delivery()
    assert await alerts_of(notify.redis, [1], datetime.now(UTC)) == []
    assert [a.mode for a in await alerts_of(notify.redis, [2], datetime.now(UTC))] == ["exercise"]
    assert await in_force(notify.redis, datetime.now(UTC)) == []


async def test_a_notice_is_no_alert_and_hides_none(notify: System) -> None:
    await notify.join(*addresses(2))
    async with running(notify):
        await tell(notify, approved("Kari", "Anne"))
        await notify.delivery()
        await notify.publish(original)
        await notify.delivery_of(original)
    now = datetime.now(UTC)
    assert [one.title for one in await alerts_of(notify.redis, [1], now)] == ["Utgave 1"]
    assert [one.title for one in await in_force(notify.redis, now)] == ["Utgave 1"]


async def test_an_alert_is_shown_for_400_days(notify: System) -> None:
    await notify.join(*addresses(1))
    async with running(notify):
        await notify.publish(original)
        await notify.delivery()
    now = datetime.now(UTC)
    assert len(await alerts_of(notify.redis, [1], now + timedelta(days=399))) == 1
    assert await alerts_of(notify.redis, [1], now + timedelta(days=401)) == []


async def test_who_is_not_mailed_for_what_came_back_is_told_so_also_once_they_have_left(
    notify: System,
) -> None:
    await notify.join(*addresses(2))
    await address_is_gone(notify, 1)
    async with running(notify):
        await notify.publish(original)
        await notify.delivery()
    came_back = ["Ikke sendt: e-post til adressen din hadde kommet i retur."]
    assert await _told(notify, 1) == came_back
    await leave(notify.redis, 1, at=datetime.now(UTC) + timedelta(minutes=1))
    assert await _told(notify, 1) == came_back


def test_who_never_had_what_is_withdrawn_is_not_told_that_they_left() -> None:
    mailing = Mailing("withdrawal", Cut(5, 0), held="", is_superseded=False)
    assert fate(mailing, 1, State.SUPPRESSED, None) is AlertFate.NOT_OWED


def test_who_left_before_a_correction_is_told_so_of_the_alert() -> None:
    mailing = Mailing("alert", Cut(5, 0), held="", is_superseded=True)
    assert fate(mailing, 1, State.SUPPRESSED, 1) is AlertFate.LEFT_SINCE


def test_a_step_of_each_fate_can_be_told() -> None:
    moment = datetime(2026, 4, 3, 8, tzinfo=UTC)
    for what in AlertFate:
        step = HistoryStep("alert", what, "5.7.1 550", moment, moment)
        assert told(step, PageWords("nb")) != told(step, PageWords("nn")) or what is AlertFate.MAYBE
    assert MailedAlert("t", "/", moment, is_withdrawn=False, mode="actual").steps == ()
