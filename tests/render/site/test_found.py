"""Topics, medicines, alerts, and what is related: pages by which articles are found."""

import json
import re
from datetime import datetime
from typing import Any

import feedparser
import pytest
from PIL import Image
from redis.asyncio import Redis

from services.render.app import create
from services.render.articles.dated import TO_WRITE
from services.render.site.write_behind import WriteBehind
from shared.article import Article
from shared.bus.users import as_user
from shared.events import (
    ArticleRevised,
    ArticleWithdrawn,
    Event,
    SubjectChanged,
    SubjectRemoved,
    to_fields,
)
from shared.revision import Revision
from shared.settings import Settings
from shared.subject import Subject
from shared.trace import new_traceparent
from tests.make import alert, alert_fields, news, revision, settings
from tests.render.lives import later, withdrawal
from tests.render.reading import Page
from tests.render.running import all_handled, emitted, files, kept, page_file, publish, running
from tests.wait import until

EXEMPLA = Subject(
    id="exempla",
    name="Exempla",
    substance="exemplatinib",
    brands=("Exempla",),
    classes=("Provoer",),
)
PROVOER = Subject(id="provoer", name="Provoer", classes=("Provoer",))
ILLNESS = Subject(id="kolitt", name="Ulcerøs kolitt", conditions=("Ulcerøs kolitt",))


def numbered(number: int, article: Article | None = None, **fields: Any) -> Revision:
    article = article or news(title=f"Sak nummer {number}", **fields)
    return revision(article, id=f"sak{number:08}x", slug=f"sak-{number}")


def warning(number: int, **fields: Any) -> Revision:
    medicine = {"substance": "exemplatinib", "brands": ["Exempla"]}
    told = alert_fields() | {"medicines": [medicine]} | fields
    article = alert(title=f"Varsel nummer {number}", topics=["Legemidler"], alert=told)
    return numbered(number, article)


async def tell_subjects(redis: Redis, *events: Event) -> None:
    for event in events:
        await redis.xadd("reference", to_fields(event))  # type: ignore[arg-type]
    await all_handled(redis, "reference")


def changed(subject: Subject, version: int) -> Event:
    return SubjectChanged.about(subject, version, traceparent=new_traceparent())


def read(conf: Settings, name: str) -> str:
    path = conf.site_folder / name
    return path.read_text() if path.exists() else ""


def linked_to(html: str) -> list[str]:
    """The articles that a page links to, in its order."""
    return [
        href.strip("/").rpartition("/")[2]
        for link in Page(html).all("a")
        if (href := link["href"] or "").startswith("/nyheter/sak-")
    ]


async def test_a_topic_is_a_page_and_a_feed_as_long_as_an_article_is_about_it(
    redis_url: str, redis: Redis
) -> None:
    conf, page, feed = settings(), "tema/naering/index.html", "tema/naering/feed.atom"
    async with running(conf, redis_url):
        await publish(redis, numbered(1, topics=["Næring", "Søvn"]))
        await publish(redis, numbered(2, topics=["NÆRING"]))
        await all_handled(redis)
        both = read(conf, page)
        assert linked_to(both) == ["sak-2", "sak-1"], "topics that differ in case alone are one"
        assert Page(both).text.count("NÆRING") >= 1
        entries = feedparser.parse(read(conf, feed)).entries
        assert [entry.title for entry in entries] == ["Sak nummer 2", "Sak nummer 1"]
        assert 'href="/tema/naering/"' in page_file(conf, numbered(1)).read_text()
        assert "/tema/naering/" in read(conf, "sitemap-1.xml")

        await publish(redis, later(numbered(2), news(title="Sak nummer 2")), ArticleRevised)
        await publish(redis, withdrawal(numbered(1, topics=["Næring"])), ArticleWithdrawn)
        await all_handled(redis)
    assert {page, feed, "tema/sovn/index.html"}.isdisjoint(files(conf))
    assert "/tema/" not in read(conf, "sitemap-1.xml")


