"""A notice to members is mailed once two people have approved it, and never before."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.audit.entries import TrailAction, TrailEntry, Verified, verify
from services.ingest.audit.trail import Trail
from services.ingest.notices.notice import StoredNotice, approve, cancel
from services.ingest.notices.store import Notices
from services.ingest.people.keys import ApiKeys, create_key
from services.ingest.people.person import Person
from services.ingest.people.store import People
from services.ingest.problems import Problem
from shared.events import NoticeApproved, from_fields
from shared.notice import NoticeContent
from shared.revision import carried_id
from shared.trial import PERSON, SECOND
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import a_person
from tests.ingest.telling.steps import look, time_passes

WRITTEN: dict[str, Any] = {
    "lang": "nb",
    "what_happened": "En sikkerhetskopi kom bort.\n\nDet skjedde 1. september.",
    "consequences": "Noen kan få vite at du er medlem.",
    "measures": "Kopien var kryptert. Vi har byttet nøkkel.",
    "contact": "Kari Eksempel, telefon 22 00 00 00",
}
HERE = "http://127.0.0.1:8000"
RELAY = {"smtp_url": "smtp://relay.example.org", "mail_from": "a@example.org"}


@dataclass
class Staff:
    """Calls the API as one person."""

    ingest: Ingest
    key: str

    async def ask(self, method: str, path: str = "", **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.key}"}
        return await self.ingest.http.request(
            method, f"/api/notices{path}", headers=headers, **more
        )

    async def draft(self, **changes: Any) -> str:
        answer = await self.ask("POST", json=WRITTEN | changes)
        assert answer.status_code == 201, answer.text
        assert answer.headers["Location"] == f"/api/notices/{answer.json()['id']}"
        return str(answer.json()["id"])

    async def take(self, step: str, notice: str) -> httpx.Response:
        return await self.ask("POST", f"/{notice}/{step}")


async def staff(ingest: Ingest, name: str, role: str = "approver") -> Staff:
    return Staff(ingest, await create_key(ingest.redis, name, role))


async def staff_with(ingest: Ingest, name: str, id_: str) -> Staff:
    """Somebody with this id, as a trial lets in."""
    person = await People(ingest.redis).add(name, "approver", id_=id_)
    return Staff(ingest, await ApiKeys(ingest.redis).create(person))


async def told(ingest: Ingest) -> list[NoticeApproved]:
    found = [from_fields(fields) for _, fields in await ingest.redis.xrange("control")]
    return [event for event in found if isinstance(event, NoticeApproved)]


async def test_a_notice_is_mailed_once_two_people_have_approved_it(ingest: Ingest) -> None:
    kari, anne = await staff(ingest, "Kari"), await staff(ingest, "Anne")
    notice = await kari.draft(members=[7, 3, 7])
    assert await told(ingest) == []
    assert (await kari.take("approve", notice)).json()["status"] == "draft"
    assert (await kari.take("approve", notice)).json()["status"] == "draft", "twice is once"
    assert await told(ingest) == []
    done = (await anne.take("approve", notice)).json()
    assert (done["status"], done["to"]) == ("approved", 2)
    [event] = await told(ingest)
    assert event.subject == event.data.id == notice
    assert event.data.is_approved()
    assert event.data.content.members == (3, 7)
    assert event.data.content.what_happened == WRITTEN["what_happened"]
    assert (await anne.take("approve", notice)).status_code == 200
    assert len(await told(ingest)) == 1


async def test_two_keys_of_one_person_are_one_pair_of_eyes(ingest: Ingest) -> None:
    kari, again = await staff(ingest, "Kari Eksempel"), await staff(ingest, "kari  eksempel")
    notice = await kari.draft()
    await kari.take("approve", notice)
    assert (await again.take("approve", notice)).json()["status"] == "draft"
    assert await told(ingest) == []


async def test_approvals_of_a_trial_count_for_nothing_once_a_relay_is_set(
    make_ingest: Any,
) -> None:
    trial: Ingest = await make_ingest(site_url=HERE)
    newcomer = await staff_with(trial, "Prøvebruker", PERSON)
    notice = await newcomer.draft()
    await newcomer.take("approve", notice)
    real: Ingest = await make_ingest(site_url=HERE, **RELAY)
    second = await staff_with(real, "Prøvegodkjenner", SECOND)
    assert (await second.take("approve", notice)).json()["status"] == "draft"
    kari, anne = await staff(real, "Kari"), await staff(real, "Anne")
    first = (await kari.take("approve", notice)).json()
    assert (first["status"], [one["by"] for one in first["approvals"]]) == ("draft", ["Kari"])
    assert await told(real) == []
    assert (await anne.take("approve", notice)).json()["status"] == "approved"
    [event] = await told(real)
    assert event.data.is_approved(frozenset((PERSON, SECOND)))


async def test_on_a_trial_a_newcomer_is_both_who_approve(make_ingest: Any) -> None:
    trial: Ingest = await make_ingest(site_url=HERE)
    both = [await staff_with(trial, name, id_) for name, id_ in (("A", PERSON), ("B", SECOND))]
    notice = await both[0].draft()
    told_of = [(await one.take("approve", notice)).json()["status"] for one in both]
    assert told_of == ["draft", "approved"]


async def test_an_editor_may_write_and_cancel_but_not_approve(ingest: Ingest) -> None:
    ola, anne = await staff(ingest, "Ola", "editor"), await staff(ingest, "Anne")
    notice = await ola.draft()
    assert (await ola.take("approve", notice)).status_code == 403
    assert (await ola.take("cancel", notice)).json()["status"] == "cancelled"
    assert (await anne.take("approve", notice)).status_code == 409
    assert await told(ingest) == []


async def test_what_is_being_mailed_is_not_cancelled_but_stopped(ingest: Ingest) -> None:
    kari, anne = await staff(ingest, "Kari"), await staff(ingest, "Anne")
    notice = await kari.draft()
    for one in (kari, anne):
        await one.take("approve", notice)
    refused = await kari.take("cancel", notice)
    assert refused.status_code == 409
    assert f"varsel deliver {notice} --cancel" in refused.json()["detail"]


async def test_every_step_is_in_the_audit_trail_with_what_was_approved(ingest: Ingest) -> None:
    kari, anne = await staff(ingest, "Kari"), await staff(ingest, "Anne")
    notice = await kari.draft()
    for one in (kari, anne, anne):
        await one.take("approve", notice)
    trail = Trail(ingest.redis)
    lines = [line async for line in trail.read()]
    assert isinstance(verify(lines), Verified)
    entries = [entry for line in lines if (entry := TrailEntry.of(line)).article == notice]
    assert [(entry.actor, entry.what) for entry in entries] == [
        ("Kari", "notice_drafted"),
        ("Kari", "notice_approved"),
        ("Anne", "notice_approved"),
    ]
    assert {entry.sha256 for entry in entries} == {NoticeContent(**WRITTEN).sha256}


async def test_of_two_who_approve_at_once_both_count_and_it_is_told_once(ingest: Ingest) -> None:
    everybody = [await staff(ingest, f"Person {n}") for n in range(6)]
    notice = await everybody[0].draft()
    await asyncio.gather(*(one.take("approve", notice) for one in everybody))
    [event] = await told(ingest)
    assert len(event.data.approvals) == 2


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"contact": ""}, "contact"),
        ({"what_happened": "x" * 3001}, "what_happened"),
        ({"lang": "se"}, "lang"),
        ({"members": []}, "members"),
        ({"members": [0]}, "members.0"),
        ({"members": ["kari@example.org"]}, "members.0"),
        ({"emails": ["kari@example.org"]}, "emails"),
        ({"measures": "Kari\u202e"}, "measures"),
    ],
)
async def test_a_notice_that_is_wrong_is_refused_with_its_field_named(
    ingest: Ingest, wrong: dict[str, Any], field: str
) -> None:
    kari = await staff(ingest, "Kari")
    refused = await kari.ask("POST", json=WRITTEN | wrong)
    assert refused.status_code == 422, refused.text
    assert [error["field"] for error in refused.json()["errors"]] == [field]
    assert "kari@example.org" not in refused.text
    assert (await kari.ask("GET")).json() == {"notices": []}


async def test_a_notice_that_is_not_there_is_404(ingest: Ingest) -> None:
    kari = await staff(ingest, "Kari")
    for method, path in (("GET", "/0123"), ("POST", "/0123/approve"), ("POST", "/0123/cancel")):
        assert (await kari.ask(method, path)).status_code == 404


PEOPLE = st.builds(
    a_person,
    st.sampled_from(["Kari", "kari ", "Anne", "Ola"]),
    st.sampled_from(["editor", "approver", "admin"]),
)
STEPS = st.lists(st.tuples(PEOPLE, st.booleans()))


VOID = st.sampled_from([frozenset(), frozenset({carried_id("Ola"), carried_id("Anne")})])


@given(STEPS, VOID)
def test_whatever_the_steps_only_two_approvers_make_it_approved_and_an_end_stays(
    steps: list[tuple[Person, bool]], void: frozenset[str]
) -> None:
    content = NoticeContent(**WRITTEN)
    at = datetime(2026, 9, 1, tzinfo=UTC)
    notice = StoredNotice(id="0123456789", content=content, sha256=content.sha256, by="Kari", at=at)
    approvers: set[str] = set()
    for who, ends in steps:
        before = notice
        try:
            notice = cancel(notice, who) if ends else approve(notice, who, at, void)
        except Problem:
            assert notice is before
        if not ends and who.role != "editor" and before.state == "draft":
            approvers.add(who.id)
        if before.state != "draft":
            assert notice.state == before.state
        assert (notice.state == "approved") == (len(approvers - void) >= 2)
        assert {one.person for one in notice.approvals} == approvers


async def test_what_notify_gave_up_of_a_notice_is_seen_in_it(ingest: Ingest) -> None:
    kari = await staff(ingest, "Kari")
    notice = await kari.draft()
    entry = await ingest.redis.xadd("control.dead", {"dead_cause": "NoticeNotApproved"})
    await ingest.redis.sadd(f"ingest:dead:{notice}", f"control.dead {entry.decode()}")
    found = (await kari.ask("GET", f"/{notice}")).json()
    assert found["problems"] == [{"stream": "control", "cause": "NoticeNotApproved"}]


async def test_a_script_sent_again_after_a_lost_connection_finds_itself_done(
    ingest: Ingest,
) -> None:
    content = NoticeContent(**WRITTEN)
    at = datetime(2026, 9, 1, tzinfo=UTC)
    notice = StoredNotice(id="0123456789", content=content, sha256=content.sha256, by="Kari", at=at)
    trail, notices = Trail(ingest.redis), Notices(ingest.redis)
    prepared = await trail.prepare([TrailAction("Kari", "notice_drafted", article=notice.id)])
    for _ in range(2):
        assert await notices.keep(None, notice, prepared, None)
    after = cancel(notice, a_person("Kari"))
    assert not await notices.keep(notice, after, prepared, None), "the trail has gone on"
    assert not await notices.keep(after, after.model_copy(update={"by": "Ola"}), prepared, None)
    lines = [line async for line in trail.read()]
    assert isinstance(verify(lines), Verified)
    assert sum(b"notice_drafted" in line for line in lines) == 1


async def test_who_may_approve_a_notice_is_told_that_it_waits_and_again_until_it_does_not(
    ingest: Ingest,
) -> None:
    await staff(ingest, "Per", "editor")
    kari, ola = await staff(ingest, "Kari"), await staff(ingest, "Ola")
    await staff(ingest, "Åse")
    notice = await kari.draft()
    first = ("notice_waits", ["Kari", "Ola", "Åse"])
    assert await look(ingest.redis) == [first]
    await ola.take("approve", notice)
    assert await look(ingest.redis) == [first], "not anew for each approval"
    await time_passes(ingest.redis, notice)
    again = ("notice_waits", ["Kari", "Åse"])
    assert await look(ingest.redis) == [first, again], "who has approved it has nothing to do"
    await time_passes(ingest.redis, notice)
    assert await look(ingest.redis) == [first, again], "twice is enough"

    for step, who in (("approve", (kari, ola)), ("cancel", (kari,))):
        ended = await kari.draft()
        told = await look(ingest.redis)
        for one in who:
            assert (await one.take(step, ended)).status_code == 200
        await time_passes(ingest.redis, ended)
        assert await look(ingest.redis) == told, "it waits no more"
