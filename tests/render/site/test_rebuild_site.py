"""The site as a whole: made again when it is lost, and when its look changes."""

import shutil

from redis.asyncio import Redis

from shared.events import ArticleWithdrawn
from shared.settings import Settings
from tests.make import alert, news, revision, settings
from tests.render.lives import withdrawal
from tests.render.running import all_handled, files, kept, publish, running
from tests.wait import until


async def fill(conf: Settings, redis_url: str, redis: Redis) -> None:
    async with running(conf, redis_url) as service, kept(service.loops):
        for number in range(25):
            article = news(title=f"Sak nummer {number}")
            await publish(redis, revision(article, id=f"sak{number:08}", slug=f"sak-{number}"))
        await publish(redis, revision(alert(), slug="varselet", id="alert0000001"))
        await publish(redis, revision(slug="borte", id="borte0000001"))
        await publish(
            redis, withdrawal(revision(slug="borte", id="borte0000001")), ArticleWithdrawn
        )
        await all_handled(redis)
        await until((conf.site_folder / ".look").exists)
        await all_handled(redis)


async def test_a_lost_site_is_made_again_from_redis(redis_url: str, redis: Redis) -> None:
    conf = settings()
    await fill(conf, redis_url, redis)
    before = set(files(conf))
    shutil.rmtree(conf.site_folder)
    async with running(conf, redis_url) as service, kept(service.loops):
        await until((conf.site_folder / ".look").exists)
        await all_handled(redis)
    assert set(files(conf)) == before
    assert "Sak nummer 7" in (conf.site_folder / "nyheter/sak-7/index.html").read_text()
    assert "trukket" in (conf.site_folder / "nyheter/borte/.gone.html").read_text()
    assert "varselet" in (conf.site_folder / "feed.atom").read_text()


async def test_a_site_is_not_written_from_a_redis_that_was_emptied(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    await fill(conf, redis_url, redis)
    (conf.site_folder / ".look").unlink()  # so that all of it is to be written
    before = files(conf)
    async with running(conf, redis_url) as service:
        await redis.flushall()
        async with kept(service.loops):
            await until(lambda: "site not written: EpochOver" in service.problems())
    assert files(conf) == before | fixed(conf)


def fixed(conf: Settings) -> dict[str, int]:
    """What needs no Redis, and is written at each start."""
    now = files(conf)
    names = ("style.css", "utskrift.css", "robots.txt", ".not-found.html")
    return {name: now[name] for name in names}


async def test_a_new_look_reaches_every_page(redis_url: str, redis: Redis) -> None:
    conf = settings()
    await fill(conf, redis_url, redis)
    renamed = settings(data=conf.data, site_name="Et nytt navn")
    old_look = (conf.site_folder / ".look").read_text()
    look = conf.site_folder / ".look"
    async with running(renamed, redis_url) as service, kept(service.loops):
        await until(lambda: look.exists() and look.read_text() != old_look)
    for path in conf.site_folder.rglob("*.html"):
        assert "Et nytt navn" in path.read_text()


async def test_a_whole_site_is_left_as_it_is(redis_url: str, redis: Redis) -> None:
    conf = settings()
    await fill(conf, redis_url, redis)
    before = files(conf)
    async with running(conf, redis_url) as service, kept(service.loops):
        await publish(redis, revision(slug="ny", id="ny0000000001"))
        await all_handled(redis)
    after = files(conf)
    assert after["nyheter/sak-7/index.html"] == before["nyheter/sak-7/index.html"]


async def test_an_empty_system_gets_all_of_its_files(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url) as service, kept(service.loops):
        await until((conf.site_folder / ".look").exists)
        assert service.problems() == []
    expected = {"index.html", "nyheter/index.html", "feed.atom", "feed.json", "sitemap.xml"}
    assert expected | {"robots.txt", "style.css"} <= set(files(conf))


async def test_a_disk_that_does_not_take_the_site_is_told_and_tried_again(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    conf.site_folder.mkdir()
    obstacle = conf.site_folder / "nyheter"
    obstacle.write_text("a file where a folder must be")
    async with running(conf, redis_url) as service, kept(service.loops):
        await until(service.problems)
        obstacle.unlink()
        await until((conf.site_folder / ".look").exists)
        await until(lambda: not service.problems())


async def test_what_a_power_cut_left_empty_is_written_anew_at_the_next_start(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    await fill(conf, redis_url, redis)
    for name in ("index.html", "feed.atom", "style.css"):
        (conf.site_folder / name).write_text("")
    async with running(conf, redis_url) as service, kept(service.loops):
        for name in ("index.html", "feed.atom", "style.css"):
            await until(lambda n=name: (conf.site_folder / n).read_text())  # type: ignore[misc]


async def test_a_folder_emptied_while_it_runs_gets_its_look_back(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url) as service:
        await publish(redis, revision())
        await all_handled(redis)
        shutil.rmtree(conf.site_folder)
        async with kept(service.loops):
            await until((conf.site_folder / ".look").exists)
    assert {"style.css", "robots.txt", "feed.atom"} <= set(files(conf))


async def test_a_withdrawn_page_says_so_to_those_who_would_mail_it(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    await fill(conf, redis_url, redis)
    page = (conf.site_folder / "nyheter/borte/.gone.html").read_text()
    assert '<meta name="varsel-withdrawn" content="borte0000001/2">' in page
    assert "varsel-withdrawn" not in (conf.site_folder / "nyheter/varselet/index.html").read_text()
