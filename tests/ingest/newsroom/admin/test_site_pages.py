"""«Nettstedet»: what the association says of itself is changed by a form, or stands in a file."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from services.ingest.identity.follow_site_file import FollowSiteFile
from services.ingest.identity.site_file import ReadSiteFile
from services.ingest.identity.store import Identities
from services.ingest.newsroom.admin import site_form
from services.ingest.pictures.save_picture import SavePicture
from services.ingest.pictures.store import Pictures
from shared.child.children import Children
from shared.events import SiteDressed, from_fields
from shared.identity import Identity, MenuLink
from shared.languages.say import LANGS
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.steps import NewsroomBrowser, browser_of, somebody

PAGE = "/redaksjon/nettstedet/"
TYPED = {
    "name": "Eksempelforeningen",
    "accent": "#5a2d82",
    "telephone": "22 00 00 00",
    "menu": "Om oss /om-oss/\n\nVåre kurs  https://kurs.example.org/",
    "appeal": "Jo flere vi er, jo sterkere stemme får vi.",
}
MEANT = Identity(
    name="Eksempelforeningen",
    accent="#5a2d82",
    telephone="22 00 00 00",
    menu=(
        MenuLink(text="Om oss", to="/om-oss/"),
        MenuLink(text="Våre kurs", to="https://kurs.example.org/"),
    ),
    appeal="Jo flere vi er, jo sterkere stemme får vi.",
)
_SEEN = re.compile(r'name="sett" value="([0-9]+)"')
_TOKEN = re.compile(r'name="skjema" value="([0-9a-f]+)"')


def _seen(page: str) -> str:
    found = _SEEN.search(page)
    assert found
    return found[1]


def _drawn() -> bytes:
    drawn = BytesIO()
    Image.new("RGBA", (300, 80), "#5a2d82").save(drawn, "PNG")
    return drawn.getvalue()


async def _send(browser: NewsroomBrowser, files: dict[str, bytes], **fields: str) -> httpx.Response:
    """Send the page's form as a browser does: fields without a file are there too."""
    token = _TOKEN.search(browser.page)
    assert token
    fields = {"skjema": token[1], "sett": _seen(browser.page)} | fields
    chosen = {name: (f"{name}.png" if raw else "", raw) for name, raw in files.items()}
    answer = await browser.http.post(PAGE, data=fields, files=chosen, follow_redirects=True)
    browser.page = answer.text
    return answer


