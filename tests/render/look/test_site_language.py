"""The association says which language its site is in: all pages but articles' follow."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from services.render.search.find import Searcher
from services.render.site.static_site import static_site
from shared.article import Lang
from shared.events import SiteDressed, SubjectChanged, to_fields
from shared.frame.words import frame_words
from shared.identity import Identity
from shared.languages.say import LANGS, catalogue, say
from shared.service import Service
from shared.settings import Settings
from shared.subject import Subject
from shared.trace import new_traceparent
from tests.make import alert, alert_fields, news, revision, settings
from tests.render.events import seal, sealed
from tests.render.reading import Page
from tests.render.running import all_handled, dress, kept, publish, running, tell
from tests.render.said import bokmal_only
from tests.wait import until

OTHERS = LANGS[1:]
NAME = "Exempla Org"
ARTICLES: dict[str, Lang] = {"nyheter/norsk/index.html": "nb", "nyheter/english/index.html": "en"}
FIXED = (
    *("index.html", "nyheter/index.html", "nyheter/side/1/index.html", "varsler/index.html"),
    *("tema/kurs/index.html", "medisin/exempla/index.html", "revisjonsspor/index.html"),
    *("for-fagfolk/index.html", ".not-found.html"),
)
"""One page of each kind that belongs to no article."""
EXAMPLE = Subject(id="exempla", name="Exempla", name_en="Exemplum", substance="eksempelinib")


def spoken(lang: Lang) -> Identity:
    return Identity(name=NAME, language=lang, telephone="22 00 00 00")


@asynccontextmanager
async def published(
    conf: Settings, redis_url: str, redis: Redis
) -> AsyncIterator[tuple[Service, httpx.AsyncClient]]:
    """A running site with a page of each kind, and a browser that looks at it."""
    told = SubjectChanged.about(EXAMPLE, 1, traceparent=new_traceparent())
    past = alert_fields() | {"review_by": "2026-09-03"}
    async with running(conf, redis_url) as service, kept(service.loops):
        await redis.xadd("reference", to_fields(told))  # type: ignore[arg-type]
        await all_handled(redis, "reference")
        await publish(redis, revision(alert(), id="alert0000001", slug="varselet"))
        await publish(redis, revision(alert(alert=past), id="alert0000002", slug="forbi"))
        one = news(topics=["Kurs"])
        await publish(redis, revision(one, id="norsk0000001", slug="norsk"))
        other = one.model_copy(update={"lang": "en"})
        await publish(redis, revision(other, id="english00001", slug="english"))
        for number in range(20):
            of = news(title=f"Sak {number}")
            await publish(redis, revision(of, id=f"sak{number:08}", slug=f"sak-{number}"))
        await tell(redis, sealed(seal(1, 12, "b")))
        await all_handled(redis)
        await until((conf.site_folder / ".look").exists)
        transport = httpx.ASGITransport(service.http)
        async with httpx.AsyncClient(transport=transport, base_url="https://site.example") as http:
            yield service, http


def own_pages(conf: Settings) -> dict[str, str]:
    """The pages that belong to no article, by their paths."""
    every = {
        str(one.relative_to(conf.site_folder)): one for one in conf.site_folder.rglob("*.html")
    }
    return {
        name: path.read_text()
        for name, path in every.items()
        if not name.startswith("nyheter/") or name in FIXED or "/side/" in name
    }


def lang_of_page(html: str) -> str | None:
    [attributes] = Page(html).all("html")
    return attributes["lang"]


def follows(conf: Settings, lang: Lang) -> bool:
    pages = own_pages(conf).values()
    return all(lang_of_page(page) == lang and NAME in page for page in pages)


@pytest.mark.parametrize("lang", OTHERS)
async def test_a_site_in_another_language_shows_no_text_in_bokmal(
    redis_url: str, redis: Redis, lang: Lang
) -> None:
    conf = settings()
    async with published(conf, redis_url, redis) as (_, http):
        before = own_pages(conf)
        assert set(before) >= set(FIXED)
        assert all(bokmal_only(page, lang) for page in before.values()), "the test sees bokmål"
        await dress(redis, spoken(lang))
        await until(lambda: follows(conf, lang))
        pages = own_pages(conf)
        for path in ("/sok/", "/sok/?q=kurs", "/sok/?q=qqxxyy", f"/sok/?q={'a' * 201}", "/borte/"):
            pages[path] = (await http.get(path)).text
        suggested = await http.get("/sok/forslag?q=s")
    for name, page in pages.items():
        assert bokmal_only(page, lang) == set(), name
        assert lang_of_page(page) == lang, name
    assert suggested.status_code == 200
    day = {"nn": "2. september 2026", "en": "2 September 2026"}[lang]
    assert day in Page(pages["revisjonsspor/index.html"]).text
    assert EXAMPLE.called(lang) in Page(pages["medisin/exempla/index.html"]).text


async def test_a_change_of_the_language_changes_the_whole_site_and_back_again(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with published(conf, redis_url, redis) as (_, http):
        for version, lang in enumerate((*OTHERS, LANGS[0]), start=1):
            await dress(redis, spoken(lang), version)
            await until(partial(follows, conf, lang))
            searched, missed = await http.get("/sok/"), await http.get("/borte/")
            assert (lang_of_page(searched.text), lang_of_page(missed.text)) == (lang, lang)
            assert missed.status_code == 404


async def test_an_article_keeps_its_own_language_with_the_frame_around_it(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    async with published(conf, redis_url, redis):
        await dress(redis, spoken("nn"))
        await until(lambda: all(NAME in (conf.site_folder / one).read_text() for one in ARTICLES))
    for name, lang in ARTICLES.items():
        page = (conf.site_folder / name).read_text()
        assert lang_of_page(page) == lang
        words = frame_words(lang)
        assert words.search_label in page
        assert words.footer_menu in page
        assert frame_words("nn").search_label not in page


@pytest.mark.parametrize("lang", OTHERS)
async def test_what_programs_read_is_in_the_language_too(
    redis_url: str, redis: Redis, lang: Lang
) -> None:
    conf = settings()
    feeds = ("feed.atom", "varsler/feed.atom", "tema/kurs/feed.atom", "medisin/exempla/feed.atom",
             "ovelser/feed.atom")  # fmt: skip

    def read(name: str) -> str:
        return (conf.site_folder / name).read_text()

    async with published(conf, redis_url, redis):
        await dress(redis, spoken(lang))
        await until(lambda: follows(conf, lang))
        await until(lambda: all(f'xml:lang="{lang}"><' in _one_line(read(one)) for one in feeds))
    assert f"<title>{NAME}: {say('varsler som gjelder', lang)}</title>" in read(feeds[1])
    assert f"<title>{NAME}: {EXAMPLE.called(lang)}</title>" in read(feeds[3])
    assert f"<title>{NAME}: {say('øvelser og tester', lang)}</title>" in read(feeds[4])
    whole = read("feed.atom")
    assert whole.count('<entry xml:lang="nb">') >= 20, "those in another language say so"
    if lang == "en":
        english = whole.partition("/nyheter/english/")[0].rpartition("<entry")[2]
        assert english.startswith(">"), "those in the feed's need not"
    for name, field in (("feed.json", "language"), ("ovelser/feed.json", "language"),
                        ("site.webmanifest", "lang")):  # fmt: skip
        assert json.loads(read(name))[field] == lang
    assert say("øvelser og tester", lang) in json.loads(read("ovelser/feed.json"))["title"]


def _one_line(text: str) -> str:
    return text.replace("\n", "")


@pytest.mark.parametrize("lang", LANGS)
async def test_a_fault_is_told_in_the_language_of_the_site(
    redis_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch, lang: Lang
) -> None:
    async def broken(*_: object) -> None:
        raise ValueError

    conf = settings()
    async with running(conf, redis_url) as service, kept(service.loops):
        await dress(redis, spoken(lang))
        await until(lambda: follows(conf, lang))
        monkeypatch.setattr(Searcher, "run", broken)
        transport = httpx.ASGITransport(service.http)
        async with httpx.AsyncClient(transport=transport, base_url="https://site.example") as http:
            answer = await http.get("/sok/?q=kurs")
    assert answer.status_code == 500
    assert f'<html lang="{lang}">' in answer.text
    said = say("Det er ikke din feil. Vent litt, og last siden på nytt.", lang)
    assert said in answer.text


async def test_a_fault_is_told_though_the_catalogue_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def away(*_: object) -> Path:
        return tmp_path / "away.po"

    async def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr("services.render.site.static_site.StaticFiles.get_response", broken)
    monkeypatch.setattr("shared.languages.say.path", away)
    catalogue.cache_clear()
    app = static_site(tmp_path / "site", tmp_path / "assets", lang=lambda: "nn")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://site.example"
    ) as http:
        answer = await http.get("/assets/x.png")
    catalogue.cache_clear()
    assert answer.status_code == 500
    assert "Vent litt, og last siden på nytt" in answer.text


async def test_what_was_said_before_there_were_languages_is_a_site_in_bokmal(
    redis_url: str, redis: Redis
) -> None:
    conf = settings()
    event = to_fields(SiteDressed.about(spoken("nb"), 1))
    assert "language" not in event["data"], "so it is what was written before"
    async with running(conf, redis_url) as service, kept(service.loops):
        await redis.xadd("reference", event)  # type: ignore[arg-type]
        await all_handled(redis, "reference")
        await until(lambda: follows(conf, "nb"))
