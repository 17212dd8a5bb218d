"""What an admin does in the newsroom, and what everybody does at its doors; see newsroom.py."""

import html
import re
from dataclasses import replace

from benchmarks.newsroom_desk import Desk
from services.ingest.people.store import People
from tests.authenticator import Authenticator
from tests.ingest.steps import picture
from tests.proof.browser import OpenPage, PageForm

_PAGES = (
    *("", "?q=langt", "?del=utkast", "ny/", "meg/", "emner/", "emner/nytt/", "folk/", "nokler/"),
    *("nettstedet/", "tilstand/", "spor/", "spor/?sjekk", "varsle/"),
)
_ASK = re.compile(r'data-ask="([^"]*)"')
NEWSROOM = "/redaksjon/"


def form_of(page: OpenPage, ending: str, holding: str = "") -> PageForm:
    """The form that is sent to this ending, with this among its values."""
    path = page.path.partition("?")[0]
    forms = [replace(one, action=one.action.partition("#")[0] or path) for one in page.forms]
    found = [one for one in forms if one.action.endswith(ending)]
    assert found, (page.path, ending, [one.action for one in page.forms])
    return next(one for one in found if not holding or holding in dict(one.fields).values())


async def house(at: Desk, run: int) -> None:
    """Pages that are of no article; people, keys, subjects and the site are changed."""
    for path in _PAGES:
        await at.page("Anne", NEWSROOM + path)
    await _people_and_keys(at, run)
    await _subjects(at, run)
    page = await at.page("Anne", f"{NEWSROOM}nettstedet/")
    form = form_of(page, "nettstedet/").filled(name=f"Eksempelforeningen {run}")
    await at.send("Anne", form)
    page = await at.page("Anne", f"{NEWSROOM}nettstedet/")
    logo = {"logo": ("logo.png", picture(size=(300 + run, 80)))}
    await at.upload(
        "Anne", f"{NEWSROOM}nettstedet/", dict(form_of(page, "nettstedet/").fields), logo
    )
    page = await at.page("Anne", f"{NEWSROOM}varsle/")
    await at.send("Anne", form_of(page, "varsle/"))


async def _people_and_keys(at: Desk, run: int) -> None:
    name, people = f"Ola Eksempel {run}", f"{NEWSROOM}folk/"
    form = form_of(await at.page("Anne", people), "inviter/").filled(navn=name, rolle="editor")
    await at.send("Anne", form)
    person = await People(at.redis).named(name)
    assert person
    for ending, typed in (
        ("lenke/", {}),
        ("rolle/", {"rolle": "approver"}),
        ("ut/", {"sikker": "ja"}),
    ):
        form = form_of(await at.page("Anne", people), ending, person.id)
        await at.send("Anne", form.filled(**typed))
    kari = await People(at.redis).named("Kari Eksempel")
    assert kari
    keys = f"{NEWSROOM}nokler/"
    before = await at.page("Anne", keys)
    await at.send("Anne", form_of(before, "ny/").filled(person=kari.id))
    old = {one.value("id") for one in before.forms}
    after = await at.page("Anne", keys)
    await at.send("Anne", next(one for one in after.forms if one.value("id") not in old))


async def _subjects(at: Desk, run: int) -> None:
    name = f"eksempelinib-{run}"
    page = await at.page("Anne", f"{NEWSROOM}emner/nytt/")
    await at.send("Anne", form_of(page, "nytt/").filled(name=name, id=name))
    page = await at.page("Anne", f"{NEWSROOM}emner/{name}/")
    await at.send("Anne", form_of(page, f"{name}/").filled(name=f"Eksempelinib {run}"))
    page = await at.page("Anne", f"{NEWSROOM}emner/{name}/")
    form = form_of(page, "fjern/")
    await at.send("Anne", form.filled(sikker="ja") if "sikker" in form.names else form)


async def doors(at: Desk, run: int) -> None:
    """Somebody who is new makes passkeys, logs out and in, and is logged out everywhere."""
    name, who = f"Liv Eksempel {run}", "Liv"
    page = await at.page("Anne", f"{NEWSROOM}folk/")
    invited = await at.send("Anne", form_of(page, "inviter/").filled(navn=name, rolle="approver"))
    link = re.search(r'value="[^"]*(/redaksjon/inn/[^"]+)"', invited.html)
    assert link
    browser = at.browser(who)
    phone = Authenticator(at.site)
    await at.send(who, _made(await at.page(who, link[1]), phone))
    await at.page(who, f"{NEWSROOM}meg/?ny")
    second = await at.page(who, f"{NEWSROOM}passnokkel/ny/")
    await at.send(who, _made(second, Authenticator(at.site)))
    page = await at.page(who, f"{NEWSROOM}meg/")
    lang = form_of(page, "maal/")
    await at.send(who, lang.pressed(*lang.buttons[0]))
    page = await at.page(who, f"{NEWSROOM}meg/")
    await at.send(who, form_of(page, "passnokkel/fjern/", _last_passkey(page)))
    page = await at.page(who, f"{NEWSROOM}meg/")
    await at.send(who, form_of(page, f"{NEWSROOM}ut/"))
    page = await at.page(who, f"{NEWSROOM}inn/")
    form = next(one for one in page.forms if "svar" in dict(one.fields))
    await at.send(who, form.filled(svar=phone.use(_asked(page))))
    page = await at.page(who, f"{NEWSROOM}meg/")
    await at.send(who, form_of(page, "ut/overalt/"))
    await browser.aclose()


def _asked(page: OpenPage) -> str:
    """What a page has the browser ask its authenticator, as JSON."""
    found = _ASK.search(page.html)
    assert found, "the page asks for no passkey"
    return html.unescape(found[1])


def _made(page: OpenPage, authenticator: Authenticator) -> PageForm:
    form = next(one for one in page.forms if "svar" in dict(one.fields))
    return form.filled(svar=authenticator.make(_asked(page)))


def _last_passkey(page: OpenPage) -> str:
    """The id of the one that was made last: the other one logs in again."""
    return [one.value("passnokkel") for one in page.forms if one.value("passnokkel")][-1]
