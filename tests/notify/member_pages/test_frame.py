"""The pages of members are the association's: its name, logo, menu and contact are around them, in
its language for whoever has named none."""

import re

import httpx
import pytest
from redis.asyncio import Redis

from services.notify.identity import IDENTITY
from services.notify.letters.asked import LetterKind
from services.notify.staff import pages as staff_pages
from services.notify.staff.store import Staff
from services.notify.vault.vault import Vault
from shared.article import Lang, Picture
from shared.frame.words import frame_words
from shared.identity import Identity, MenuLink
from shared.languages.say import LANGS
from tests.notify.member_pages.conftest import NEW, ONE, SITE, Pages, newest_letter

OWN = Identity(
    name="Foreningen for <eksempler>",
    logo=Picture(name="logo-0123456789ab.png", width=400, height=100),
    icon=Picture(name="ikon-0123456789ab.png", width=512, height=512),
    menu=(MenuLink(text="Om oss", to="/om/oss/"),),
    footer=(MenuLink(text="Personvern", to="/om/personvern/"),),
    telephone="22 00 00 00",
    join="https://medlem.example.org/inn",
)
PATHS = ("/bli-medlem/", "/min-side/", "/bli-medlem/kode/", "/min-side/finnes-ikke/", "/member/x")
FOR_ANYBODY = (*PATHS, "/min-side/inn/x")
_HREFLANG = re.compile(r'<link rel="alternate" hreflang="(..)" href="([^"]+)">')


async def say(redis: Redis, identity: Identity, version: int) -> None:
    said = {"version": version, "data": identity.model_dump_json()}
    await redis.hset(IDENTITY, mapping=said)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", PATHS)
async def test_every_page_has_the_association_around_it(pages: Pages, path: str) -> None:
    before = (await pages.http.get(path)).text
    assert "Foreningen &lt;Eksempel&gt;" in before
    assert "om/oss" not in before
    await say(pages.redis, OWN, 1)
    page = (await pages.http.get(path)).text
    assert "Foreningen &lt;Eksempel&gt;" not in page, "without a restart"
    assert page.count("Foreningen for &lt;eksempler&gt;") >= 2
    assert "<eksempler>" not in page
    for said in ('src="/assets/logo-0123456789ab.png"', "tel:22000000", "/om/personvern/"):
        assert said in page
    assert page.index('href="/om/oss/"') < page.index("<main")
    assert 'rel="icon" href="/assets/ikon-0123456789ab.png"' in page
    assert OWN.join in page


async def test_the_frame_is_in_the_page_s_language(pages: Pages) -> None:
    page = (await pages.http.get("/bli-medlem/?maal=nn")).text
    for word in (frame_words("nn").search_label, frame_words("nn").my_page):
        assert word in page
    assert frame_words("nb").search_label not in page


async def test_what_is_agreed_to_names_the_association_as_it_is_called_now(pages: Pages) -> None:
    await say(pages.redis, OWN, 1)
    page = (await pages.http.get("/bli-medlem/")).text
    assert "Jeg samtykker i at Foreningen for &lt;eksempler&gt; lagrer" in page


async def test_the_page_of_staff_has_it_too(pages: Pages) -> None:
    parts = pages.parts
    await say(pages.redis, OWN, 1)
    app = staff_pages.create(
        staff_pages.StaffPageParts(
            pages.redis,
            parts.settings,
            parts.identity,
            Staff(pages.redis, Vault(b"v" * 32, b"i" * 32)),
            parts.letters,
            b"s" * 32,
        )
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=SITE) as http:
        page = (await http.get("/beskjed/takk/")).text
    assert 'src="/assets/logo-0123456789ab.png"' in page
    assert "Foreningen for &lt;eksempler&gt;" in page


async def test_the_page_to_join_by_is_found_by_search_engines_with_its_own_words(
    pages: Pages,
) -> None:
    await say(pages.redis, OWN, 1)
    for path, lang in (("/bli-medlem/", "nb"), ("/bli-medlem/?maal=nn", "nn")):
        page = (await pages.http.get(path)).text
        assert f'<link rel="canonical" href="{SITE}{path}">' in page
        assert f'hreflang="{lang}" href="{SITE}{path}"' in page
        said = page.partition('<meta name="description" content="')[2].partition('"')[0]
        assert "Foreningen for &lt;eksempler&gt;" in said


async def _in(pages: Pages, lang: Lang, version: int = 1) -> None:
    await say(pages.redis, Identity(language=lang), version)


@pytest.mark.parametrize("path", FOR_ANYBODY)
async def test_every_page_for_anybody_follows_the_language_of_the_site(
    pages: Pages, path: str
) -> None:
    for version, lang in enumerate((*LANGS[1:], LANGS[0]), start=1):
        await _in(pages, lang, version)
        page = (await pages.http.get(path)).text
        assert f'<html lang="{lang}">' in page, "without a restart"
        assert frame_words(lang).skip_link in page


@pytest.mark.parametrize("lang", LANGS)
async def test_the_page_to_join_by_leads_to_each_language_and_says_where_it_stands(
    pages: Pages, lang: Lang
) -> None:
    await _in(pages, lang)
    own = {one: f"{SITE}/bli-medlem/{'' if one == lang else f'?maal={one}'}" for one in LANGS}
    for one in LANGS:
        page = (await pages.http.get(own[one])).text
        assert f'<html lang="{one}">' in page
        assert f'<link rel="canonical" href="{own[one]}">' in page
        assert dict(_HREFLANG.findall(page)) == own
        for other in set(LANGS) - {one}:
            assert f'href="{own[other].removeprefix(SITE)}" lang="{other}"' in page


@pytest.mark.parametrize("asked", LANGS)
async def test_the_way_in_stays_in_the_language_that_was_chosen(pages: Pages, asked: Lang) -> None:
    await _in(pages, "nn")
    browser = pages.browser()
    start = "/bli-medlem/" if asked == "nn" else f"/bli-medlem/?maal={asked}"
    answer = await browser.send(start, epost=NEW, maal=asked, samtykke="ja")
    assert f'<html lang="{asked}">' in answer.text
    letter = await newest_letter(pages.parts)
    assert (letter.asked.kind, letter.asked.lang) == (LetterKind.JOIN, asked)


async def test_a_member_has_their_own_language_whatever_the_site_has(pages: Pages) -> None:
    await _in(pages, "en")
    browser = await pages.logged_in(ONE)
    assert '<html lang="nb">' in (await browser.http.get("/min-side/")).text


async def test_a_language_that_nobody_has_is_that_of_the_site(pages: Pages) -> None:
    await _in(pages, "nn")
    assert '<html lang="nn">' in (await pages.http.get("/bli-medlem/?maal=sv")).text
