"""An admin lets people in and out, and nobody shuts themselves out."""

import re

import httpx

from services.ingest.people.invitations import Invitations
from services.ingest.people.keys import ApiKeys
from services.ingest.people.person import Person
from services.ingest.people.store import People
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.steps import SITE, browser_of, somebody

_LINK = re.compile(rf'value="{SITE}/redaksjon/inn/([^/"]+)/"')


def link_in(page: httpx.Response) -> str:
    """The token of the link that a page shows."""
    found = _LINK.search(page.text)
    assert found
    return found[1]


async def test_whoever_is_let_in_gets_a_link_that_opens_for_them(ingest: Ingest) -> None:
    people, invitations = People(ingest.redis), Invitations(ingest.redis)
    kari = await somebody(ingest, "Kari Eksempel", "admin")
    async with browser_of(ingest, kari) as browser:
        assert "Kari Eksempel" in (await browser.get("/redaksjon/folk/")).text
        page = await browser.send("/redaksjon/folk/inviter/", navn="Ola", rolle="approver")
        ola = await people.named("Ola")
        assert ola
        assert ola.role == "approver"
        assert await invitations.look(link_in(page)) == ola
        assert await people.invited_by(ola.id) == kari.id
        listed = (await browser.get("/redaksjon/folk/")).text
        assert "sluppet inn av Kari Eksempel" in listed
        assert "Har en lenke som venter" in listed
        again = await browser.send("/redaksjon/folk/lenke/", person=ola.id)
        assert await invitations.look(link_in(page)) is None
        assert await invitations.look(link_in(again)) == ola


async def test_what_is_wrong_in_the_form_is_said_and_what_was_typed_is_still_there(
    ingest: Ingest,
) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get("/redaksjon/folk/")
        empty = await browser.send("/redaksjon/folk/inviter/", navn="", rolle="sjef")
        assert empty.status_code == 422
        assert "Skriv navnet på den du vil slippe inn." in empty.text
        assert "Velg hva personen skal kunne gjøre." in empty.text
        taken = await browser.send("/redaksjon/folk/inviter/", navn="KARI ", rolle="admin")
        assert "Det er alt en med dette navnet." in taken.text
        assert 'value="KARI"' in taken.text
    named = {person.name for person in await People(ingest.redis).all()}
    assert named == {"Kari", "Test"}


async def test_a_role_is_changed_and_a_person_put_out_at_once(ingest: Ingest) -> None:
    people, keys = People(ingest.redis), ApiKeys(ingest.redis)
    ola = await somebody(ingest, "Ola")
    key = await keys.create(ola)
    kari = await somebody(ingest, "Kari", "admin")
    async with browser_of(ingest, ola) as olas, browser_of(ingest, kari) as browser:
        assert (await olas.get("/redaksjon/emner/")).status_code == 200
        await browser.get("/redaksjon/folk/")
        await browser.send("/redaksjon/folk/rolle/", person=ola.id, rolle="approver")
        assert await people.find(ola.id) == Person(ola.id, "Ola", "approver")
        unsure = await browser.send("/redaksjon/folk/ut/", person=ola.id)
        assert (unsure.status_code, await people.find(ola.id) is None) == (422, False)
        await browser.get("/redaksjon/folk/")
        page = await browser.send("/redaksjon/folk/ut/", person=ola.id, sikker="ja")
        assert "Ola" not in page.text
        assert await keys.find(key) is None
        answer = await olas.http.get("/redaksjon/emner/")
        assert answer.headers["location"].startswith("/redaksjon/inn/")


async def test_nobody_changes_their_own_role_or_puts_themselves_out(ingest: Ingest) -> None:
    kari = await somebody(ingest, "Kari", "admin")
    async with browser_of(ingest, kari) as browser:
        await browser.get("/redaksjon/folk/")
        for path, more in (("rolle", {"rolle": "editor"}), ("ut", {"sikker": "ja"})):
            await browser.get("/redaksjon/folk/")
            answer = await browser.send(f"/redaksjon/folk/{path}/", person=kari.id, **more)
            assert answer.status_code == 409
            assert "Be en annen administrator" in answer.text
    assert await People(ingest.redis).find(kari.id) == kari


async def test_only_an_admin_sees_or_changes_people_and_keys(ingest: Ingest) -> None:
    for name, role in (("Per", "editor"), ("Anne", "approver")):
        person = await somebody(ingest, name, role)  # type: ignore[arg-type]
        async with browser_of(ingest, person) as browser:
            await browser.get("/redaksjon/tilstand/")
            for path in ("folk/", "nokler/", "emner/nytt/"):
                assert (await browser.http.get(f"/redaksjon/{path}")).status_code == 403
            for path, fields in (
                ("folk/inviter/", {"navn": "Ola", "rolle": "admin"}),
                ("folk/rolle/", {"person": person.id, "rolle": "admin"}),
                ("folk/lenke/", {"person": person.id}),
                ("nokler/ny/", {"person": person.id}),
                ("emner/nytt/", {"name": "Emne"}),
                ("emner/emne/fjern/", {"sikker": "ja"}),
            ):
                await browser.get("/redaksjon/tilstand/")
                assert (await browser.send(f"/redaksjon/{path}", **fields)).status_code == 403
        assert await People(ingest.redis).find(person.id) == person
    assert await ApiKeys(ingest.redis).all() == {
        id_: key for id_, key in (await ApiKeys(ingest.redis).all()).items() if key.person
    }


async def test_a_key_is_shown_once_and_ends_when_it_is_told_to(ingest: Ingest) -> None:
    keys = ApiKeys(ingest.redis)
    ola = await somebody(ingest, "Ola", "approver")
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get("/redaksjon/nokler/")
        unsaid = await browser.send("/redaksjon/nokler/ny/", person="")
        assert "Velg hvem nøkkelen skal være til." in unsaid.text
        page = await browser.send("/redaksjon/nokler/ny/", person=ola.id)
        (key,) = re.findall(r"varsel_[0-9a-f]{8}_[\w-]{43}", page.text)
        found = await keys.find(key)
        assert found
        assert found.person == ola
        listed = (await browser.get("/redaksjon/nokler/")).text
        assert found.id in listed
        assert key not in listed
        await browser.send("/redaksjon/nokler/slutt/", id=found.id)
        assert await keys.find(key) is None
        await browser.get("/redaksjon/nokler/")
        assert (await browser.send("/redaksjon/nokler/slutt/", id=found.id)).status_code == 404


async def test_a_form_from_another_page_of_ours_or_none_changes_nothing(ingest: Ingest) -> None:
    ola = await somebody(ingest, "Ola")
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get("/redaksjon/folk/")
        browser.page = ""  # a form without its token
        answer = await browser.send("/redaksjon/folk/ut/", person=ola.id, sikker="ja")
        assert answer.status_code == 403
    assert await People(ingest.redis).find(ola.id) == ola
