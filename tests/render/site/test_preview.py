"""A revision that waits for approval can be looked at, and is nowhere else."""

import itertools
from datetime import timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.render.articles.store import Store
from services.render.look.templates import Site
from services.render.site.site_files import SiteFiles
from services.render.site.write_site import SiteWriter
from services.render.text.dates import oslo_day
from shared.events import ArticleRevised, PagePreviewed
from shared.revision import Revision
from shared.settings import Settings
from tests.make import alert, revision, settings
from tests.render.events import SUBMITTED_AT, submitted
from tests.render.lives import later, withdrawal
from tests.render.reading import Page
from tests.render.running import all_handled, emitted, files, publish, running, tell

WAITING = later(revision(alert()), alert(title="Eksempelinib kan skade leveren mer"))


def preview_file(conf: Settings, token: str) -> Path:
    return conf.site_folder / "utkast" / (token * 32) / "index.html"


def previews(conf: Settings) -> list[str]:
    return [name for name in files(conf) if name.startswith("utkast")]


async def test_a_preview_is_a_page_that_says_that_it_is_not_published(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        event = submitted(WAITING, "a")
        await tell(redis, event)
        await all_handled(redis)
    page = Page(preview_file(conf, "a").read_text())
    page.assert_harmless()
    assert "Ikke publisert. Slik ser saken ut hvis den blir godkjent." in page.text
    assert "Rettet 1. september 2026. Dosen var feil." in page.text
    assert WAITING.article.title in page.text
    metas = {meta.get("name"): meta["content"] for meta in page.all("meta") if "name" in meta}
    assert metas["robots"] == "noindex"
    assert not [name for name in metas if name.startswith("varsel-")], "it is not live"
    assert "canonical" not in [link["rel"] for link in page.all("link")]
    [told] = await emitted(redis)
    assert isinstance(told, PagePreviewed)
    assert (told.data, told.traceparent) == (event.data, event.traceparent)


async def test_a_preview_is_in_no_list_and_no_feed(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await tell(redis, submitted(WAITING, "a"))
        await publish(redis, revision(id="enannensak00", slug="en-annen"))
        await all_handled(redis)
    for name in set(files(conf)) - set(previews(conf)):
        text = (conf.site_folder / name).read_bytes().decode(errors="replace")
        assert WAITING.article.title not in text, name
        assert "/utkast/" not in text, name


@pytest.mark.parametrize(
    "following",
    [
        pytest.param(WAITING, id="published"),
        pytest.param(later(WAITING), id="a later one published"),
        pytest.param(withdrawal(WAITING), id="withdrawn"),
    ],
)
async def test_a_preview_ends_when_the_article_goes_on(
    redis_url: str, redis: Redis, following: Revision
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish(redis, revision(alert()))
        await tell(redis, submitted(WAITING, "a"))
        await all_handled(redis)
        assert preview_file(conf, "a").exists()
        await publish(redis, following, ArticleRevised)
        await all_handled(redis)
    assert previews(conf) == []
    assert await redis.keys("render:preview*") == []


async def test_a_preview_stays_while_an_older_revision_is_published(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await tell(redis, submitted(WAITING, "a"))
        await publish(redis, revision(alert()))
        await all_handled(redis)
    assert preview_file(conf, "a").exists()


async def test_of_an_articles_previews_the_last_submitted_is_left_in_whatever_order_they_come(
    redis_url: str, redis: Redis
) -> None:
    events = (
        submitted(WAITING, "a"),
        submitted(WAITING, "b", after=1),
        submitted(later(WAITING), "c", after=2),
    )
    for order in itertools.permutations(events):
        conf = settings()
        async with running(conf, redis_url):
            for event in order:
                await tell(redis, event)
            await all_handled(redis)
        assert previews(conf) == [str(preview_file(conf, "c").relative_to(conf.site_folder))]
        assert isinstance((await emitted(redis))[-1], PagePreviewed)
        await redis.flushall()


async def test_a_submission_that_comes_after_its_publication_leaves_nothing(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish(redis, WAITING, ArticleRevised)
        await tell(redis, submitted(WAITING, "a"))
        await all_handled(redis)
    assert previews(conf) == []
    assert [event.type for event in await emitted(redis)] == ["page.published"]
    assert await redis.keys("render:preview*") == []


async def test_a_submission_that_comes_again_is_told_once(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url), running(conf, redis_url, "render-2"):
        for _ in range(5):
            await tell(redis, submitted(WAITING, "a"))
        await all_handled(redis)
    assert len(await emitted(redis)) == 1


async def test_the_same_revision_submitted_again_is_told_again(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await tell(redis, submitted(WAITING, "a"))
        await all_handled(redis)
        await tell(redis, submitted(WAITING, "b", after=60))
        await all_handled(redis)
    first, second = await emitted(redis)
    assert first.id != second.id
    assert not preview_file(conf, "a").exists()
    assert preview_file(conf, "b").exists()


async def test_a_preview_that_ends_in_nothing_is_removed_after_30_days(
    redis_url: str, redis: Redis
) -> None:
    """Rejected, stopped or never looked at: no event says so."""
    conf = settings()
    async with running(conf, redis_url):
        await tell(redis, submitted(WAITING, "a"))
        await all_handled(redis)
    store, today = Store(redis), oslo_day(SUBMITTED_AT)
    files_of_site = SiteFiles(conf.site_folder, conf.data / "site.locks")
    for days, there in ((30, True), (31, False)):
        day = today + timedelta(days=days)
        writer = SiteWriter(Site.of(conf), store, files_of_site, today=lambda day=day: day)
        await writer.write_of_the_day()
        assert preview_file(conf, "a").exists() == there, days
    assert await redis.keys("render:preview*") == []


async def test_a_submission_of_long_ago_leaves_nothing(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await tell(redis, submitted(WAITING, "a", after=-32 * 24 * 3600))
        await all_handled(redis)
    assert previews(conf) == []
    assert await emitted(redis) == []
    assert await redis.keys("render:preview*") == []


async def test_a_preview_that_is_submitted_again_can_be_seen_for_30_days_more(
    redis_url: str, redis: Redis
) -> None:
    """The same revision, stopped and submitted anew, keeps its address."""
    conf = settings()
    async with running(conf, redis_url):
        for days_ago in (29, 0):
            await tell(redis, submitted(WAITING, "a", after=-days_ago * 24 * 3600))
        await all_handled(redis)
    store, day = Store(redis), oslo_day(SUBMITTED_AT) + timedelta(days=30)
    files_of_site = SiteFiles(conf.site_folder, conf.data / "site.locks")
    writer = SiteWriter(Site.of(conf), store, files_of_site, today=lambda: day)
    await writer.write_of_the_day()
    assert preview_file(conf, "a").exists()


async def test_an_article_that_has_another_preview_stays_known(redis: Redis) -> None:
    previews = Store(redis).previews
    for token in ("a", "b"):
        event = submitted(WAITING, token)
        await previews.keep(event.data, event.time)
    await previews.forget(WAITING.id, ["a" * 32])
    assert await previews.articles() == [WAITING.id]
    await previews.forget(WAITING.id, ["b" * 32])
    assert await previews.articles() == []
