"""A release runs on data that it can read, and on no other."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from shared import release
from shared.bus import data_form
from shared.bus.data_form import (
    DataForm,
    DataRefused,
    Release,
    begin,
    look,
    note,
    read,
    refusal,
)
from shared.bus.users import OPERATOR, as_user
from tests.bus.helpers import Running, commit_page, page_ids, publish, published
from tests.wait import until

SERVICES = ("ingest", "render", "notify")


def _release(version: str, form: int, oldest: int = 1) -> Release:
    return Release(version, form, oldest, form + 1)


async def _kept(redis: Redis) -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = await redis.hgetall(data_form.KEY)  # type: ignore[misc]
    return found


def as_release(monkeypatch: pytest.MonkeyPatch, one: Release) -> None:
    monkeypatch.setattr(data_form, "THIS", one)


@given(form=st.integers(1, 9), oldest=st.integers(1, 9), found=st.integers(1, 12))
def test_a_release_runs_on_its_own_form_the_next_and_down_to_the_oldest_that_it_reads(
    form: int, oldest: int, found: int
) -> None:
    ours = _release("1.2.0", form, min(oldest, form))
    why = refusal(DataForm(found, "1.4.0"), ours)
    assert (why == "") == (ours.oldest <= found <= form + 1)
    if why:
        assert "1.4.0" in why
        assert "1.2.0" in why
        assert f"form {found}." in why


def test_neighbours_run_on_each_others_data() -> None:
    """The rule for who makes releases: each adds one at most."""
    for form in range(1, 9):
        before, after = _release("1.1.0", form, form), _release("1.2.0", form + 1, form)
        assert refusal(DataForm(after.form, ""), before) == ""
        assert refusal(DataForm(before.form, ""), after) == ""


def test_this_release_reads_what_it_writes_and_what_the_one_before_it_did() -> None:
    assert max(1, release.FORM - 1) >= release.OLDEST_FORM
    assert release.NEWEST_FORM == release.FORM + 1


async def test_each_service_begins_on_empty_data_and_notes_who_was_first(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        for service in SERVICES:
            async with Redis.from_url(as_user(redis_url, service)) as own:
                await begin(own, service)
        assert await _kept(redis) == {str(release.FORM).encode(): release.VERSION.encode()}


async def test_the_newest_form_stays_whoever_goes_back_and_whatever_comes_at_once(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, three = (_release(f"1.{n}.0", n, 1) for n in (1, 2, 3))
    async with Redis.from_url(as_user(redis_url, "render")) as own:
        for running in (one, two, three, two):
            as_release(monkeypatch, running)
            await asyncio.gather(*(begin(own, "render") for _ in range(5)))
        assert await read(own) == DataForm(3, "1.3.0")
        as_release(monkeypatch, one)
        before = await _kept(redis)
        with pytest.raises(DataRefused, match=r"Varsel 1\.3\.0 i form 3"):
            await begin(own, "render")
        assert await _kept(redis) == before == {b"1": b"1.1.0", b"2": b"1.2.0", b"3": b"1.3.0"}


@pytest.mark.parametrize(
    ("service", "key"), [("ingest", "ingest:epoch"), ("notify", "notify:keys")]
)
async def test_data_from_before_forms_were_kept_is_of_the_first(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch, service: str, key: str
) -> None:
    await redis.hset(key, "epoch", "0123")  # type: ignore[misc]
    async with Redis.from_url(as_user(redis_url, service)) as own:
        as_release(monkeypatch, _release("3.0.0", 3, 2))
        with pytest.raises(DataRefused, match="ikke leser eldre enn form 2"):
            await begin(own, service)
        assert await _kept(redis) == {}
        as_release(monkeypatch, _release("2.0.0", 2, 1))
        await begin(own, service)
        assert await _kept(redis) == {b"2": b"2.0.0"}


async def test_a_command_writes_nothing_that_the_services_do_not_read(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Redis.from_url(as_user(redis_url, OPERATOR)) as own:
        as_release(monkeypatch, _release("9.0.0", 9))
        await look(own)  # on data that is still empty
        as_release(monkeypatch, _release("1.1.0", 1))
        await note(own)
        as_release(monkeypatch, _release("1.2.0", 2))
        await look(own)
        as_release(monkeypatch, _release("1.3.0", 3))
        with pytest.raises(DataRefused, match="Oppgrader dem først"):
            await look(own)
        await look(own, is_copy=True)
        await note(own)
        as_release(monkeypatch, _release("1.1.0", 1))
        for copy in (False, True):
            with pytest.raises(DataRefused, match="Start den nyeste versjonen"):
                await look(own, is_copy=copy)


async def test_a_service_stops_by_itself_once_a_release_has_begun_that_it_cannot_read(
    redis: Redis, redis_url: str
) -> None:
    async with Running(redis_url, commit_page) as bus:
        await publish(redis, published(1))
        await until(lambda: page_ids(redis))
        next_, after = str(release.FORM + 1), str(release.FORM + 2)
        await redis.hset(data_form.KEY, next_, "1.1.0")  # type: ignore[misc]
        await publish(redis, published(2))
        await until(lambda: _pages(redis, 2))
        assert bus.problems() == [], "the next release beside it is none of its business"
        await redis.hset(data_form.KEY, after, "1.2.0")  # type: ignore[misc]
        await until(lambda: bus.problems() == [data_form.UNKNOWN_FORM])
        await until(lambda: not any(r.alive for c in bus._consumers for r in c.readers))
        await publish(redis, published(3))
        assert bus.is_stopping
    assert len(await page_ids(redis)) == 2


async def _pages(redis: Redis, count: int) -> bool:
    return len(await page_ids(redis)) == count
