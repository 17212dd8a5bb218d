"""A person has one id for good, and what lets them in ends with them."""

import hashlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailEntry, verify
from services.ingest.people.carry_over import CarryOver
from services.ingest.people.keys import ApiKeys, create_key
from services.ingest.people.person import ROLES, Person
from services.ingest.people.store import NameTaken, People, UnknownPerson
from shared.revision import Approval, Author, carried_id, folded_name
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import Somebody, in_review, somebody


async def trail(redis: Redis) -> list[tuple[str, str]]:
    stored = await redis.hgetall("ingest:audit")
    entries = sorted(map(TrailEntry.of, stored.values()), key=lambda entry: entry.number)
    assert verify([entry.line for entry in entries])
    return [(entry.actor, entry.what) for entry in entries]


async def test_a_person_is_found_by_id_and_by_name_until_they_are_revoked(redis: Redis) -> None:
    people = People(redis)
    kari = await people.add("Kari Eksempel", "admin")
    ola = await people.add("Ola", "approver", kari)
    assert await people.find(ola.id) == ola == await people.named(" OLA ")
    assert await people.all() == [kari, ola]
    assert await people.invited_by(ola.id) == kari.id
    assert await people.invited_by(kari.id) is None
    await people.revoke(ola.id, kari)
    assert await people.find(ola.id) is None
    assert await people.named("Ola") is None
    assert await people.all() == [kari]
    assert (await people.records())[ola.id].revoked_at
    assert await trail(redis) == [
        ("operator", "person_added"),
        ("Kari Eksempel", "person_added"),
        ("Kari Eksempel", "person_revoked"),
    ]


async def test_a_name_is_one_persons_however_it_is_spelled(redis: Redis) -> None:
    people = People(redis)
    kari = await people.add("Kari", "editor")
    with pytest.raises(NameTaken) as taken:
        await people.add(" KARI", "approver")
    assert taken.value.person == kari
    assert await people.all() == [kari]


async def test_whoever_comes_back_is_who_they_were_and_their_old_keys_stay_closed(
    redis: Redis,
) -> None:
    people, keys = People(redis), ApiKeys(redis)
    kari = await people.add("Kari", "editor")
    key = await keys.create(kari)
    assert (await keys.find(key)) is not None
    await people.revoke(kari.id)
    assert await keys.find(key) is None
    assert await keys.all() == {}
    back = await people.add("kari", "approver")
    assert back == Person(kari.id, "kari", "approver")
    assert await keys.find(key) is None


async def test_a_key_is_not_made_for_somebody_who_was_revoked(redis: Redis) -> None:
    people, keys = People(redis), ApiKeys(redis)
    kari = await people.add("Kari", "editor")
    await people.revoke(kari.id)
    with pytest.raises(UnknownPerson):
        await keys.create(kari)
    with pytest.raises(ValueError, match="people invite"):
        await create_key(redis, "Kari")


async def test_a_role_that_is_changed_counts_for_the_keys_that_are_there(redis: Redis) -> None:
    people, keys = People(redis), ApiKeys(redis)
    key = await create_key(redis, "Kari")
    kari = await people.named("Kari")
    assert kari
    await people.set_role(kari.id, "approver", kari)
    await people.set_role(kari.id, "approver", kari)
    found = await keys.find(key)
    assert found
    assert found.person == Person(kari.id, "Kari", "approver")
    told = [("operator", "person_added"), ("operator", "key_created"), ("Kari", "role_changed")]
    assert await trail(redis) == told
    with pytest.raises(ValueError, match="varsel people role"):
        await create_key(redis, "Kari", "editor")
    with pytest.raises(ValueError, match="admin"):
        await people.set_role(kari.id, "sjef")


async def test_a_key_that_is_revoked_opens_nothing_and_the_others_stay(redis: Redis) -> None:
    keys = ApiKeys(redis)
    one, other = await create_key(redis, "Kari"), await create_key(redis, "Kari")
    assert await keys.revoke(one.split("_")[1])
    assert not await keys.revoke(one.split("_")[1])
    assert await keys.find(one) is None
    assert await keys.find(other) is not None


async def plant(redis: Redis, key_id: str, name: str, role: str) -> None:
    """A key as it was stored before there were persons."""
    record = {"name": name, "role": role, "sha256": "0" * 64}
    await redis.hset("ingest:keys", key_id, json.dumps(record))


async def test_keys_from_before_there_were_persons_get_one_each_name_one_person(
    redis: Redis,
) -> None:
    await plant(redis, "00000001", "Kari Eksempel", "editor")
    await plant(redis, "00000002", "kari  eksempel", "approver")
    await plant(redis, "00000003", "Ola", "editor")
    for _ in range(2):
        await CarryOver(redis)()
    people = People(redis)
    kari, ola = await people.named("Kari Eksempel"), await people.named("Ola")
    assert kari
    assert ola
    assert (kari.id, kari.role) == (carried_id("Kari Eksempel"), "approver")
    owners = {id_: record.person for id_, record in (await ApiKeys(redis).all()).items()}
    assert owners == {"00000001": kari.id, "00000002": kari.id, "00000003": ola.id}
    assert [what for _, what in await trail(redis)].count("key_carried") == 3


@given(st.text(min_size=1, max_size=30))
def test_a_name_alone_is_read_as_the_person_it_stood_for(name: str) -> None:
    try:
        author = Author.model_validate(name)
    except ValueError:
        return  # no name
    assert author.person == carried_id(name) == carried_id(folded_name(name))
    old: dict[str, Any] = {"by": name, "at": "2026-09-01T10:00:00Z", "sha256": "0" * 64}
    assert Approval.model_validate(old).person == author.person


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_what_those_before_it_may(role: Any) -> None:
    able = [other for other in ROLES if Person("0" * 16, "Kari", role).may(other)]
    assert able == list(ROLES[: len(able)])
    assert able[-1] == role


async def test_after_a_start_an_old_key_opens_and_its_person_cannot_approve_what_they_wrote(
    make_ingest: Any,
) -> None:
    """Also if what they wrote was stored before there were persons, with their name alone."""
    ingest: Ingest = await make_ingest(alert_approvals=1, alert_hold=0)
    key = f"varsel_0a1b2c3d_{'A' * 43}"
    old = {"name": "Kari", "role": "approver", "sha256": hashlib.sha256(key.encode()).hexdigest()}
    await ingest.redis.hset("ingest:keys", "0a1b2c3d", json.dumps(old))
    for open_ in ingest.service.open:
        await open_()
    kari = Somebody(ingest, {"Authorization": f"Bearer {key}"})
    article = await in_review(kari)
    place = f"ingest:article:{article}"
    life = json.loads(await ingest.redis.hget(place, "life") or "")
    life["authors"] = [author["name"] for author in life["authors"]]
    await ingest.redis.hset(place, "life", json.dumps(life))
    answer = await kari.approve(article)
    assert answer.status_code == 403
    ola = await somebody(ingest, "Ola", "approver")
    assert (await ola.approve(article)).json()["status"] == "published"
