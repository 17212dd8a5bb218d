"""A follower that was away asks what it missed, and misses nothing."""

import asyncio

import httpx
import pytest
from redis.asyncio import Redis

from services.render.articles.store import Store
from services.render.follow import follow_routes
from shared.events import ArticleRevised, ArticleWithdrawn
from shared.revision import Revision
from tests.make import alert, alert_fields, news, revision, settings
from tests.render.follow.reader import Reader, asking, begun
from tests.render.lives import later, withdrawal
from tests.render.running import all_handled, kept, publish, running
from tests.wait import until

SITE = "https://varsel.example.org"
FIRST = revision(alert(), id="varsel000001", slug="varsel")
CORRECTED = later(FIRST, revision=3)
NEWS = revision(id="nyhet0000001", slug="nyhet")


def numbered(number: int) -> Revision:
    return revision(news(title=f"Sak {number}"), id=f"sak{number:09}", slug=f"sak-{number}")


async def test_whoever_was_away_gets_all_that_came_since_oldest_first(
    redis_url: str, redis: Redis
) -> None:
    async with running(settings(site_url=SITE), redis_url) as service, asking(service) as client:
        await begun(Store(redis))
        await publish(redis, FIRST)
        await publish(redis, NEWS)
        await all_handled(redis)
        reader = Reader(client)
        assert await reader.catch_up() == ["varsel000001.1", "nyhet0000001.1"]
        assert await reader.catch_up() == []
        await publish(redis, CORRECTED, ArticleRevised)
        await publish(redis, withdrawal(NEWS), ArticleWithdrawn)
        await publish(redis, withdrawal(CORRECTED), ArticleWithdrawn)
        await all_handled(redis)
        assert await reader.catch_up() == ["varsel000001.3", "nyhet0000001.2", "varsel000001.4"]
        # And by the name of the last post that it got, if it kept nothing else.
        answer = await client.get("/changes.json", params={"since": "nyhet0000001.2"})
    assert [one["data"]["change_id"] for one in answer.json()["changes"]] == ["varsel000001.4"]
    assert answer.headers["cache-control"] == "no-store"
    first, _, corrected, gone, withdrawn = reader.read
    assert first["type"] == corrected["type"] == "page.published"
    assert first["data"]["url"] == f"{SITE}/nyheter/varsel/"
    assert first["data"]["cap"] == f"{SITE}/varsler/varsel000001/1.cap.xml"
    assert first["data"]["mode"] == "actual"
    assert corrected["data"]["change"] == {"kind": "correction", "note": "Dosen var feil"}
    assert gone["type"] == withdrawn["type"] == "page.withdrawn"
    assert withdrawn["data"]["withdrawn"] is True


async def test_a_repeated_event_is_told_once(redis_url: str, redis: Redis) -> None:
    async with running(settings(), redis_url) as service, asking(service) as client:
        await begun(Store(redis))
        for _ in range(3):
            await publish(redis, FIRST)
        await all_handled(redis)
        assert await Reader(client).catch_up() == ["varsel000001.1"]


async def test_nothing_appears_before_what_was_read_while_others_publish(
    redis_url: str, redis: Redis
) -> None:
    """Two processes write, and a follower asks all the time: it has in the end what somebody has
    who reads all of it afterwards, in the same order, each once."""
    conf, several = settings(), 40
    async with (
        running(conf, redis_url) as one,
        running(conf, redis_url, "render-2"),
        asking(one) as client,
    ):
        await begun(Store(redis))
        reader, seen = Reader(client), list[str]()

        async def published() -> None:
            for number in range(several):
                await publish(redis, numbered(number))
            await all_handled(redis)

        publishing = asyncio.create_task(published())
        looks = 0
        while not publishing.done():
            looks += bool(new := await reader.catch_up())
            seen += new
            await asyncio.sleep(0.1)
        await publishing
        seen += await reader.catch_up()
        assert looks > 3, "all came at once; the test shows nothing"
        assert seen == await Reader(client).catch_up()
        assert sorted(seen) == [f"sak{number:09}.1" for number in range(several)]


