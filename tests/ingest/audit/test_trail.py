"""The audit trail in Redis: one chain, however many write it at once."""

import asyncio
import sys
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.ingest.audit import trail as module
from services.ingest.audit.entries import Head, TrailAction, TrailEntry, Verified, verify
from services.ingest.audit.trail import ENTRIES, HEAD, Appended, Trail
from services.ingest.people.keys import create_key
from shared.bus import lua
from shared.bus.lua import Answer
from shared.bus.users import as_user
from tests.server import TIED

PUBLISHED = TrailAction("Kari Ø", "published", "a1b2c3d4e5f6", 1, "a" * 64, {"mode": "actual"})

WRITER = """
import asyncio, sys
from redis.asyncio import Redis
from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail

async def main(url, name):
    async with Redis.from_url(url) as redis:
        for number in range(100):
            await Trail(redis).append([TrailAction(name, "tried", revision=number)])

asyncio.run(main(*sys.argv[1:]))
"""


async def lines(redis: Redis) -> list[bytes]:
    return [line async for line in Trail(redis).read()]


async def test_what_is_appended_is_read_back_as_a_whole_trail(redis_url: str, redis: Redis) -> None:
    async with Redis.from_url(as_user(redis_url, "ingest")) as ingest:
        await Trail(ingest).append([PUBLISHED, PUBLISHED])
        await Trail(ingest).append([PUBLISHED])
    found = await lines(redis)
    head = await Trail(redis).head()
    assert verify(found, root=head.hash, entries=3) == Verified(3, head.hash)
    assert [TrailEntry.of(line).actor for line in found] == ["Kari Ø"] * 3


async def test_an_empty_trail_has_a_head(redis: Redis) -> None:
    assert await Trail(redis).head() == Head()
    assert await lines(redis) == []


async def test_two_processes_that_append_at_once_make_one_chain(
    redis_url: str, redis: Redis
) -> None:
    url = as_user(redis_url, "ingest")
    writers = [
        await asyncio.create_subprocess_exec(*TIED, sys.executable, "-c", WRITER, url, name)
        for name in ("a", "b")
    ]
    assert [await writer.wait() for writer in writers] == [0, 0]
    found = await lines(redis)
    assert isinstance(verify(found, entries=200), Verified)
    for name in ("a", "b"):
        mine = [entry.revision for entry in map(TrailEntry.of, found) if entry.actor == name]
        assert mine == list(range(100)), "in the order in which each wrote, each once"


async def test_a_script_on_an_older_head_writes_nothing(redis: Redis) -> None:
    trail = Trail(redis)
    first = await trail.prepare([PUBLISHED])
    second = await trail.prepare([TrailAction("Ola", "tried")])
    script = lua.load(redis, Path(module.__file__).with_name("append.lua"), Appended)
    assert await script(keys=first.keys, args=first.args) == Answer(Appended.DONE)
    before = await lines(redis)
    assert await script(keys=second.keys, args=second.args) == Answer(Appended.MOVED)
    assert await script(keys=first.keys, args=first.args) == Answer(Appended.DONE), (
        "its answer was lost"
    )
    assert await lines(redis) == before


async def test_a_line_is_never_written_over_and_a_lost_head_is_found(redis: Redis) -> None:
    trail = Trail(redis)
    await trail.append([PUBLISHED, PUBLISHED])
    before = await lines(redis)
    await redis.delete(HEAD)
    await trail.append([TrailAction("Ola", "tried")])
    assert await redis.hmget(ENTRIES, ["1", "2"]) == before
    count, head = await trail.extent()
    assert count > head.number


async def test_more_lines_than_one_answer_holds_are_read_in_order(redis: Redis) -> None:
    await Trail(redis).append([PUBLISHED] * 2500)
    assert verify(await lines(redis), entries=2500) == Verified(
        2500, (await Trail(redis).head()).hash
    )


async def test_a_key_that_is_made_is_in_the_trail_without_its_secret(redis: Redis) -> None:
    key = await create_key(redis, "Kari Eksempel", "editor")
    added, line = await lines(redis)
    person = TrailEntry.of(added)
    assert (person.actor, person.what) == ("operator", "person_added")
    entry = TrailEntry.of(line)
    assert (entry.actor, entry.what) == ("operator", "key_created")
    key_id, secret = key.removeprefix("varsel_").split("_", 1)
    assert entry.detail == person.detail | {"key": key_id}
    assert {"name": "Kari Eksempel", "role": "editor"}.items() <= person.detail.items()
    assert secret.encode() not in line
    with pytest.raises(ValueError):
        await create_key(redis, "Ola", "nobody")
    assert await lines(redis) == [added, line]


async def test_keys_that_are_made_at_once_are_all_in_the_trail(redis: Redis) -> None:
    made = await asyncio.gather(*(create_key(redis, f"n{n}", "editor") for n in range(20)))
    found = await lines(redis)
    assert verify(found, entries=40) == Verified(40, (await Trail(redis).head()).hash)
    entries = map(TrailEntry.of, found)
    told = {entry.detail["key"] for entry in entries if entry.what == "key_created"}
    assert told == {k.split("_")[1] for k in made}