async def test_a_medicine_is_a_page_of_every_alert_about_it_by_substance_or_brand(
    redis_url: str, redis: Redis
) -> None:
    conf, name = settings(), "medisin/exempla/index.html"
    async with running(conf, redis_url):
        await publish(redis, warning(1, review_by="2026-09-10"))
        await publish(redis, warning(2))
        await publish(redis, numbered(3))
        await all_handled(redis)
        await tell_subjects(redis, *map(changed, (EXEMPLA, PROVOER, ILLNESS), (1, 2, 3)))
        page = Page(read(conf, name))
        text = page.text
        assert linked_to(read(conf, name)) == ["sak-2", "sak-1"]
        assert text.index("gjelder nå") < text.index("Varsel nummer 2")
        assert text.index("Gjelder ikke lenger") < text.index("Varsel nummer 1")
        assert "exemplatinib" in text
        assert {"href": "/medisin/provoer/"} in page.all("a")
        assert linked_to(read(conf, "medisin/provoer/index.html")) == ["sak-2", "sak-1"]
        assert "medisin/kolitt/index.html" not in files(conf), "an illness is no medicine"
        assert len(feedparser.parse(read(conf, "medisin/exempla/feed.atom")).entries) == 2
        assert "/medisin/exempla/" in page_file(conf, warning(2)).read_text()

        await publish(redis, withdrawal(warning(2)), ArticleWithdrawn)
        await all_handled(redis)
        assert "Ingen varsler om Exempla gjelder nå" in Page(read(conf, name)).text
        assert "Trukket" in Page(read(conf, name)).text

        removed = SubjectRemoved.about(EXEMPLA, 4, traceparent=new_traceparent())
        await tell_subjects(redis, removed)
    assert name not in files(conf)
    assert "/medisin/exempla/" not in page_file(conf, warning(2)).read_text()
    assert "/medisin/exempla/" not in read(conf, "sitemap-sider.xml")


async def test_the_page_of_alerts_has_what_holds_and_what_did(redis_url: str, redis: Redis) -> None:
    conf = settings()
    async with running(conf, redis_url):
        await publish(redis, warning(1, review_by="2026-09-10"))
        await publish(redis, warning(2))
        await publish(redis, warning(3, valid_from="2126-01-01"))
        await publish(redis, warning(4, mode="exercise"))
        await all_handled(redis)
    text = Page(read(conf, "varsler/index.html")).text
    places = [
        text.index(words)
        for words in (
            *("Gjelder nå", "Varsel nummer 2", "Gjelder fra en senere dag", "Varsel nummer 3"),
            *("Gjelder ikke lenger", "Varsel nummer 1"),
        )
    ]
    assert places == sorted(places)
    assert "Varsel nummer 4" not in text