async def test_a_change_is_told_once_its_page_is_there(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url) as service, asking(service) as client:
        await begun(Store(redis))
        reader = Reader(client)

        async def told() -> bool:
            return bool(await reader.catch_up())

        await publish(redis, NEWS)
        await until(told)
        assert (await client.get(NEWS.path)).status_code == 200


async def test_many_come_in_parts(redis_url: str, redis: Redis) -> None:
    async with running(settings(), redis_url) as service, asking(service) as client:
        changes = Store(redis).changes
        for number in range(250):
            await changes.put_before(numbered(number), number)
        await changes.note_whole()
        first = (await client.get("/changes.json")).json()
        assert (len(first["changes"]), first["more"]) == (follow_routes.AT_ONCE, True)
        assert await Reader(client).catch_up() == [f"sak{n:09}.1" for n in range(250)]


async def test_what_was_published_before_is_told_first_and_once(
    redis_url: str, redis: Redis
) -> None:
    """As after an upgrade of a system that had no changes yet."""
    conf = settings()
    async with running(conf, redis_url):
        for one in (FIRST, NEWS, CORRECTED):
            await publish(redis, one, ArticleRevised)
        await all_handled(redis)
        names = ("render:changes", "render:changes:said")
        await redis.delete(*names)
        await redis.hdel("render:counters", "told", "told_from")
    async with running(conf, redis_url) as service, asking(service) as client:
        await publish(redis, numbered(1))
        await all_handled(redis)
        waiting = await client.get("/changes.json")
        assert (waiting.status_code, waiting.json()["type"]) == (
            503,
            "urn:varsel:problem:being-made",
        )
        async with kept(service.loops):
            await until(Store(redis).changes.is_whole)
            found = await Reader(client).catch_up()
            assert found == ["varsel000001.3", "nyhet0000001.1", "sak000000001.1"]


async def test_what_is_kept_and_not_shown_yet_is_not_told_before_its_page(
    redis_url: str, redis: Redis
) -> None:
    store = Store(redis)
    await store.keep(NEWS)
    async with running(settings(), redis_url) as service, asking(service) as client:
        async with kept(service.loops):
            await until(store.changes.is_whole)
        reader = Reader(client)
        assert await reader.catch_up() == []
        await publish(redis, NEWS)
        await all_handled(redis)
        assert await reader.catch_up() == ["nyhet0000001.1"]


async def test_a_name_that_is_not_known_is_answered_with_the_way_out(
    redis_url: str, redis: Redis
) -> None:
    """The follower has seen more than a backup knows that was put back."""
    async with running(settings(site_url=SITE), redis_url) as service, asking(service) as client:
        await begun(Store(redis))
        await publish(redis, FIRST)
        await all_handled(redis)
        answer = await client.get("/changes.json", params={"since": "varsel000001.2"})
        assert answer.status_code == 410
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["type"] == "urn:varsel:problem:unknown-change"
        assert problem["status"] == 410
        assert problem["from_start"] == f"{SITE}/changes.json"
        assert await Reader(client, "/changes.json").catch_up() == ["varsel000001.1"]


@pytest.mark.parametrize("asked", ["since=", "etter=varsel000001.1", "since=a.1&since=b.1"])
async def test_what_nobody_can_mean_is_refused_in_words(
    redis_url: str, redis: Redis, asked: str
) -> None:
    async with running(settings(), redis_url) as service, asking(service) as client:
        await begun(Store(redis))
        answer = await client.get(f"/changes.json?{asked}")
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:varsel:problem:malformed")


