"""A follower can tell a silence from a dead line."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from redis.asyncio import Redis

from services.render.articles.store import Store
from services.render.follow import heartbeat
from services.render.follow.heartbeat import SILENT_SECONDS, STUCK_SECONDS, standing
from shared.bus.lag import GroupState
from tests.make import revision, settings
from tests.render.follow.reader import asking, begun, reading
from tests.render.running import publish, running
from tests.wait import until

NEWS = revision(id="nyhet0000001", slug="nyhet")
WELL = [
    GroupState("articles", "render", 1.0, 0.0),
    GroupState("pages", "notify", 2.0, 10.0),
    GroupState("pages", "ingest", 2.0, 0.0),
]


def test_all_that_read_and_have_nothing_old_are_alive() -> None:
    assert standing(WELL) == ""


@pytest.mark.parametrize("place", range(3))
def test_each_part_is_missed(place: int) -> None:
    def with_part(silent: float | None, oldest: float) -> str:
        one = WELL[place]
        changed = GroupState(one.stream, one.group, silent, oldest)
        return standing([*WELL[:place], changed, *WELL[place + 1 :]])

    assert "leser ikke" in with_part(None, 0)
    assert "leser ikke" in with_part(SILENT_SECONDS + 1, 0)
    assert "har ventet" in with_part(1, STUCK_SECONDS + 1)
    assert with_part(SILENT_SECONDS, STUCK_SECONDS) == ""


async def status(client: httpx.AsyncClient) -> int:
    await asyncio.sleep(0.2)  # whoever asks too often is told so
    return (await client.get("/heartbeat.json")).status_code


async def test_it_says_that_all_is_alive_and_where_to_begin(redis_url: str, redis: Redis) -> None:
    conf = settings(site_url="https://varsel.example.org")
    async with (
        running(conf, redis_url) as service,
        reading(redis_url, "notify"),
        reading(redis_url, "ingest"),
        asking(service) as client,
    ):
        await begun(Store(redis))
        await publish(redis, NEWS)

        async def told() -> bool:
            await asyncio.sleep(0.2)
            answer = await client.get("/heartbeat.json")
            return answer.is_success and answer.json()["newest_change"] == "nyhet0000001.1"

        await until(told)
        said = (await client.get("/heartbeat.json")).json()
    age = datetime.now(UTC) - datetime.fromisoformat(said["alive_at"])
    assert timedelta(seconds=-1) < age < timedelta(seconds=30)
    assert said["changes"] == "https://varsel.example.org/changes.json?since=nyhet0000001.1"


@pytest.mark.parametrize("dead", ["notify", "ingest"])
async def test_it_stops_when_a_service_is_gone_though_the_web_answers(
    redis_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch, dead: str
) -> None:
    monkeypatch.setattr(heartbeat, "SILENT_SECONDS", 2.0)
    monkeypatch.setattr(heartbeat, "_KEPT_SECONDS", 0.0)
    alive = "ingest" if dead == "notify" else "notify"
    async with (
        running(settings(), redis_url) as service,
        reading(redis_url, alive),
        asking(service) as client,
    ):

        async def is_alive() -> bool:
            return await status(client) == 200

        async def is_gone() -> bool:
            return await status(client) == 503

        async with reading(redis_url, dead):
            await until(is_alive)
        await until(is_gone)
        answer = await client.get("/heartbeat.json")
        assert answer.json()["type"] == "urn:varsel:problem:chain-stands"
        assert dead in answer.json()["detail"]
        async with reading(redis_url, dead):
            await until(is_alive)


async def test_it_stops_when_an_event_is_stuck(
    redis_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "STUCK_SECONDS", 1.0)
    monkeypatch.setattr(heartbeat, "_KEPT_SECONDS", 0.0)
    async with (
        running(settings(), redis_url) as service,
        reading(redis_url, "ingest"),
        reading(redis_url, "notify", stuck=True),
        asking(service) as client,
    ):

        async def is_alive() -> bool:
            return await status(client) == 200

        async def is_stuck() -> bool:
            await asyncio.sleep(0.2)
            answer = await client.get("/heartbeat.json")
            return "har ventet på notify" in answer.json().get("detail", "")

        await until(is_alive)
        await publish(redis, NEWS)
        await until(is_stuck)
