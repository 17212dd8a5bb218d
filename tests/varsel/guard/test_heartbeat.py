"""The heartbeat that followers go by, as the guard sees it: over the render that runs, and over a
site that says something else."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.render.articles.store import Store
from services.render.follow import heartbeat
from tests.make import settings
from tests.notify.relay_server import Relay
from tests.notify.site import Pages
from tests.render.follow.reader import asking, begun, reading
from tests.render.running import running
from tests.varsel.guard.steps import environment, guard_of, own_relay, said, serving
from tests.wait import until
from varsel.guard import memory
from varsel.guard.judge import Patience, troubles
from varsel.guard.look_outside import OutsideLooker
from varsel.guard.settings import GuardSettings
from varsel.guard.sight import Memory

LIMITS = Patience(page=timedelta(), still=timedelta(), mail=timedelta())
NEWEST = "varsel000001.1"


def written(
    *, ago: timedelta = timedelta(), newest: str | None = NEWEST, since: str = NEWEST
) -> str:
    """A heartbeat, as it would be written now."""
    changes = f"https://varsel.example.org/changes.json{f'?since={since}' if since else ''}"
    alive_at = (datetime.now(UTC) - ago).isoformat(timespec="seconds")
    return json.dumps({"alive_at": alive_at, "newest_change": newest, "changes": changes})


@pytest.fixture
async def site() -> AsyncIterator[Pages]:
    pages = await Pages().start()
    yield pages
    await pages.stop()


async def rings_with(site: str, folder: Path) -> list[str]:
    """What a guard says of the heartbeat there after a look."""
    guard = GuardSettings(site=site, key="varsel_x", state=folder)
    sight, _ = await OutsideLooker(guard).look(Memory())
    return [one.words for one in troubles(sight, Memory(), LIMITS) if one.kind == "heartbeat"]


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (None, "svarer 404"),
        (lambda: "", "er ikke noe livstegn"),
        (lambda: "Velkommen!", "er ikke noe livstegn"),
        (lambda: written()[:-9], "er ikke noe livstegn"),
        (lambda: written().replace("alive_at", "alive"), "er ikke noe livstegn"),
        (lambda: written().replace("+00:00", ""), "er ikke noe livstegn"),
        (lambda: written(since="varsel000001.2"), "sier to ting om hva som er nyest"),
        (lambda: written(since=""), "sier to ting om hva som er nyest"),
        (lambda: written(newest=None), "sier to ting om hva som er nyest"),
        (lambda: written(ago=timedelta(minutes=5)), "som er for lenge siden"),
        (lambda: written(ago=timedelta(minutes=-30)), "som ikke har vært ennå"),
    ],
)
async def test_a_heartbeat_that_is_missing_or_damaged_or_of_another_time_is_found(
    site: Pages, tmp_path: Path, there: Callable[[], str] | None, words: str
) -> None:
    if there:
        site.html["/heartbeat.json"] = there()
    [line] = await rings_with(site.address, tmp_path)
    assert line.startswith("/heartbeat.json: ")
    assert words in line


@pytest.mark.parametrize("newest", [NEWEST, None])
async def test_a_good_heartbeat_is_taken_for_one(
    site: Pages, tmp_path: Path, newest: str | None
) -> None:
    site.html["/heartbeat.json"] = written(newest=newest, since=newest or "")
    assert await rings_with(site.address, tmp_path) == []


async def test_a_heartbeat_that_stops_rings_and_says_which_part_stands_and_when_it_is_well(
    redis_url: str, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """render as it is, with the readers of what it tells; notify's dies and the web answers on."""
    monkeypatch.setattr(heartbeat, "SILENT_SECONDS", 2.0)
    monkeypatch.setattr(heartbeat, "_KEPT_SECONDS", 0.0)
    monkeypatch.setattr(memory, "WELL_AFTER", timedelta(seconds=0.3))

    def lines(relay: Relay, subject: str) -> list[str]:
        texts = [text for about, text in said(relay) if about.startswith(subject)]
        return [li for text in texts for li in text.splitlines() if "/heartbeat.json" in li]

    async with (
        running(settings(), redis_url) as service,
        reading(redis_url, "ingest"),
        asking(service) as client,
        serving(service.http) as url,
        own_relay() as relay,
    ):
        await begun(Store(redis))
        guard = guard_of(monkeypatch, environment(url, "varsel_x", tmp_path, relay))

        async def is_alive() -> bool:
            await asyncio.sleep(0.2)  # whoever asks too often is told so
            return (await client.get("/heartbeat.json")).status_code == 200

        async def look() -> None:
            await asyncio.sleep(0.2)
            await guard.look()

        async def rings() -> list[str]:
            await look()
            return lines(relay, "Feil")

        async def is_well() -> list[str]:
            await look()
            return lines(relay, "I orden igjen")

        async with reading(redis_url, "notify"):
            await until(is_alive)
            for _ in range(5):
                assert await rings() == []
        [line] = await until(rings)
        assert line.endswith(
            "/heartbeat.json: svarer 503: Nye varsler kan være forsinket: "
            "notify leser ikke det som kommer."
        )
        async with reading(redis_url, "notify"):
            assert await until(is_well) == [line]
        assert lines(relay, "Feil") == [line], "once"
