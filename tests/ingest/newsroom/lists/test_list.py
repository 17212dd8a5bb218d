"""Every article is found in the newsroom, however many there are; what a look costs is bounded."""

import re
from typing import Any

import pytest
from redis.asyncio import Redis

from services.ingest.desk.store import Desk
from services.ingest.lifecycle.life import ArticleState
from services.ingest.lifecycle.store import Articles
from services.ingest.newsroom.lists.searched import address_parts
from services.ingest.people.person import Person
from services.ingest.telling.store import TELLINGS
from services.ingest.telling.telling import Telling, mail_telling
from tests.ingest import staff_at_work
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.steps import NewsroomBrowser, browser_of, somebody

MANY = 620
_ROW = re.compile(r'<p class="name"><a href="/redaksjon/sak/([0-9a-z]+)/">')
_OLDER = re.compile(r'<a href="([^"]*)">Eldre saker</a>')


async def _one(ingest: Ingest, **fields: Any) -> str:
    answer = await ingest.post(staff_at_work.news(**fields))
    assert answer.status_code == 201, answer.text
    id_: str = answer.json()["id"]
    return id_


async def _copies_of(
    redis: Redis, article: str, state: ArticleState, first: int, many: int
) -> set[str]:
    """Articles like this one, as they were stored before it was kept what they are found by."""
    life = await Articles(redis).life(article)
    assert life
    ids = [f"{state.replace('_', '')}{number:08d}" for number in range(first, first + many)]
    async with redis.pipeline(transaction=False) as all_of_them:
        for number, id_ in enumerate(ids, first):
            more = {"id": id_, "title": f"Eldre sak nr{number}x", "slug": f"eldre-sak-{number}"}
            one = life.model_copy(update=more | {"state": state})
            all_of_them.hset(f"ingest:article:{id_}", mapping={"life": one.model_dump_json()})
            all_of_them.zadd(f"ingest:articles:{state}", {id_: 1_000_000 - number})
            if state == "published":
                all_of_them.hset("ingest:slugs", f"eldre-sak-{number}", id_)
        await all_of_them.execute()
    return set(ids)


async def _all_pages(browser: NewsroomBrowser, part: str) -> list[str]:
    """The ids on all pages of a part, by the links from one to the next."""
    await browser.get(f"/redaksjon/?del={part}")
    found = _ROW.findall(browser.page)
    while older := _OLDER.search(browser.page):
        await browser.get(older[1].replace("&amp;", "&"))
        found += _ROW.findall(browser.page)
    return found


@pytest.fixture
async def kari(ingest: Ingest) -> Person:
    return await somebody(ingest, "Kari")


async def test_every_article_is_on_the_pages_of_its_part_and_none_twice(
    ingest: Ingest, kari: Person
) -> None:
    newest = await _one(ingest, title="Den nyeste")
    out = {newest} | await _copies_of(ingest.redis, newest, "published", 0, MANY)
    drafts = await _copies_of(ingest.redis, newest, "draft", 0, MANY)
    await Articles(ingest.redis).fill_titles()
    desk = Desk(ingest.redis)
    drafts |= {await desk.create(kari, {"title": f"Ny {n}", "kind": "news"}) for n in range(3)}
    await desk.save(newest, {"title": "Endret", "kind": "news"}, 0, kari, sitting="s", base=1)
    async with browser_of(ingest, kari) as browser:
        overview = (await browser.get("/redaksjon/")).text
        assert f'Ute <span class="soft">{MANY + 1}</span>' in overview
        assert f'Utkast <span class="soft">{MANY + 3}</span>' in overview
        for part, wanted in (("ute", out), ("utkast", drafts)):
            shown = await _all_pages(browser, part)
            assert len(shown) == len(set(shown))
            assert set(shown) == wanted
        assert "Nyere saker" in browser.page


