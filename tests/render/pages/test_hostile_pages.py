"""A page that takes too long to make stops no other."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from redis.asyncio import Redis

from services.render.articles.store import Store
from services.render.look.templates import Site
from services.render.pages import pages
from services.render.site.site_files import SiteFiles
from services.render.site.write_found import FoundWriter
from services.render.site.write_site import SiteWriter
from shared.child.children import GaveUp
from tests import make
from tests.ingest.hostile_bodies import PLAIN
from tests.render.running import all_handled, emitted, page_file, publish, running
from tests.wait import until

LONG = PLAIN * 200


@contextmanager
def no_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each long page takes longer than it may."""
    with monkeypatch.context() as patched:
        patched.setattr("services.render.site.write_site._PAGE_SECONDS", 0.0)
        yield


async def test_a_long_page_is_the_same_as_one_made_at_once(redis: Redis, redis_url: str) -> None:
    settings = make.settings()
    revision = make.revision(article=make.news(body=LONG))
    async with running(settings, redis_url):
        await publish(redis, revision)
        await all_handled(redis)
    assert page_file(settings, revision).read_text() == pages.article_page(
        Site.of(settings), revision, []
    )


async def test_a_page_that_takes_too_long_is_not_made_and_others_are(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make.settings()
    store = Store(redis)
    writer = SiteWriter(
        Site.of(settings), store, SiteFiles(settings.site_folder, settings.data / "locks")
    )
    first, long, last = (
        make.revision(id=f"{number:012}", slug=f"sak-{number}", article=make.news(body=text))
        for number, text in enumerate(("Kort.", LONG, "Kort."))
    )
    for revision in (first, long, last):
        await store.keep(revision)
    with no_time(monkeypatch):
        with pytest.raises(GaveUp):
            await writer.write_article(long)
        await FoundWriter(writer).write_pages([long.id, last.id])
        assert not page_file(settings, long).exists()
        assert page_file(settings, last).exists()
        assert writer.not_made == {long.id}
    await FoundWriter(writer).write_pages([long.id, last.id])
    assert page_file(settings, long).exists()
    assert writer.not_made == set()
    await writer.children.close()


async def test_an_event_whose_page_takes_too_long_waits_for_no_other(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make.settings()
    with no_time(monkeypatch):
        async with running(settings, redis_url):
            await publish(redis, make.revision(article=make.news(body=LONG)))
            short = make.revision(id="000000000002", slug="kort", article=make.news())
            await publish(redis, short)
            await until(lambda: page_file(settings, short).exists())
            assert [event.data.id for event in await emitted(redis)] in ([], [short.id])
