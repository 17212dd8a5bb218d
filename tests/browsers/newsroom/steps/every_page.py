"""The way to each page of a newsroom that is filled (see filled.py)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unittest.mock import MagicMock

from playwright.sync_api import Page, Route
from starlette.routing import Route as Served

from services.ingest.newsroom.desk.listing import PARTS
from services.ingest.newsroom.visit import LANGUAGE
from services.notify.staff import pages as notify_pages
from shared.visitors.cookies import STAFF_COOKIES
from tests.browsers.newsroom.steps.filled import EMAIL, Filled
from tests.browsers.provider import provider
from tests.browsers.world import wait_for
from tests.ingest.newsroom.steps import newsroom_routes

_WHY = "Dosen er feil i avsnitt to."
Act = Callable[[Page, Filled], None]


@dataclass(frozen=True)
class Way:
    """How somebody comes to a page: they open a path, and act there if they have to. A path may
    have `{out}` and the like, the id of an article (see `_fill`), or what an act has found."""

    path: str
    act: Act | None = None
    stranger: bool = False
    """Nobody is logged in."""
    status: int = 200
    is_first: bool = False
    """It is seen in both languages before anything else is."""


_SEND = """([selector, fields]) => {
    const form = document.querySelector(selector);
    for (const [name, value] of Object.entries(fields)) {
        const found = form.elements[name];
        if (found && found.type !== "submit") found.value = value;
        else form.append(Object.assign(document.createElement("input"), {name, value}));
    }
    HTMLFormElement.prototype.submit.call(form);
}"""


def sends(selector: str, **fields: str) -> Act:
    """Send a form as it is, past the browser's own checks and the page's script."""

    def act(page: Page, _: Filled) -> None:
        with page.expect_navigation():
            page.evaluate(_SEND, [selector, fields])

    return act


def _on_to_the_provider(page: Page, made: Filled) -> None:
    """The page is seen for as long as it takes, though it would send the browser on at once."""

    def stays(route: Route) -> None:
        answer = route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name != "refresh"}
        assert len(headers) < len(answer.headers), "it sends nobody on"
        route.fulfill(response=answer, headers=headers)

    page.route("**/redaksjon/inn/konto/", stays)
    with provider(f"{made.up.url}/redaksjon/inn/konto/svar/", made.provider):
        sends("form[action$='/konto/']")(page, made)
    page.unroute("**/redaksjon/inn/konto/")


def _link_for_an_expert(page: Page, made: Filled) -> None:
    sends("main form")(page, made)
    link = page.locator("#lenke").input_value().split()[-1]
    made.ids["expert"] = link.rstrip("/").rpartition("/")[2]


def _invites_somebody(page: Page, made: Filled) -> None:
    sends("form[action$='inviter/']", navn=datetime.now(UTC).isoformat(), rolle="editor")(
        page, made
    )


def _invites_again(page: Page, made: Filled) -> None:
    """The link before it opens nothing any more."""
    sends("form[action$='lenke/']")(page, made)
    made.invitation = page.locator("#lenke").input_value().rstrip("/").rpartition("/")[2]


def _link_for_an_address(page: Page, made: Filled) -> None:
    sends("main form")(page, made)
    made.ids["address"] = str(page.locator("main a.main").get_attribute("href"))


def _address_form(page: Page, _: Filled) -> None:
    """notify hears of the link a moment later."""
    wait_for(lambda: page.locator("#epost").count() or page.reload() is None)


def _address(page: Page, made: Filled) -> None:
    _address_form(page, made)
    sends("main form", epost=EMAIL)(page, made)


def _logs_out(act: Act) -> Act:
    def after(page: Page, made: Filled) -> None:
        page.context.clear_cookies(name=STAFF_COOKIES.session)
        act(page, made)

    return after


def _two_write(page: Page, made: Filled) -> None:
    """The second text comes from a form that was opened before the first was saved."""
    page.evaluate(
        """async () => {
            const form = document.getElementById("skjema"), fields = new FormData(form);
            fields.set("lead", `Kari ${Math.random()}`);
            fields.set("knapp", "lagre");
            await fetch(form.action, {method: "POST", body: new URLSearchParams(fields)});
        }"""
    )
    sends("#skjema", lead="Ola", knapp="lagre")(page, made)


CASE = "/redaksjon/sak"
WAYS: dict[str, Way] = {
    "log in": Way("/redaksjon/inn/", stranger=True),
    "invitation": Way("/redaksjon/inn/{invitation}/", stranger=True),
    "invitation is over": Way("/redaksjon/inn/ukjent/", stranger=True, status=404),
    "no trial": Way("/redaksjon/prov/ukjent/", stranger=True, status=404),
    "provider is away": Way(
        "/redaksjon/inn/",
        sends("form[action$='/konto/']"),
        stranger=True,
        status=503,
        is_first=True,
    ),
    "on to the provider": Way("/redaksjon/inn/", _on_to_the_provider, stranger=True),
    "provider, too late": Way("/redaksjon/inn/konto/svar/", stranger=True, status=403),
    "me": Way("/redaksjon/meg/"),
    "me, with a passkey": Way("/redaksjon/meg/?ny"),
    "another passkey": Way("/redaksjon/passnokkel/ny/"),
    "another passkey, refused": Way(
        "/redaksjon/passnokkel/ny/", sends("form[data-passkey]", svar="x"), status=403
    ),
    "my address": Way("/redaksjon/varsle/"),
    "my address, link": Way("/redaksjon/varsle/", _link_for_an_address),
    "address": Way("{address}", _address_form),
    "address, wrong": Way("{address}", sends("main form", epost="kari"), status=422),
    "address, thanks": Way("{address}", _address),
    "address, over": Way("{address}", status=404),
    "logged out": Way(
        "/redaksjon/emner/leddgikt/", _logs_out(sends("main form", name="a\nb")), status=403
    ),
    "list": Way("/redaksjon/"),
    "list, search": Way("/redaksjon/?q=eksempelinib"),
    "list, nothing found": Way("/redaksjon/?q=finst-ikkje"),
    **{f"list, {part}": Way(f"/redaksjon/?del={part}") for part in PARTS},
    "list, older drafts": Way("/redaksjon/?del=utkast&side=2"),
    "list, search in a part": Way("/redaksjon/?del=ute&q=eksempelinib"),
    "new": Way("/redaksjon/ny/"),
    "new, wrong": Way("/redaksjon/ny/", sends("main form"), status=422),
    "write": Way(f"{CASE}/{{draft}}/skriv/?mangler"),
    "write, empty": Way("/redaksjon/ny/", sends("main form", hva="varsel")),
    "write, two": Way(f"{CASE}/{{draft}}/skriv/", _two_write),
    "write, logged out": Way(
        f"{CASE}/{{draft}}/skriv/", _logs_out(sends("#skjema", knapp="lagre")), status=403
    ),
    "submit": Way(f"{CASE}/{{draft}}/send-inn/"),
    "throw away": Way(f"{CASE}/{{draft}}/kast/"),
    "draft": Way(f"{CASE}/{{draft}}/"),
    "see": Way(f"{CASE}/{{draft}}/vis/"),
    "article": Way(f"{CASE}/{{out}}/"),
    "article, withdrawn": Way(f"{CASE}/{{gone}}/"),
    "history": Way(f"{CASE}/{{out}}/historikk/"),
    "approve": Way(f"{CASE}/{{waits}}/godkjenn/"),
    "approve, changed": Way(
        f"{CASE}/{{waits}}/godkjenn/", sends("main form", utgave="x"), status=428
    ),
    "reject": Way(f"{CASE}/{{waits}}/avvis/"),
    "reject, wrong": Way(f"{CASE}/{{waits}}/avvis/", sends("main form"), status=422),
    "take out": Way(f"{CASE}/{{waits}}/stopp/"),
    "hold": Way(f"{CASE}/{{comes}}/stopp/"),
    "hold, why": Way(f"{CASE}/{{comes}}/stopp/?hvorfor"),
    "ask an expert": Way(f"{CASE}/{{waits}}/fag/"),
    "ask an expert, link": Way(f"{CASE}/{{waits}}/fag/", _link_for_an_expert),
    "expert": Way("/redaksjon/fag/{expert}/", stranger=True),
    "expert, wrong": Way("/redaksjon/fag/{expert}/", sends("main form"), stranger=True, status=422),
    "expert, thanks": Way(
        "/redaksjon/fag/{expert}/",
        sends("main form", merknad=_WHY, navn="Lise Lege"),
        stranger=True,
    ),
    "expert, over": Way("/redaksjon/fag/fag_ukjent/", stranger=True, status=404),
    "receipt": Way(f"{CASE}/{{out}}/kvittering/"),
    "receipt of news": Way(f"{CASE}/{{news}}/kvittering/"),
    "cancel": Way(f"{CASE}/{{out}}/kvittering/avbryt/"),
    "cancel, refused": Way(
        f"{CASE}/{{out}}/kvittering/avbryt/", sends("main form", utsending="x"), status=409
    ),
    "correct": Way(f"{CASE}/{{out}}/rett/"),
    "correct, wrong": Way(f"{CASE}/{{out}}/rett/", sends("main form", steg="se"), status=422),
    "correct, seen": Way(
        f"{CASE}/{{out}}/rett/", sends("main form", steg="se", slag="correction", hva=_WHY)
    ),
    "withdraw": Way(f"{CASE}/{{out}}/trekk/"),
    "withdraw, wrong": Way(f"{CASE}/{{out}}/trekk/", sends("main form", steg="se"), status=422),
    "withdraw, seen": Way(f"{CASE}/{{out}}/trekk/", sends("main form", steg="se", hvorfor=_WHY)),
    "nothing to withdraw": Way(f"{CASE}/{{draft}}/trekk/"),
    "people": Way("/redaksjon/folk/"),
    "people, wrong": Way("/redaksjon/folk/", sends("form[action$='inviter/']"), status=422),
    "people, invited": Way("/redaksjon/folk/", _invites_somebody),
    "people, link": Way("/redaksjon/folk/", _invites_again),
    "keys": Way("/redaksjon/nokler/"),
    "keys, wrong": Way("/redaksjon/nokler/", sends("form[action$='/ny/']"), status=422),
    "keys, gone": Way("/redaksjon/nokler/", sends("form[action$='slutt/']", id="x"), status=404),
    "subjects": Way("/redaksjon/emner/"),
    "subject, new": Way("/redaksjon/emner/nytt/"),
    "subject, wrong": Way("/redaksjon/emner/nytt/", sends("main form"), status=422),
    "subject": Way("/redaksjon/emner/leddgikt/"),
    "site": Way("/redaksjon/nettstedet/"),
    "site, wrong": Way(
        "/redaksjon/nettstedet/",
        sends(
            "main form",
            accent="#ffffff",
            accent_2="blå",
            menu="/om-oss/\n" * 7,
            footer="Om om-oss",
            **dict.fromkeys(("telephone", "email"), "ring"),
            organisation_number="123456789",
            join="bli medlem",
            name="F" * 81,
        ),
        status=422,
    ),
    "state": Way("/redaksjon/tilstand/"),
    "trail": Way("/redaksjon/spor/?sjekk"),
    "not found": Way("/redaksjon/finnes-ikke/", status=404),
    "no such article": Way(f"{CASE}/0123456789ab/", status=404),
}
"""Every page, and the ways that it can look. Those that need what others found come after them."""

NO_PAGES = {
    f"{CASE}/{{id}}/{path}": what
    for what, paths in {
        "events": ("kvittering/strom",),
        "JSON": ("stopp/naa", "vis/tilstand", "merke", "godkjenn/merke", "bilder/{name}"),
        "a frame with the mail, as in the inbox": ("godkjenn/epost", "vis/epost"),
        "a frame with a page of the site": ("vis/side", "vis/utskrift"),
    }.items()
    for path in paths
}
"""What is served besides, and what it is."""


def routes() -> list[Served]:
    """All that the newsroom serves, with notify's page for the addresses of staff."""
    app: Any = notify_pages.create(MagicMock(secret=b""))
    while not hasattr(app, "routes"):  # another stands before it
        app = app._app
    return [*newsroom_routes(), *app.routes]


def opens(page: Page, made: Filled, way: Way, lang: str) -> None:
    """Come to a page by its way, in a language."""
    cookies = [(LANGUAGE, lang)] + ([] if way.stranger else [(STAFF_COOKIES.session, made.admin)])
    page.context.clear_cookies(name=STAFF_COOKIES.session)
    page.context.add_cookies(
        [{"name": name, "value": value, "url": made.up.url} for name, value in cookies]
    )
    known = {"draft": made.draft, "invitation": made.invitation} | made.ids
    page.goto(way.path.format(**known))
    if way.act:
        way.act(page, made)
