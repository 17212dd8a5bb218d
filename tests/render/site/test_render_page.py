"""From an event to files and the next event, against a real server and a real folder."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from services.render.articles.store import Store, article_key
from services.render.look.templates import Site
from services.render.site.site_files import SiteFiles
from services.render.site.write_site import SiteWriter
from shared.bus import Surroundings
from shared.events import ArticleRevised, ArticleWithdrawn
from shared.revision import Revision
from tests.make import alert, news, revision, settings
from tests.render.lives import withdrawal
from tests.render.reading import Page
from tests.render.running import all_handled, emitted, files, page_file, publish, running
from tests.wait import until

START = datetime(2026, 9, 1, tzinfo=UTC)


def numbered(number: int) -> Revision:
    return revision(news(title=f"Sak nummer {number}"), id=f"sak{number:08}", slug=f"sak-{number}")


def revised(number: int) -> Revision:
    return revision(
        news(title=f"Tittel {number}"), revision=number, revised_at=START + timedelta(days=number)
    )


async def test_an_event_becomes_a_page_and_then_an_event(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish(redis, revision())
        await all_handled(redis)
    html = page_file(conf, revision()).read_text()
    assert f'content="a1b2c3d4e5f6/1/{revision().sha256}"' in html
    [page] = await emitted(redis)
    assert (page.type, page.id, page.data) == (
        "page.published",
        "a1b2c3d4e5f6.1.page.published",
        revision(),
    )


async def test_the_trace_goes_on_in_the_event_of_the_page(redis_url: str, redis: Redis) -> None:
    async with running(settings(), redis_url):
        await publish(redis, revision())
        await all_handled(redis)
    [(_, fields)] = await redis.xrange("articles")
    [page] = await emitted(redis)
    assert page.traceparent.encode() == fields[b"traceparent"]


async def test_the_same_event_ten_times_gives_one_page_event_and_changes_nothing(
    redis_url: str, redis: Redis
) -> None:
    async with running(settings(), redis_url):
        await publish(redis, revision())
        await all_handled(redis)
        before = await state(redis)
        for _ in range(9):
            await publish(redis, revision())
        await all_handled(redis)
    assert await state(redis) == before
    assert len(await emitted(redis)) == 1


async def test_an_older_revision_never_replaces_a_newer_one(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url):
        for number in (3, 2, 1):
            await publish(redis, revised(number), ArticleRevised)
        await all_handled(redis)
    assert Page(page_file(conf, revision()).read_text()).text.count("Tittel 3") > 1
    assert [page.data.revision for page in await emitted(redis)] == [3]
    assert "Tittel 3" in (conf.site_folder / "index.html").read_text()


async def test_two_processes_at_once_end_with_the_newest_revision_everywhere(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    for number in (5, 1, 8, 3, 12, 2, 11, 7, 4, 10, 6, 9):
        await publish(redis, revised(number), ArticleRevised)
    async with running(conf, redis_url), running(conf, redis_url, "render-2"):
        await all_handled(redis)
    assert "/12/" in page_file(conf, revision()).read_text()
    for name in ("index.html", "nyheter/index.html", "feed.atom", "nyheter/side/1/index.html"):
        assert "Tittel 12" in (conf.site_folder / name).read_text()
    revisions = [page.data.revision for page in await emitted(redis)]
    assert revisions[-1] == 12
    assert revisions == sorted(set(revisions))


async def test_two_processes_that_write_one_file_end_with_the_later_state(redis: Redis) -> None:
    conf = settings()
    stores = [SiteFiles(conf.site_folder, conf.data / "locks") for _ in range(2)]
    state = 0

    async def make() -> str:
        nonlocal state
        state += 1
        seen = state
        await asyncio.sleep(0)
        return str(seen)

    await asyncio.gather(*(stores[n % 2].project("a/b.html", make) for n in range(40)))
    assert (conf.site_folder / "a/b.html").read_text() == "40"
    assert list(files(conf)) == ["a/b.html"]


async def test_a_repeat_after_a_crash_before_the_event_still_emits_it(
    redis_url: str, redis: Redis
) -> None:
    await Store(redis).keep(revision())
    conf = settings()
    async with running(conf, redis_url):
        await publish(redis, revision())
        await all_handled(redis)
    assert page_file(conf, revision()).exists()
    assert len(await emitted(redis)) == 1


async def test_a_full_disk_is_the_surroundings_fault() -> None:
    conf = settings()
    conf.site_folder.mkdir()
    (conf.site_folder / "nyheter").write_text("a file where a folder must be")
    site = SiteFiles(conf.site_folder, conf.data / "locks")

    async def make() -> str:
        return ""

    with pytest.raises(Surroundings, match="disk"):
        await site.project("nyheter/index.html", make)


async def test_an_event_waits_until_the_disk_takes_its_page(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url) as service:
        obstacle = conf.site_folder / "nyheter"
        obstacle.write_text("a file where a folder must be")
        await publish(redis, revision())
        await until(service.bus.problems)
        assert await emitted(redis) == []
        obstacle.unlink()
        await all_handled(redis)
    assert len(await emitted(redis)) == 1
    assert await redis.xlen("articles.dead") == 0


async def test_a_withdrawn_alert_stays_to_be_read_and_says_so(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish(redis, revision(alert()))
        await publish(redis, withdrawal(revision(alert())), ArticleWithdrawn)
        await all_handled(redis)
    text = Page(page_file(conf, revision()).read_text()).text
    assert "Trukket 1. september 2026. Opplysningene var feil. Dette varselet er trukket" in text
    assert alert().alert is not None
    assert alert().alert.what_happened in text  # type: ignore[union-attr]
    assert "Trukket" in (conf.site_folder / "index.html").read_text()
    assert "TRUKKET: " in (conf.site_folder / "feed.atom").read_text()
    assert [page.type for page in await emitted(redis)] == ["page.published", "page.withdrawn"]


async def test_withdrawn_news_is_gone_from_lists_and_its_page_says_why(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish(redis, revision())
        await publish(redis, withdrawal(revision()), ArticleWithdrawn)
        await all_handled(redis)
    assert not page_file(conf, revision()).exists()
    html = (page_file(conf, revision()).parent / ".gone.html").read_text()
    assert "trukket tilbake" in html
    assert "Grunnen er: Opplysningene var feil." in html
    assert news().title not in html
    assert "noindex" in html
    for name in files(conf):
        if "en-sak" not in name:
            written = (conf.site_folder / name).read_bytes()
            assert news().title.encode() not in written
            assert revision().path.encode() not in written


async def test_a_new_article_moves_no_other_between_numbered_pages(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        for number in range(1, 41):
            await publish(redis, numbered(number))
        await all_handled(redis)
        before = (conf.site_folder / "nyheter/side/1/index.html").read_text()
        await publish(redis, numbered(41))
        await all_handled(redis)
    assert (conf.site_folder / "nyheter/side/1/index.html").read_text() == before
    second = (conf.site_folder / "nyheter/side/2/index.html").read_text()
    assert second.index("Sak nummer 40") < second.index("Sak nummer 21")
    assert 'href="/nyheter/side/1/"' in second
    assert 'href="/nyheter/side/3/"' in second
    newest = Page((conf.site_folder / "nyheter/index.html").read_text())
    assert [a["href"] for a in newest.all("a") if "/side/" in (a["href"] or "")] == [
        "/nyheter/side/2/"
    ]


async def test_publishing_costs_as_little_among_2000_articles_as_among_100(redis: Redis) -> None:
    few = await cost_of_publishing(redis, among=110)
    await redis.flushall()
    many = await cost_of_publishing(redis, among=2010)
    assert few == many
    assert few[0] == 7


async def cost_of_publishing(redis: Redis, among: int) -> tuple[int, int]:
    """Files written and keys read for one article among so many."""
    await seed(redis, among)
    conf, store = settings(), Store(redis)
    writer = SiteWriter(Site.of(conf), store, SiteFiles(conf.site_folder, conf.data / "locks"))
    reads = await keys_read(redis)
    kept = await store.keep(revision())
    await writer.write_article(revision())
    await writer.write_around(kept.sequence)
    assert kept.sequence == among + 1
    return len(files(conf)), await keys_read(redis) - reads


async def test_a_correction_of_an_old_article_reaches_the_feeds(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish(redis, revised(1))
        for number in range(60):
            await publish(redis, numbered(number))
        await all_handled(redis)
        assert "Tittel" not in (conf.site_folder / "feed.atom").read_text()
        await publish(redis, revised(2), ArticleRevised)
        await all_handled(redis)
    feed = json.loads((conf.site_folder / "feed.json").read_text())
    assert feed["items"][0]["title"] == "Tittel 2"
    assert len(feed["items"]) == 50


async def seed(redis: Redis, articles: int) -> None:
    """Fill render's state with copies of one article, as if so many had been published."""
    store = Store(redis)
    await store.keep(numbered(1))
    stored = await redis.hgetall(article_key(numbered(1).id))
    async with redis.pipeline(transaction=False) as pipeline:
        for number in range(2, articles + 1):
            name = f"sak{number:08}"
            pipeline.hset(article_key(name), mapping=stored | {b"sequence": number})
            for key in ("render:articles", "render:listed", "render:changed"):
                pipeline.zadd(key, {name: number})
            path = f"/nyheter/sak-{number}/"
            pipeline.hset(f"render:sitemap:{(number - 1) // 500 + 1}", path, "2026-09-01")
        pipeline.hset("render:counters", mapping={"articles": articles, "changes": articles})
        await pipeline.execute()


async def keys_read(redis: Redis) -> int:
    stats = await redis.info("stats")
    return int(stats["keyspace_hits"]) + int(stats["keyspace_misses"])


async def state(redis: Redis) -> dict[bytes, object]:
    found: dict[bytes, object] = {}
    for key in await redis.keys("render:*"):
        kind = (await redis.type(key)).decode()
        read = {"hash": redis.hgetall, "zset": lambda k: redis.zrange(k, 0, -1, withscores=True)}
        if kind in read:
            found[key] = await read[kind](key)
    return found
