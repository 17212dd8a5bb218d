"""Nothing that anybody types is overwritten or lost, however many write at once."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from services.ingest.desk.store import Conflict, Desk, WorkingCopy
from services.ingest.people.person import Person
from shared.bus.users import as_user

KARI, OLA, PER = (Person(f"p-{name.lower()}", name, "editor") for name in ("Kari", "Ola", "Per"))


@pytest.fixture
async def desk(redis: Redis, redis_url: str) -> AsyncIterator[Desk]:
    """By the service's user, who may do no more than the service."""
    async with Redis.from_url(as_user(redis_url, "ingest")) as client:
        yield Desk(client)


def typed(title: str) -> dict[str, Any]:
    return {"title": title, "body": "Æ\n\n  «to» \u2028 \\n"}


async def save(desk: Desk, article: str, title: str, version: int, person: Person) -> Any:
    return await desk.save(article, typed(title), version, person, sitting=f"hos-{person.id}")


async def test_what_is_typed_is_found_again_with_who_typed_it(desk: Desk) -> None:
    article = await desk.create(KARI, typed("En"))
    first = await desk.find(article)
    assert first and first.fields == typed("En")
    later = await save(desk, article, "To", first.version, OLA)
    assert isinstance(later, WorkingCopy)
    assert later == await desk.find(article)
    assert (later.by, later.writers, later.base) == (OLA.id, (KARI.id, OLA.id), 0)
    assert list(later.names.values()) == ["Kari", "Ola"]
    assert later.version > first.version
    assert await desk.newest(9) == [later]


async def test_nothing_is_overwritten_and_what_was_not_taken_is_laid_aside(desk: Desk) -> None:
    article = await desk.create(KARI, typed("En"))
    seen = (await desk.newest(1))[0].version
    taken = await save(desk, article, "Karis", seen, KARI)
    assert await save(desk, article, "Olas", seen, OLA) == Conflict(taken)
    assert await desk.find(article) == taken
    (aside,) = await desk.asides(article)
    assert (aside.by, aside.name, aside.fields) == (OLA.id, "Ola", typed("Olas"))
    await save(desk, article, "Olas, lenger", seen, OLA)
    assert [one.fields for one in await desk.asides(article)] == [typed("Olas, lenger")]
    merged = await save(desk, article, "Begges", taken.version, OLA)
    assert merged.writers == (KARI.id, OLA.id)
    assert await desk.asides(article) == []


async def test_a_save_that_is_sent_again_is_done_and_makes_nobody_a_writer(desk: Desk) -> None:
    article = await desk.create(KARI, typed("En"))
    first = await desk.find(article)
    assert await save(desk, article, "En", 0, KARI) == first
    assert await save(desk, article, "En", 7, OLA) == first


async def test_of_many_at_once_one_is_first_and_every_word_is_kept(desk: Desk) -> None:
    article = await desk.create(KARI, typed(""))
    seen = (await desk.newest(1))[0].version
    titles = [f"Tittel {number}" for number in range(12)]
    saved = await asyncio.gather(
        *(desk.save(article, typed(title), seen, KARI, sitting=title) for title in titles)
    )
    assert sum(isinstance(one, WorkingCopy) for one in saved) == 1
    copy = await desk.find(article)
    assert copy
    kept = [copy.fields, *(one.fields for one in await desk.asides(article))]
    assert sorted(one["title"] for one in kept) == sorted(titles)


@pytest.mark.parametrize("seed", range(5))
async def test_however_people_take_turns_no_text_disappears_unseen(desk: Desk, seed: int) -> None:
    """A text goes only when its own writer writes on, or somebody who has seen it."""
    chance = random.Random(seed)
    article = await desk.create(KARI, typed("0"))
    seen = dict.fromkeys((KARI, OLA, PER), (await desk.newest(1))[0].version)
    stored, aside = "0", dict[str, str]()
    for number in range(1, 40):
        who, mine = chance.choice(list(seen)), f"{number}"
        answer = await save(desk, article, mine, seen[who], who)
        if isinstance(answer, Conflict):
            assert answer.theirs and answer.theirs.fields["title"] == stored
            aside[who.id] = mine
            if chance.random() < 0.5:
                seen[who] = answer.theirs.version
        else:
            stored, seen[who] = mine, answer.version
            aside.pop(who.id, None)
        copy = await desk.find(article)
        assert copy and copy.fields["title"] == stored
        there = {one.by: one.fields["title"] for one in await desk.asides(article)}
        assert there == aside


async def test_a_copy_goes_only_as_it_was_seen(desk: Desk) -> None:
    article = await desk.create(KARI, typed("En"))
    submitted = await desk.find(article)
    assert submitted
    later = await save(desk, article, "Skrevet imens", submitted.version, OLA)
    assert await desk.remove(submitted, base=1) is False
    kept = await desk.find(article)
    assert kept and (kept.fields, kept.base) == (later.fields, 1)
    assert await desk.remove(later, base=2) is True
    assert await desk.find(article) is None
    assert await desk.remove(later, base=2) is True
    assert await desk.newest(9) == []


async def test_a_form_left_open_since_an_earlier_life_of_the_copy_overwrites_nothing(
    desk: Desk,
) -> None:
    article = await desk.create(KARI, typed("En"))
    old = await desk.find(article)
    assert old and await desk.remove(old, base=1)
    new = await save(desk, article, "Ny", 0, OLA)
    assert new.version > old.version
    assert await save(desk, article, "Gammel", old.version, KARI) == Conflict(new)
    gone = await save(desk, "borte0000000", "Gammel", old.version, KARI)
    assert gone == Conflict(None)
    assert len(await desk.asides("borte0000000")) == 1


async def test_who_has_the_form_open_sees_who_else_has(desk: Desk, redis: Redis) -> None:
    assert await desk.beat("a", "kari") == []
    assert await desk.beat("a", "ola") == ["kari"]
    assert await desk.beat("a", "kari") == ["ola"]
    await redis.zadd("ingest:desk:here:a", {"ola": 1.0, "per": 1.0})
    assert await desk.beat("a", "kari") == []
    assert 0 < await redis.ttl("ingest:desk:here:a") <= 30
