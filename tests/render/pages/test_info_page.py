"""A page that is no news has neither date nor byline, and stands in no list or feed."""

import json
from dataclasses import replace
from datetime import date

import httpx
from redis.asyncio import Redis

from services.notify.posting.plan import plan_posts
from services.render.articles.store import Store
from services.render.look.templates import Site
from services.render.pages.found import alerts_page, topic_page
from services.render.pages.pages import article_page, front_page, newest_page
from shared.article import Article, Picture
from shared.events import ArticleWithdrawn, PagePublished
from shared.identity import Identity
from shared.settings import Webhook
from shared.trace import new_traceparent
from tests.make import news, revision, settings
from tests.render.follow.reader import begun
from tests.render.lives import withdrawal
from tests.render.reading import Page
from tests.render.running import all_handled, kept, page_file, publish, running
from tests.wait import until

DAY = date(2026, 9, 1)


def about_us() -> Article:
    return news(
        kind="info", title="Om oss", lead="Vi er en forening for alle.", byline="Skrevet av Kari"
    )


async def test_a_page_that_is_no_news_is_a_page_alone(redis_url: str, redis: Redis) -> None:
    conf = settings()
    one = revision(about_us(), slug="om-oss", id="side00000001")
    async with running(conf, redis_url) as service:
        await begun(Store(redis))
        await publish(redis, revision(news(title="En nyhet"), slug="nyhet", id="sak000000001"))
        await publish(redis, one)
        await all_handled(redis)
        page = Page(page_file(conf, one).read_text())
        page.assert_harmless()
        site = conf.site_folder
        assert page_file(conf, one) == site / "om/om-oss/index.html"
        others = [file for file in site.rglob("*.*") if "om/om-oss" not in str(file)]
        assert not [file for file in others if b"en forening for alle" in file.read_bytes()]
        assert "En nyhet" in (site / "nyheter/index.html").read_text()
        transport = httpx.ASGITransport(service.http)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:
            told = (await http.get("/changes.json")).json()["changes"]
        assert [change["data"]["title"] for change in told] == ["En nyhet"]
        await publish(redis, withdrawal(one), ArticleWithdrawn)
        await all_handled(redis)
        assert not page_file(conf, one).exists()
        assert (site / "om/om-oss/.gone.html").exists()
    assert "Vi er en forening for alle." in page.text
    assert "Skrevet av" not in page.text
    assert "Publisert" not in page.text
    assert page.all("time") == []
    assert "En nyhet" not in page.text


def test_nobody_is_told_of_it() -> None:
    secret = "whsec_" + "A" * 40
    conf = settings(
        webhooks=(Webhook(url="https://a.example.org/", secret=secret),),  # type: ignore[arg-type]
        websub_hubs=("https://hub.example.org/",),
    )

    def posts(article: Article) -> int:
        event = PagePublished.about(revision(article), traceparent=new_traceparent())
        return len(plan_posts(event, conf))

    assert posts(news()) > 0
    assert posts(about_us()) == 0


async def test_it_is_found_by_search_engines_and_in_the_search(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    one = revision(about_us(), slug="om-oss", id="side00000001")
    async with running(conf, redis_url) as service, kept(service.loops):
        await publish(redis, one)
        await all_handled(redis)
        assert "/om/om-oss/" in (conf.site_folder / "sitemap-1.xml").read_text()
        transport = httpx.ASGITransport(service.http)
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as http:

            async def is_found() -> str | None:
                page = (await http.get("/sok/?q=forening")).text
                return page if 'href="/om/om-oss/"' in page else None

            found = Page(await until(is_found))
        await publish(redis, withdrawal(one), ArticleWithdrawn)
        await all_handled(redis)
        assert "/om/om-oss/" not in (conf.site_folder / "sitemap-1.xml").read_text()
    assert found.all("time") == []


def _shared(html: str) -> dict[str, str]:
    metas = Page(html).all("meta")
    return {one["property"]: one["content"] for one in metas if "property" in one}


def test_pages_without_a_picture_are_shared_with_the_association_s() -> None:
    picture = Picture(name="deling-0123456789ab.png", width=1200, height=630)
    said = Identity(share_picture=picture, telephone="22 00 00 00")
    site = Site("Eksempelforeningen", "https://varsel.example.org", ()).dressed(said)
    one = revision(about_us(), slug="om-oss")
    info = article_page(site, one, [])
    lists = (
        front_page(site, [], []),
        newest_page(site, [], None),
        alerts_page(site, [], [], [], DAY),
    )
    for html in (info, *lists, topic_page(site, "jern", "Jern", [], 0)):
        shared = _shared(html)
        assert shared["og:image"] == f"{site.address}/assets/{picture.name}"
        assert shared["og:type"] == "website"
        assert shared["og:url"].startswith(site.address)
        assert [one for one in Page(html).all("meta") if one.get("name") == "description"]
    assert "og:image" not in _shared(front_page(replace(site, identity=Identity()), [], []))
    data = json.loads(info.partition('<script type="application/ld+json">')[2].partition("<")[0])
    assert (data["@type"], data["name"]) == ("WebPage", "Om oss")
    assert data["publisher"]["telephone"] == "22 00 00 00"
