"""An invitation opens once, for two days, for one person."""

import asyncio

import pytest
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailEntry
from services.ingest.people.invitations import Invitations
from services.ingest.people.person import Person
from services.ingest.people.store import People, UnknownPerson
from shared.visitors.sessions import STAFF_SESSIONS, Sessions


@pytest.fixture
async def ola(redis: Redis) -> Person:
    return await People(redis).add("Ola", "approver")


async def test_an_invitation_opens_once_however_many_use_it_at_once(
    redis: Redis, ola: Person
) -> None:
    invitations = Invitations(redis)
    token = await invitations.make(ola.id)
    assert await invitations.look(token) == ola == await invitations.look(token)
    used = await asyncio.gather(*(invitations.use(token) for _ in range(5)))
    assert sorted(used, key=bool) == [None] * 4 + [ola]
    assert await invitations.look(token) is None
    assert await invitations.waiting() == {}
    entries = [TrailEntry.of(line) for line in await redis.hvals("ingest:audit")]
    assert [entry.what for entry in entries].count("invitation_used") == 1


async def test_a_new_link_ends_the_one_before(redis: Redis, ola: Person) -> None:
    invitations = Invitations(redis)
    first, second = [await invitations.make(ola.id) for _ in range(2)]
    assert await invitations.use(first) is None
    assert await invitations.use(second) == ola


async def test_an_invitation_ends_after_its_hours(redis: Redis, ola: Person) -> None:
    invitations = Invitations(redis)
    second = 1 / 3600
    late = await invitations.make(ola.id, hours=-second)
    assert await invitations.look(late) is None
    assert await invitations.use(late) is None
    assert await invitations.waiting() == {}
    assert await invitations.look(await invitations.make(ola.id, hours=60 * second)) == ola


async def test_whoever_is_revoked_has_no_invitation_and_no_session_not_even_when_they_come_back(
    redis: Redis, ola: Person
) -> None:
    people, invitations = People(redis), Invitations(redis)
    sessions = Sessions(redis, STAFF_SESSIONS, b"k" * 32)
    token, session = await invitations.make(ola.id), await sessions.begin(ola.id)
    await people.revoke(ola.id)
    assert await invitations.look(token) is None
    with pytest.raises(UnknownPerson):
        await invitations.make(ola.id)
    assert await people.add("Ola", "editor") == Person(ola.id, "Ola", "editor")
    assert await invitations.use(token) is None
    assert await sessions.look(session.id) is None


async def test_a_token_is_stored_only_as_a_hash_and_a_changed_one_opens_nothing(
    redis: Redis, ola: Person
) -> None:
    invitations = Invitations(redis)
    token = await invitations.make(ola.id)
    secret = token.partition("_")[2]
    assert secret.encode() not in b"".join(await redis.hvals("ingest:invitations"))
    other = "a" if token[-1] != "a" else "b"
    for wrong in (token[:-1] + other, "a" * 16 + token[16:], token + "\n", token[1:], ""):
        assert await invitations.use(wrong) is None
    assert await invitations.use(token) == ola
