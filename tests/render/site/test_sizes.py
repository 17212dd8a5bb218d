"""A page names the lighter files of its pictures once there are any, and never before."""

from datetime import UTC, datetime

from redis.asyncio import Redis

from shared.article import Article, Picture
from shared.events import PicturesScaled
from shared.picture_files import PictureSizes, ScaledPictures
from shared.revision import Revision
from shared.trace import new_traceparent
from tests.make import alert, news, revision, settings
from tests.render.reading import Page
from tests.render.running import all_handled, page_file, publish, running, tell

WIDE = Picture(name="mote-1a2b.jpg", width=1600, height=900)
SIZES = PictureSizes(picture=WIDE, widths=(480, 960, 1600), formats=("avif", "webp"))


def shown(article: Article) -> Revision:
    return revision(article, pictures={"mote.jpg": WIDE})


async def scaled(redis: Redis, one: Revision) -> None:
    event = PicturesScaled(
        id=f"{one.id}.1.pictures.scaled",
        source="/varsel/ingest",
        subject=one.id,
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=ScaledPictures(article=one.id, revision=1, sizes=(SIZES,)),
    )
    await tell(redis, event)
    await all_handled(redis)


async def test_page_and_lists_show_the_files_once_there_are_some(
    redis: Redis, redis_url: str
) -> None:
    conf = settings()
    one = shown(news(topics=["Kurs"], body="![Et møte](mote.jpg)\n\nVelkommen.\n"))
    async with running(conf, redis_url):
        await publish(redis, one)
        await all_handled(redis)
        before = Page(page_file(conf, one).read_text())
        assert [image["src"] for image in before.all("img")] == ["/assets/mote-1a2b.jpg"]
        assert not before.all("source")
        names = ("index.html", "nyheter/index.html", "tema/kurs/index.html")
        lists = [conf.site_folder / name for name in names]
        assert not any("/assets/" in file.read_text() for file in lists)
        await scaled(redis, one)
        page = Page(page_file(conf, one).read_text())
        avif, webp = page.all("source")
        assert (avif["type"], webp["type"]) == ("image/avif", "image/webp")
        assert (avif["srcset"] or "").split(", ") == [
            f"/assets/mote-1a2b.{width}.avif {width}w" for width in (480, 960, 1600)
        ]
        [image] = page.all("img")
        assert image["src"] == "/assets/mote-1a2b.jpg"
        assert (image["srcset"] or "").split(", ") == [
            "/assets/mote-1a2b.480.jpg 480w",
            "/assets/mote-1a2b.960.jpg 960w",
            "/assets/mote-1a2b.jpg 1600w",
        ]
        assert avif["sizes"] == webp["sizes"] == image["sizes"]
        assert "100vw" in (image["sizes"] or ""), "on a phone as wide as it"
        assert image["alt"] == "Et møte"
        for file in lists:
            [small] = Page(file.read_text()).all("img")
            assert (small["src"], small["alt"]) == ("/assets/mote-1a2b.480.jpg", "")
            assert (small["width"], small["height"]) == ("480", "270")


async def test_nothing_stands_beside_an_alert_in_a_list(redis: Redis, redis_url: str) -> None:
    conf = settings()
    one = shown(alert(body="![En pakning](mote.jpg)\n"))
    async with running(conf, redis_url):
        await publish(redis, one)
        await scaled(redis, one)
    assert Page(page_file(conf, one).read_text()).all("source")
    assert "/assets/" not in (conf.site_folder / "index.html").read_text()


async def test_files_that_are_told_before_their_page_are_named_by_it(
    redis: Redis, redis_url: str
) -> None:
    conf = settings()
    one = shown(news(body="![Et møte](mote.jpg)\n"))
    async with running(conf, redis_url):
        await scaled(redis, one)
        await publish(redis, one)
        await all_handled(redis)
    assert Page(page_file(conf, one).read_text()).all("source")
