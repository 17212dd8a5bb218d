"""Render on two machines with one site: an older revision never replaces a newer one."""

import random
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from services.render.articles.store import article_key
from shared.events import ArticleRevised
from shared.revision import Revision
from tests.examples import all_or_last
from tests.machines.machine import Machine, watching
from tests.make import news, revision
from tests.render.running import all_handled, publish
from tests.server import Valkey
from tests.wait import until

START = datetime(2026, 9, 1, tzinfo=UTC)
Make = Callable[[str, str], Machine]


def revised(article: int, number: int) -> Revision:
    return revision(
        news(title=f"Sak {article} med tittel {number}"),
        id=f"sak{article:09}",
        slug=f"sak-{article}",
        revision=number,
        revised_at=START + timedelta(days=number),
    )


async def newest_kept(redis: Redis, article: int) -> int:
    return int(await redis.hget(article_key(f"sak{article:09}"), "revision") or 0)


@pytest.mark.parametrize("then", all_or_last(["goes on", "is killed"]))
async def test_g2_a_machine_that_stands_still_in_mid_write_puts_nothing_older_over_what_is_newer(
    own_server: Valkey, machine: Make, shared: Path, then: str
) -> None:
    one, other = machine("en", "render"), machine("to", "render")
    site = shared / "site"
    async with Redis.from_url(own_server.url) as redis, watching(site) as seen:
        one.halts_at("nyheter/sak-1/index.html").start()
        await publish(redis, revised(1, 1))
        await one.stands_still()
        assert seen.revisions == {}
        other.start()
        await publish(redis, revised(1, 2), ArticleRevised)
        await until(lambda: newest_kept_is(redis, 2), timeout=60)
        # It waits for the lock that the first has; without one it would have written by now.
        await until(lambda: other.waits_for(shared / "site.locks") or seen.revisions)
        if then == "is killed":
            one.end(signal.SIGKILL)
            await until(lambda: seen.revisions.get("sak-1") == [2], timeout=60)
            one.start()
        else:
            one.go_on()
        await all_handled(redis)
        emitted = [fields[b"id"] for _, fields in await redis.xrange("pages")]
    assert seen.never_went_back(), seen.revisions
    assert seen.revisions["sak-1"][-1] == 2
    assert emitted[-1] == b"sak000000001.2.page.published"
    assert len(emitted) == len(set(emitted))


async def newest_kept_is(redis: Redis, number: int) -> bool:
    return await newest_kept(redis, 1) == number


async def test_g2_two_machines_with_one_site_show_no_older_page_however_events_come_and_one_dies(
    own_server: Valkey, machine: Make, shared: Path
) -> None:
    articles, revisions, seed = 3, 10, random.randrange(10**6)
    dice = random.Random(seed)
    events = [revised(a, n) for a in range(articles) for n in range(1, revisions + 1)] * 2
    dice.shuffle(events)
    one, other = machine("en", "render").start(), machine("to", "render").start()
    async with Redis.from_url(own_server.url) as redis, watching(shared / "site") as seen:
        for count, event in enumerate(events):
            await publish(redis, event, ArticleRevised)
            if count % 30 == 29:
                await until(partial(acknowledged, redis, count - 10), timeout=60)
                dying = dice.choice((one, other))
                dying.end(signal.SIGKILL)
                dying.start()
        await all_handled(redis)
        consumers = {one["name"] for one in await redis.xinfo_consumers("articles", "render")}
    assert seen.never_went_back(), (seed, seen.revisions)
    assert {name: one[-1] for name, one in seen.revisions.items()} == {
        f"sak-{a}": revisions for a in range(articles)
    }, seed
    assert consumers == {b"render-en", b"render-to"}


async def acknowledged(redis: Redis, count: int) -> bool:
    [group] = [one for one in await redis.xinfo_groups("articles") if one["name"] == b"render"]
    return int(group["entries-read"] or 0) - int(group["pending"]) >= count


async def test_each_machine_has_a_search_of_its_own_that_finds_what_either_has_written(
    own_server: Valkey, machine: Make, shared: Path
) -> None:
    machines = machine("en", "render").start(), machine("to", "render").start()
    async with Redis.from_url(own_server.url) as redis:
        for article in range(4):
            await publish(redis, revised(article, 1))
        await all_handled(redis)
        for one in machines:
            await until(partial(found, one, 4), timeout=60)
    for one in machines:
        assert (one.data / "search/index.sqlite").exists()
        assert not (one.data / "site").exists()
    assert names_in(shared) == {"site", "site.locks", "assets"}


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def found(one: Machine, articles: int) -> bool:
    """Whether its search finds all of them."""
    page = httpx.get(f"{one.url}/sok/", params={"q": "tittel"}).text
    return all(f"/nyheter/sak-{article}/" in page for article in range(articles))