async def test_a_held_system_says_nothing(redis_url: str, redis: Redis) -> None:
    await begun(Store(redis))
    async with running(settings(), redis_url) as service, asking(service) as client:
        service.bus.held = True  # as whoever starts it finds after a restore
        for path in ("/changes.json", "/ovelser/changes.json", "/heartbeat.json"):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()["type"]) == (503, "urn:varsel:problem:held")
            assert int(answer.headers["retry-after"]) > 0


async def test_an_emptied_redis_is_not_taken_for_nothing_new(redis_url: str, redis: Redis) -> None:
    async with running(settings(), redis_url) as service, asking(service) as client:
        await begun(Store(redis))
        await until(lambda: bool(service.bus.epoch.id))
        await redis.flushall()
        answer = await client.get("/changes.json")
        assert answer.status_code == 503


async def test_news_that_was_moved_here_and_pages_that_are_no_news_are_not_told(
    redis_url: str, redis: Redis
) -> None:
    async with running(settings(), redis_url) as service, asking(service) as client:
        await begun(Store(redis))
        await publish(redis, revision(imported=True, id="flyttet00001", slug="flyttet"))
        await publish(redis, revision(news(kind="info"), id="omoss0000001", slug="om-oss"))
        await all_handled(redis)
        assert await Reader(client).catch_up() == []


def exercise(**overrides: object) -> Revision:
    article = alert(alert=alert_fields() | {"mode": "exercise"}, title="Tenkt varsel")
    return revision(article, id="ovelse000001", slug="ovelse", **overrides)


async def test_an_exercise_is_where_exercises_are_and_nowhere_else(
    redis_url: str, redis: Redis
) -> None:
    conf = settings(site_url=SITE)
    begin = exercise()
    async with (
        running(conf, redis_url) as service,
        kept(service.loops),
        asking(service) as client,
    ):
        await until(Store(redis).changes.is_whole)
        await publish(redis, NEWS)
        for one, event in (
            (begin, ArticleRevised),
            (later(begin), ArticleRevised),
            (withdrawal(later(begin)), ArticleWithdrawn),
        ):
            await publish(redis, one, event)
            await all_handled(redis)
            for path in (
                *("/", "/nyheter/", "/varsler/", "/feed.atom", "/feed.json", "/varsler/feed.atom"),
                *("/sitemap-1.xml", "/sitemap-sider.xml", "/changes.json", "/sok/?q=tenkt"),
            ):

                async def there(path: str = path) -> httpx.Response | None:
                    answer = await client.get(path)
                    return answer if answer.status_code == 200 else None

                shown = await until(there)
                assert "Tenkt varsel" not in shown.text, path
                assert "/nyheter/ovelse/" not in shown.text, path
        reader = Reader(client, "/ovelser/changes.json")
        assert await reader.catch_up() == [f"ovelse000001.{n}" for n in (1, 2, 3)]
        assert {one["data"]["mode"] for one in reader.read} == {"exercise"}
        assert {one["data"]["title"] for one in reader.read} == {"ØVELSE: Tenkt varsel"}
        atom = (await client.get("/ovelser/feed.atom")).text
        feed = (await client.get("/ovelser/feed.json")).json()
        [item] = feed["items"]
        cap = (await client.get(item["_varsel"]["cap"].removeprefix(SITE))).text
        robots = (await client.get("/robots.txt")).text
        page = (await client.get(begin.path)).text
    assert "<title>ØVELSE: TRUKKET: Tenkt varsel</title>" in atom
    assert "NEWS" not in atom
    assert item["title"] == "ØVELSE: TRUKKET: Tenkt varsel"
    assert item["_varsel"]["mode"] == "exercise"
    assert item["_varsel"]["withdrawn"] is True
    assert "<status>Exercise</status>" in cap
    assert "<note>Øvelse ovelse000001. Opplysningene var feil.</note>" in cap
    assert "<headline>ØVELSE: TRUKKET: Tenkt varsel</headline>" in cap
    assert "Disallow: /ovelser/" in robots
    assert '<meta name="robots" content="noindex">' in page