async def test_what_is_typed_is_said_to_the_site_once_and_in_the_trail(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get(PAGE)
        await browser.send(PAGE, **TYPED, sett=_seen(browser.page))
        assert "Lagret" in browser.page
        await browser.send(PAGE, **TYPED, sett=_seen(browser.page))  # the same once more
        await browser.get("/redaksjon/spor/")
        assert browser.page.count("Endret nettstedet") == 1
    assert (await Identities(ingest.redis).now()).identity == MEANT
    events = [from_fields(fields) for _, fields in await ingest.redis.xrange("reference")]
    dressed = [event.data for event in events if isinstance(event, SiteDressed)]
    assert [(one.identity, one.version) for one in dressed] == [(MEANT, 1)]


async def test_the_language_of_the_site_is_chosen_and_stays_until_another_is(
    ingest: Ingest,
) -> None:
    identities = Identities(ingest.redis)
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get(PAGE)
        assert '<option value="nb" selected>Bokmål</option>' in browser.page
        await browser.send(PAGE, **TYPED, language="nn", sett=_seen(browser.page))
        assert (await identities.now()).identity == MEANT.model_copy(update={"language": "nn"})
        assert '<option value="nn" selected>Nynorsk</option>' in browser.page
        await browser.send(PAGE, **TYPED, sett=_seen(browser.page))  # by a page from before
        assert (await identities.now()).identity.language == "nn"
        answer = await browser.send(PAGE, **TYPED, language="sv", sett=_seen(browser.page))
        assert answer.status_code == 422
        assert 'id="language-feil"' in browser.page
        assert (await identities.now()).identity.language == "nn"
        await browser.send(PAGE, **TYPED, language="nb", sett=_seen(browser.page))
        assert (await identities.now()).identity == MEANT


async def test_what_is_wrong_is_told_at_its_field_and_changes_nothing(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get(PAGE)
        wrong = {"accent": "#ffe066", "menu": "/om-oss/", "organisation_number": "123456789"}
        answer = await browser.send(PAGE, **(TYPED | wrong), sett=_seen(browser.page))
        assert answer.status_code == 422
        for said in ("4,5:1", "Skriv en tekst foran hver adresse", "ikke et organisasjonsnummer"):
            assert said in browser.page
        assert 'value="#ffe066"' in browser.page
    assert (await Identities(ingest.redis).now()).version == 0


async def test_nobody_overwrites_another(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get(PAGE)
        seen = _seen(browser.page)
        await browser.send(PAGE, **TYPED, sett=seen)
        answer = await browser.send(PAGE, **(TYPED | {"name": "En annen"}), sett=seen)
        assert answer.status_code == 409
        assert "En annen" in browser.page
        assert (await Identities(ingest.redis).now()).identity == MEANT


async def test_a_logo_is_put_in_its_place_and_taken_away_with_what_is_typed(
    ingest: Ingest,
) -> None:
    files = {"icon": b"", "logo": _drawn(), "share_picture": b""}
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get(PAGE)
        await _send(browser, files, **TYPED)
        assert "Lagret" in browser.page
        now = (await Identities(ingest.redis).now()).identity
        assert now.logo
        assert now.logo.width == 300
        assert now == MEANT.model_copy(update={"logo": now.logo})
        assert f"/assets/{now.logo.name}" in browser.page
        await _send(browser, {}, **TYPED, fjern="logo")
        assert (await Identities(ingest.redis).now()).identity == MEANT


async def test_what_is_typed_beside_a_picture_that_cannot_be_read_is_there_still(
    ingest: Ingest,
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get(PAGE)
        answer = await _send(browser, {"logo": b"no picture", "icon": _drawn()}, **TYPED)
        assert answer.status_code == 422
        assert "kan ikke leses" in browser.page
        assert all(line in browser.page for line in TYPED["menu"].splitlines())
        now = (await Identities(ingest.redis).now()).identity
        assert now.icon, "a browser forgets it"
        assert now.name is None
        answer = await _send(browser, {}, **TYPED)
        assert "Lagret" in browser.page
        now = (await Identities(ingest.redis).now()).identity
        assert now == MEANT.model_copy(update={"icon": now.icon})


async def test_what_is_typed_beside_pictures_that_are_too_large_is_there_still(
    ingest: Ingest,
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get(PAGE)
        answer = await _send(browser, {"logo": bytes(30_000_000), "icon": _drawn()}, **TYPED)
        assert answer.status_code == 422
        assert "Bildene er for store" in browser.page
        assert TYPED["name"] in browser.page
        now = (await Identities(ingest.redis).now()).identity
        assert now.icon
        assert not now.logo


async def test_what_is_wrong_hides_no_change_of_another(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get(PAGE)
        form = browser.page
        await _send(browser, {}, **TYPED)
        browser.page = form
        await _send(browser, {"icon": _drawn()}, **(TYPED | {"accent": "blå"}))
        answer = await _send(browser, {}, **(TYPED | {"name": "En annen"}))
        assert answer.status_code == 409
        now = (await Identities(ingest.redis).now()).identity
        assert now == MEANT.model_copy(update={"icon": now.icon})


async def test_what_is_typed_beside_a_picture_is_kept_for_whoever_was_logged_out(
    ingest: Ingest,
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get(PAGE)
        browser.http.cookies.delete("__Host-varsel-staff")
        await _send(browser, {"logo": bytes(5 * 1024 * 1024)}, **TYPED)
        assert "Du er logget ut" in browser.page
        assert TYPED["appeal"] in browser.page


async def test_a_file_is_shown_and_not_changed_here(make_ingest: Any, tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("name: Fra filen\n")
    ingest: Ingest = await make_ingest(theme=tmp_path)
    identities = Identities(ingest.redis)
    assert await identities.put(MEANT, "Kari", "newsroom", 0)
    read = ReadSiteFile(SavePicture(tmp_path, Pictures(ingest.redis), Children("none")))
    await FollowSiteFile(tmp_path, read, identities)()
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get(PAGE)
        assert "site.yaml" in browser.page
        assert 'value="Fra filen"' in browser.page
        assert MEANT.name not in browser.page
        before, _, held = browser.page.partition('<fieldset class="plain" disabled>')
        assert 'name="name"' not in before
        assert all(f'name="{one}"' in held.partition("</fieldset>")[0] for one in (*TYPED, "logo"))
        assert "Lagre</button>" not in browser.page
        answer = await browser.send(PAGE, **TYPED, sett=_seen(browser.page))
        assert answer.status_code == 409
    now = await identities.now()
    assert (now.identity, now.origin) == (Identity(name="Fra filen"), "file")


async def test_only_an_admin_may(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari", "approver")) as browser:
        assert (await browser.get(PAGE)).status_code == 403


_TEXT = st.text("abcæøå .", min_size=1, max_size=20).filter(lambda text: text.strip())
_LINKS = st.lists(
    st.builds(
        MenuLink,
        text=_TEXT.map(lambda text: " ".join(text.split())),
        to=st.sampled_from(["/om-oss/", "https://example.org/a?b=c"]),
    ),
    max_size=6,
).map(tuple)


@given(
    st.builds(
        Identity,
        name=st.none() | _TEXT,
        language=st.sampled_from(LANGS),
        menu=_LINKS,
        footer=_LINKS,
        accent=st.none() | st.just("#0b5670"),
        logo_says_name=st.booleans(),
    )
)
def test_a_form_that_is_sent_as_it_came_changes_nothing(identity: Identity) -> None:
    assert site_form.to_identity(site_form.to_fields(identity), identity) == identity
