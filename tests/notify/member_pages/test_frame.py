"""The pages of members are the association's: its name, logo, menu and contact are around them."""

import httpx
import pytest
from redis.asyncio import Redis

from services.notify.identity import IDENTITY
from services.notify.staff import pages as staff_pages
from services.notify.staff.store import Staff
from services.notify.vault.vault import Vault
from shared.article import Picture
from shared.frame.words import frame_words
from shared.identity import Identity, MenuLink
from tests.notify.member_pages.conftest import SITE, Pages

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