async def test_a_search_finds_the_oldest_by_its_title_and_by_the_address_of_its_page(
    ingest: Ingest, kari: Person
) -> None:
    newest = await _one(ingest, title="Den nyeste")
    await _copies_of(ingest.redis, newest, "published", 0, MANY)
    await _copies_of(ingest.redis, newest, "withdrawn", MANY, MANY)
    await Articles(ingest.redis).fill_titles()
    oldest, gone = f"published{MANY - 1:08d}", f"withdrawn{2 * MANY - 1:08d}"
    async with browser_of(ingest, kari) as browser:
        for words, found in (
            (f"NR{MANY - 1}X  eldre", [oldest]),
            (f"nr{2 * MANY - 1}x", [gone]),
            (f"eldre-sak-{MANY - 1}", [oldest]),
            ("eldre nyeste", []),
        ):
            await browser.get("/redaksjon/", params={"q": words})
            assert _ROW.findall(browser.page) == found, words
        assert "Fant ingen." in browser.page
        path = f"/nyheter/eldre-sak-{MANY - 1}/"
        for typed in (f"https://varsel.example.org{path}", f"varsel.example.org{path}", path):
            page = await browser.http.get("/redaksjon/", params={"q": typed})
            assert page.headers["location"] == f"/redaksjon/sak/{oldest}/", typed
        nowhere = await browser.get("/redaksjon/", params={"q": "/nyheter/finnes-ikke/"})
        assert "Fant ingen." in nowhere.text
        await browser.get("/redaksjon/", params={"q": "eldre", "del": "trukket"})
        assert len(await _all_pages(browser, "trukket&q=eldre")) == MANY


async def test_what_is_renamed_is_found_by_its_new_title_alone(
    ingest: Ingest, kari: Person
) -> None:
    article = await _one(ingest, title="Møte i Ålesund")
    seen = await ingest.http.get(f"/api/articles/{article}")
    answer = await ingest.http.put(
        f"/api/articles/{article}",
        json=staff_at_work.news(
            title="Årsmøte i Bergen", change={"kind": "edit", "note": "Nytt sted."}
        ),
        headers={"If-Match": seen.headers["etag"]},
    )
    assert answer.is_success, answer.text
    async with browser_of(ingest, kari) as browser:
        for words, found in (("årsmøte BERGEN", [article]), ("i Bergen ålesund", [])):
            await browser.get("/redaksjon/", params={"q": words})
            assert _ROW.findall(browser.page) == found, words


async def test_what_a_look_costs_does_not_grow_with_the_articles(
    ingest: Ingest, kari: Person
) -> None:
    newest = await _one(ingest, title="Den nyeste")

    async def commands(path: str) -> int:
        before = (await ingest.redis.info("stats"))["total_commands_processed"]
        assert (await browser.get(path)).status_code == 200
        return int((await ingest.redis.info("stats"))["total_commands_processed"] - before)

    looks = ("/redaksjon/", "/redaksjon/?del=ute&side=3", "/redaksjon/?q=nr3")
    costs = []
    async with browser_of(ingest, kari) as browser:
        for first, many in ((0, MANY), (MANY, 3000)):
            await _copies_of(ingest.redis, newest, "published", first, many)
            await Articles(ingest.redis).fill_titles()
            for look in looks:
                await browser.get(look)
            costs.append([await commands(look) for look in looks])
    (few_list, few_page, few_search), (list_, page, search) = costs
    assert (list_, page) == (few_list, few_page)
    assert search <= few_search + 3000 // 1000 + 2


async def test_mail_that_stands_is_seen_in_the_list_and_on_its_page(
    ingest: Ingest, kari: Person
) -> None:
    article, other = await _one(ingest, title="Den ene"), await _one(ingest, title="Den andre")
    for id_, times in ((article, 1), (other, 0)):
        told = Telling(about="mail_stands", article=id_, times=times)
        await ingest.redis.hset(TELLINGS, mail_telling(id_), told.model_dump_json())
    async with browser_of(ingest, kari) as browser:
        page = (await browser.get("/redaksjon/")).text
        assert page.count("e-posten står stille") == 1
        assert f'href="/redaksjon/sak/{article}/kvittering/">e-posten står stille' in page
        said = "E-posten om saken står stille."
        assert said in (await browser.get(f"/redaksjon/sak/{article}/")).text
        assert said not in (await browser.get(f"/redaksjon/sak/{other}/")).text


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("https://varsel.example.org/nyheter/en-sak/?a=b", ["nyheter", "en-sak"]),
        ("varsel.example.org/om/oss", ["om", "oss"]),
        ("/nyheter/bl%C3%A5/", ["nyheter", "blå"]),
        ("og/eller", []),
        ("ved 1/2 dose", []),
        ("http://[feil", []),
        ("en-sak", []),
        ("", []),
    ],
)
def test_an_address_is_told_from_words(typed: str, parts: list[str]) -> None:
    assert address_parts(typed) == parts
