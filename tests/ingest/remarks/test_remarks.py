"""An expert's link opens one revision to whoever has it, and a remark comes once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailEntry, Verified, verify
from services.ingest.audit.trail import Trail
from services.ingest.remarks import remark, store
from services.ingest.remarks.remark import MOST_REMARKS, OPEN_LINKS, article_of, remark_id
from services.ingest.remarks.store import LinkGone, NoMoreRoom, Remarks
from shared.bus.users import as_user

ARTICLE = "a1b2c3d4e5f6"
SHA = "ab" * 32


@pytest.fixture
async def remarks(redis_url: str) -> Remarks:
    """As the service's own user of Redis has it."""
    redis = Redis.from_url(as_user(redis_url, "ingest"))
    return Remarks(redis, Trail(redis))


async def link(remarks: Remarks, article: str = ARTICLE) -> str:
    return await remarks.make_link(article, 2, SHA, "Kari Eksempel")


async def trail_of(redis: Redis) -> list[TrailEntry]:
    lines = [line async for line in Trail(redis).read()]
    assert isinstance(verify(lines), Verified)
    return [TrailEntry.of(line) for line in lines]


async def test_a_link_opens_its_revision_and_nothing_else(remarks: Remarks, redis: Redis) -> None:
    token = await link(remarks)
    found = await remarks.look(token)
    assert found and (found.article, found.revision, found.sha256) == (ARTICLE, 2, SHA)
    assert await remarks.look(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert await remarks.look(token.replace(ARTICLE, "b1b2c3d4e5f6")) is None
    assert await remarks.look("") is None


async def test_a_form_that_is_sent_twice_makes_one_link(remarks: Remarks, redis: Redis) -> None:
    secret = remark.new_secret()
    made = [remarks.make_link(ARTICLE, 2, SHA, "Kari Eksempel", secret) for _ in range(8)]
    assert len(set(await asyncio.gather(*made))) == 1
    assert len(await remarks.links(ARTICLE)) == 1
    assert [one.what for one in await trail_of(redis)] == ["expert_asked"]
    for wrong in ("x", "", secret + "x", secret[:-1] + "/"):
        if wrong:
            with pytest.raises(ValueError, match="no secret"):
                await remarks.make_link(ARTICLE, 2, SHA, "Kari Eksempel", wrong)


async def test_redis_and_the_trail_hold_no_token(remarks: Remarks, redis: Redis) -> None:
    token = await link(remarks)
    secret = token.split("_", 2)[2]
    for key in await redis.keys():
        kind = await redis.type(key)
        values = await redis.hgetall(key) if kind == b"hash" else await redis.get(key)
        assert secret not in str(values)


async def test_what_an_expert_says_is_kept_with_the_revision_that_they_saw(
    remarks: Remarks, redis: Redis
) -> None:
    token = await link(remarks)
    await remarks.add(token, "one", "Kari Lege", "Dosen er\nfeil.", read=True)
    (kept,) = await remarks.of(ARTICLE)
    assert (kept.name, kept.text, kept.read) == ("Kari Lege", "Dosen er\nfeil.", True)
    assert (kept.revision, kept.sha256) == (2, SHA)
    asked, added = await trail_of(redis)
    assert (asked.actor, asked.what) == ("Kari Eksempel", "expert_asked")
    assert (added.actor, added.what, added.sha256) == ("expert", "remark_added", SHA)
    assert added.detail["remark"] == kept.id
    assert "Lege" not in added.line.decode()


async def test_a_form_that_is_sent_twice_is_one_remark(remarks: Remarks, redis: Redis) -> None:
    token = await link(remarks)
    said = [remarks.add(token, "one", "Kari Lege", "Dosen er feil.", read=False) for _ in range(8)]
    await asyncio.gather(*said)
    assert len(await remarks.of(ARTICLE)) == 1
    assert [one.what for one in await trail_of(redis)].count("remark_added") == 1
    await remarks.add(token, "one", "Kari Lege", "Også tittelen.", read=False)
    assert len(await remarks.of(ARTICLE)) == 2


async def test_a_link_that_was_ended_takes_no_remark(remarks: Remarks, redis: Redis) -> None:
    token = await link(remarks)
    (made,) = await remarks.links(ARTICLE)
    await asyncio.gather(*(remarks.end_link(ARTICLE, made.id, "Ola Eksempel") for _ in range(3)))
    assert await remarks.look(token) is None
    with pytest.raises(LinkGone):
        await remarks.add(token, "one", "Kari Lege", "", read=True)
    whats = [one.what for one in await trail_of(redis)]
    assert whats == ["expert_asked", "expert_link_ended"]


async def test_a_link_opens_nothing_after_its_time(
    remarks: Remarks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LIFE", timedelta(milliseconds=1))
    token = await link(remarks)
    await asyncio.sleep(0.01)
    assert await remarks.look(token) is None
    assert await remarks.links(ARTICLE) == []
    with pytest.raises(LinkGone):
        await remarks.add(token, "one", "Kari Lege", "", read=True)


async def test_the_script_itself_looks_at_the_clock(remarks: Remarks, redis: Redis) -> None:
    """A request that began in time and comes to Redis too late."""
    token = await link(remarks)
    found = await remarks.look(token)
    assert found
    late = found.model_copy(update={"until": datetime.now(UTC) - timedelta(seconds=1)})
    await redis.hset(f"ingest:experts:{ARTICLE}", found.id, late.model_dump_json())
    said = remark.Remark(
        id=SHA, link=found.id, revision=2, sha256=SHA, name="K", read=True, at=datetime.now(UTC)
    )
    assert await remarks._add_once(late, said) is store.RemarkAdded.GONE
    assert await remarks.of(ARTICLE) == []


async def test_there_is_an_end_to_links_and_expired_ones_make_room(
    remarks: Remarks, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(OPEN_LINKS):
        await link(remarks)
    with pytest.raises(NoMoreRoom):
        await link(remarks)
    assert await remarks.look(await link(remarks, "another12"))
    first, *_ = await remarks.links(ARTICLE)
    await remarks.end_link(ARTICLE, first.id, "Kari Eksempel")
    assert await remarks.look(await link(remarks))


async def test_there_is_an_end_to_remarks(remarks: Remarks) -> None:
    token = await link(remarks)
    for number in range(MOST_REMARKS):
        await remarks.add(token, str(number), "Kari Lege", "", read=True)
    with pytest.raises(NoMoreRoom):
        await remarks.add(token, "more", "Kari Lege", "", read=True)


@pytest.mark.parametrize("name, text", [("", "x"), ("Kari\nLege", "x"), ("K", "x" * 4001)])
async def test_what_cannot_be_kept_is_refused(remarks: Remarks, name: str, text: str) -> None:
    token = await link(remarks)
    with pytest.raises(ValidationError):
        await remarks.add(token, "one", name, text, read=True)
    assert await remarks.of(ARTICLE) == []


@given(st.text(max_size=120))
def test_a_token_that_was_not_made_names_no_article_beside_its_form(text: str) -> None:
    found = article_of(text)
    assert found is None or text.startswith(f"fag_{found}_")


SAID = st.tuples(st.text(max_size=5), st.text(max_size=5), st.text(max_size=5), st.booleans())


@given(SAID, SAID)
def test_only_the_same_words_are_the_same_remark(one: tuple, other: tuple) -> None:
    sure = all("\0" not in part for part in (*one[:3], *other[:3]))
    if sure:
        assert (remark_id(SHA, *one) == remark_id(SHA, *other)) == (one == other)
