"""An old address never takes the place of what the site has itself, and never stops a page."""

from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.render.pages.fixed import FIXED
from shared.old_address import old_path
from shared.revision import Revision
from tests.make import alert, news, revision, settings
from tests.render.running import all_handled, emitted, kept, page_file, publish, running
from tests.wait import until

KEPT = ("/nyheter/foo/index.html", "/favicon.svg", "/sitemap-1.xml", "/index.html", "/gammel/sak")


def moved(*paths: str) -> Revision:
    return revision(news(title="En sak som er flyttet"), slug="foo").model_copy(
        update={"moved_from": paths}
    )


async def test_no_old_address_is_a_file_of_the_site_or_below_one(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish(redis, revision(news(), id="sak000000001", slug="sak"))
        await publish(redis, revision(alert(), id="sak000000002", slug="varsel"))
        await all_handled(redis)
    there = {
        *(str(one.relative_to(conf.site_folder)) for one in _files(conf.site_folder)),
        *FIXED,
        *("sitemap-1.xml", "sitemap-om.xml", "nyheter/sak/index.html", "nyheter/sak/del.png"),
    }
    assert "nyheter/index.html" in there
    for path in there:
        loud = Path(path).with_name(Path(path).name.upper())
        for old in (f"/{path}", f"/{path}/", f"/{path}/under", f"/{loud}"):
            with pytest.raises(ValueError, match=r"kan ikke føre videre|punktum"):
                old_path(old)


def _files(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file()]


async def test_an_old_address_that_the_site_needs_itself_is_passed_over(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish(redis, moved(*KEPT))
        await all_handled(redis)
    assert len(await emitted(redis)) == 1
    assert page_file(conf, moved()).is_file()
    assert (conf.site_folder / "favicon.svg").is_file()
    assert (conf.site_folder / "sitemap-1.xml").is_file()
    assert (conf.site_folder / "gammel/sak/.moved").read_text() == "/nyheter/foo/\n"


@pytest.mark.parametrize("kind", ["a file is where its folder would be", "above it", "a folder"])
async def test_what_stands_in_the_way_of_an_old_address_does_not_stop_its_page(
    redis_url: str, redis: Redis, kind: str
) -> None:
    conf = settings()
    if kind == "a folder":
        (conf.site_folder / "i-veien/.moved/mer").mkdir(parents=True)
    else:
        conf.site_folder.mkdir(parents=True, exist_ok=True)
        (conf.site_folder / "i-veien").write_text("noe")
    old = "/i-veien/under/sak" if kind == "above it" else "/i-veien"
    async with running(conf, redis_url):
        await publish(redis, moved(old, "/gammel/sak"))
        await all_handled(redis)
    assert len(await emitted(redis)) == 1
    assert page_file(conf, moved()).is_file()
    assert (conf.site_folder / "gammel/sak/.moved").is_file()


@pytest.mark.parametrize(
    "old", ["/favicon.svg", "/index.html/under", "/nyheter/foo/index.html", "/sitemap-1.xml"]
)
async def test_what_an_earlier_version_made_where_a_file_is_to_be_goes(
    redis_url: str, redis: Redis, old: str
) -> None:
    """Once such addresses were taken, and their folders stood in the way of what is made now."""
    conf = settings()
    there = conf.site_folder / old.strip("/")
    there.mkdir(parents=True)
    (there / ".moved").write_text("/nyheter/foo/\n")
    file = conf.site_folder / old.strip("/").removesuffix("/under")
    async with running(conf, redis_url) as service, kept(service.loops):
        await publish(redis, moved(old))
        await all_handled(redis)
        await until((conf.site_folder / ".look").exists)
        await until(lambda: not service.problems())
    assert file.is_file()
    assert page_file(conf, moved()).is_file()


async def test_an_old_address_that_is_refused_by_now_leads_nowhere_any_more(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    there = conf.site_folder / "gammel" / "feed.json"
    there.mkdir(parents=True)
    (there / ".moved").write_text("/nyheter/foo/\n")
    async with running(conf, redis_url):
        await publish(redis, moved("/gammel/feed.json"))
        await all_handled(redis)
    assert not there.exists()