async def test_lists_are_in_the_order_of_the_dates_that_they_show(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    days = {1: "2026-09-03", 2: "2026-09-05", 3: "2020-01-01", 4: "2026-09-05"}
    async with running(conf, redis_url):
        for number, day in days.items():
            await publish(redis, numbered(number, published_on=day, topics=["Søvn"]))
        await all_handled(redis)
    for name in ("index.html", "nyheter/index.html", "nyheter/side/1/index.html"):
        assert linked_to(read(conf, name)) == ["sak-4", "sak-2", "sak-1", "sak-3"], name
    assert linked_to(read(conf, "tema/sovn/index.html")) == ["sak-4", "sak-2", "sak-1", "sak-3"]


async def test_an_older_article_than_its_number_says_is_reached_from_the_newest(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with running(conf, redis_url):
        for number in range(1, 22):
            await publish(redis, numbered(number))
        await publish(redis, numbered(22, published_on="2020-01-01"))
        await all_handled(redis)
    assert "sak-22" not in linked_to(read(conf, "nyheter/index.html"))
    assert 'href="/nyheter/side/2/"' in read(conf, "nyheter/index.html")
    assert "sak-22" in linked_to(read(conf, "nyheter/side/2/index.html"))


async def test_related_are_those_about_the_same_medicine_then_the_same_topic(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()

    def others(number: int) -> list[str]:
        html = page_file(conf, numbered(number)).read_text()
        box = html[html.index('<section class="others"') :].partition("</section>")[0]
        return linked_to(f"{box}</section>")

    async with running(conf, redis_url):
        await tell_subjects(redis, changed(EXEMPLA, 1))
        await publish(redis, warning(1))
        await publish(redis, numbered(2, topics=["Legemidler"], published_on="2026-09-02"))
        for number in (3, 4, 5):
            await publish(redis, numbered(number, published_on="2026-09-02"))
        await publish(redis, warning(6))
        await all_handled(redis)
        assert others(6)[:2] == ["sak-1", "sak-2"]
        assert others(1)[0] == "sak-6", "a newer alert is shown on the older page"
        await publish(redis, withdrawal(warning(6)), ArticleWithdrawn)
        await all_handled(redis)
    assert "Trukket" in page_file(conf, warning(1)).read_text()


async def test_translations_name_each_other(redis_url: str, redis: Redis) -> None:
    conf = settings()
    nn = news(title="Ei sak", lang="nn", translation_of=numbered(1).id)
    en = news(title="An article", lang="en", translation_of=numbered(1).id)
    async with running(conf, redis_url):
        await publish(redis, numbered(1))
        await publish(redis, numbered(2, nn))
        await publish(redis, numbered(3, en))
        await all_handled(redis)
        pages = {n: Page(page_file(conf, numbered(n)).read_text()) for n in (1, 2, 3)}
        for number, page in pages.items():
            alternates = {link.get("hreflang"): link["href"] for link in page.all("link")}
            assert alternates["nb"] == f"{conf.site}/nyheter/sak-1/"
            assert alternates["nn"] == f"{conf.site}/nyheter/sak-2/", number
            assert alternates["en"] == f"{conf.site}/nyheter/sak-3/", number
        assert "Denne saken på nynorsk" in pages[1].text
        assert "Denne saka på bokmål" in pages[2].text
        assert "Denne saka på engelsk" in pages[2].text
        assert "This article in Norwegian (nynorsk)" in pages[3].text
        await publish(redis, withdrawal(numbered(2, nn)), ArticleWithdrawn)
        await publish(redis, withdrawal(numbered(3, en)), ArticleWithdrawn)
        await all_handled(redis)
    assert "hreflang" not in page_file(conf, numbered(1)).read_text()


async def test_programs_read_what_the_article_is(redis_url: str, redis: Redis) -> None:
    conf = settings()
    corrected = later(warning(1))
    async with running(conf, redis_url):
        await publish(redis, numbered(2))
        await publish(redis, warning(1))
        await publish(redis, corrected, ArticleRevised)
        await all_handled(redis)
    page = Page(page_file(conf, warning(1)).read_text())
    news_article, medical = page.linked[0]["@graph"]
    assert (news_article["@type"], medical["@type"]) == ("NewsArticle", "MedicalWebPage")
    assert news_article["correction"]["text"] == "Dosen var feil"
    [drug] = medical["about"]
    assert (drug["@type"], drug["activeIngredient"]) == ("Drug", "exemplatinib")
    assert drug["alternateName"] == ["Exempla"]
    [plain] = Page(page_file(conf, numbered(2)).read_text()).linked[0]["@graph"]
    assert plain["headline"] == "Sak nummer 2"
    meta = {one.get("property"): one.get("content") for one in page.all("meta")}
    assert meta["og:image"] == f"{conf.site}/nyheter/sak-1/del.png"
    with Image.open(conf.site_folder / "nyheter/sak-1/del.png") as drawn:
        assert (drawn.size, drawn.format) == ((1200, 630), "PNG")
        assert str(drawn.width) == meta["og:image:width"]


async def test_a_sitemap_says_when_each_page_was_changed_last(redis_url: str, redis: Redis) -> None:
    conf = settings()
    one = numbered(1, topics=["Søvn"])
    corrected = later(one)
    async with running(conf, redis_url):
        await publish(redis, one)
        await publish(redis, warning(2))
        await all_handled(redis)
        before = changed_at(read(conf, "sitemap-1.xml"))
        assert before[f"{conf.site}{one.path}"] == one.at
        assert changed_at(read(conf, "sitemap-sider.xml"))[f"{conf.site}/varsler/"] == one.at
        await publish(redis, corrected, ArticleRevised)
        await all_handled(redis)
    after = changed_at(read(conf, "sitemap-1.xml"))
    assert corrected.at > one.at
    assert after[f"{conf.site}{one.path}"] == corrected.at
    assert after[f"{conf.site}/tema/sovn/"] == corrected.at
    assert after[f"{conf.site}{warning(2).path}"] == warning(2).at


def changed_at(sitemap: str) -> dict[str, datetime]:
    """The addresses of a sitemap, with when each was changed last."""
    found = re.findall(r"<loc>([^<]+)</loc><lastmod>([^<]+)</lastmod>", sitemap)
    assert len(found) == sitemap.count("<loc>")
    return {address: datetime.fromisoformat(at) for address, at in found}


async def test_what_follows_is_written_after_the_page_was_told_of(
    redis_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what was not written when the process ended is, at the next start."""
    conf = settings()
    monkeypatch.setattr(WriteBehind, "wake", lambda _: None)
    async with running(conf, redis_url):
        await publish(redis, warning(1))
        await until(lambda: emitted(redis))
        assert page_file(conf, warning(1)).exists()
        assert {"nyheter/sak-1/del.png", "tema/legemidler/index.html"}.isdisjoint(files(conf))
        assert "varsler/index.html" not in files(conf)
    assert await redis.exists(TO_WRITE)
    monkeypatch.undo()
    async with running(conf, redis_url) as service, kept(service.loops):
        await until((conf.site_folder / ".look").exists)
        await all_handled(redis)
    expected = {"nyheter/sak-1/del.png", "tema/legemidler/index.html", "varsler/index.html"}
    assert expected <= set(files(conf))


async def test_a_mark_that_cannot_be_done_holds_up_no_other(redis_url: str, redis: Redis) -> None:
    conf = settings()
    await redis.zadd(TO_WRITE, {"list topic:x y": 1, "article gone00000000": 2})
    service = create(conf, as_user(redis_url, "render"))
    await service.bus.start()
    try:
        await publish(redis, numbered(1, topics=["Søvn"]))
        await until(lambda: read(conf, "tema/sovn/index.html"))
        await until(lambda: any("not written" in one for one in service.problems()))
    finally:
        await service.bus.stop()
        for close in service.close:
            await close()


async def test_publishing_touches_as_many_files_among_many_articles_as_among_few(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()

    def written(before: dict[str, int], after: dict[str, int]) -> set[str]:
        return {name for name in after if after[name] != before.get(name)}

    counts = []
    async with running(conf, redis_url):
        for number in range(1, 28):
            before = files(conf)
            await publish(redis, numbered(number, topics=["Søvn", "Kost"]))
            await all_handled(redis)
            counts.append(len(written(before, files(conf))))
    # On the way: page, numbered page, sitemap, front page, list, 2 feeds. Behind it: a picture, 2
    # topics with 2 files each, 3 pages under which it stands.
    assert (counts[7], counts[26]) == (15, 15)


def test_json_ld_cannot_end_its_element() -> None:
    from services.render.look.templates import Site
    from services.render.pages.pages import article_page

    title = "</script><script>alert(1)</script>"
    html = article_page(Site.of(settings()), revision(news(title=title)), [])
    page = Page(html)
    page.assert_harmless()
    assert page.linked[0]["@graph"][0]["headline"] == title
    assert json.dumps(page.linked)
