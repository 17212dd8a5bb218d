"""Whatever is away, has ended or stands in the way: what was typed into a form is not lost."""

import html
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from redis.asyncio import Redis

from services.ingest import app, newsroom
from services.ingest.audit.trail import Trail
from services.ingest.desk.shape import FORM
from services.ingest.newsroom.app import Newsroom
from services.ingest.newsroom.kept_form import LABELS, label_of
from services.ingest.remarks.remark import new_secret
from services.ingest.remarks.store import Remarks
from services.ingest.subjects.store import Subjects
from shared.subject import Subject
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.desk.steps import FormFields, begin
from tests.ingest.newsroom.review.cases import form_of, person, waiting, writer
from tests.ingest.newsroom.steps import SITE, NewsroomBrowser, browser_of, newsroom_routes
from tests.ingest.staff_at_work import news
from tests.server import Valkey

SCRIPTS = {"/redaksjon/sak/{id}/lagre", "/redaksjon/lim-inn/docx"}
"""What only a script sends, which has the text still."""
FORMS = sorted({one.path for one in newsroom_routes() if "POST" in (one.methods or ())} - SCRIPTS)
TYPED = "Første linje: 2*500\n\n<b>Andre</b> & «tredje»"
_IDS = {"{id}": "0123456789ab", "{token}": "x" * 43, "{what}": "pause"}


class Kept(HTMLParser):
    """The fields on a page below its heading, and which of them have a label that is seen."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.labelled: set[str] = set()
        self.read_only: set[str] = set()
        self.action = ""
        self._labels: dict[str, str] = {}
        self._ids: dict[str, str] = {}
        self._area: str | None = None
        self.feed(page.partition("<main")[2])
        self.labelled = {self._ids[one] for one in self._labels if one in self._ids}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given.get("action", "")
        elif tag == "label":
            self._labels[given["for"]] = ""
        elif tag in ("input", "textarea"):
            name = given["name"]
            self.values[name] = given.get("value", "")
            if "id" in given:
                self._ids[given["id"]] = name
            if "readonly" in given:
                self.read_only.add(name)
            self._area = name if tag == "textarea" else None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            self.values[self._area] = self.values[self._area].removeprefix("\n")
            self._area = None


def leaves(shape: Any = FORM, path: str = "") -> list[str]:
    if isinstance(shape, str):
        return [path]
    inner = {"0": shape[0]} if isinstance(shape, list) else shape
    return [one for name in inner for one in leaves(inner[name], f"{path}.{name}".lstrip("."))]


def filled(path: str) -> tuple[str, dict[str, str]]:
    """An address of this route, and something typed in each of its fields."""
    for name, value in _IDS.items():
        path = path.replace(name, value)
    page = [part for part in path.split("/") if part and part not in _IDS.values()][-1]
    names = [*LABELS.get(page, {}), *(one for one in leaves() if label_of(page, one)), "annet"]
    return path, {name: f"{name}: {TYPED}" for name in names}


def is_there(answer: httpx.Response, fields: dict[str, str], path: str, *, copied: bool) -> None:
    """All of it is on the page: to be seen, and to be sent from there or else copied."""
    kept = Kept(answer.text)
    page = [part for part in path.split("/") if part and part not in _IDS.values()][-1]
    seen = {name for name in fields if label_of(page, name)}
    assert kept.labelled >= seen
    assert {name: kept.values[name] for name in seen} == {name: fields[name] for name in seen}
    assert kept.read_only == (seen if copied else set())
    if not copied:
        assert fields.items() <= kept.values.items()
        assert kept.action == path


@pytest.mark.parametrize("path", FORMS)
async def test_a_form_that_meets_no_store_or_no_session_or_anothers_keeps_what_was_typed(
    make_ingest: Any, path: str
) -> None:
    ingest: Ingest = await make_ingest(
        oidc_issuer="http://127.0.0.1:9", oidc_client_id="varsel", oidc_client_secret="x"
    )
    address, fields = filled(path)
    async with browser_of(ingest, await person(ingest, "Kari", "admin")) as kari:
        await kari.get("/redaksjon/meg/")
        token = form_of(kari, "/redaksjon/maal/")["skjema"]
        sent = fields | {"skjema": token}
        nowhere = app.create(ingest.settings, "unix:///nowhere").http.api.state.parts  # type: ignore[attr-defined]
        transport = httpx.ASGITransport(Newsroom(nowhere))
        async with httpx.AsyncClient(
            transport=transport, base_url=SITE, cookies=kari.http.cookies
        ) as http:
            away = await http.post(address, data=sent)
        assert away.status_code == 503
        assert "Noe er midlertidig galt hos oss." in away.text
        is_there(away, sent, address, copied=False)

        of_another = await kari.http.post(address, data=fields | {"skjema": "0" * 32})
        assert of_another.status_code in (403, 404)
        if of_another.status_code == 403 and not address.startswith("/redaksjon/inn/"):
            saves = address.endswith(("/skriv/", "/bilder"))
            is_there(of_another, fields, address, copied=not saves)

        kari.http.cookies.delete("__Host-varsel-staff")
        out = await kari.http.post(address, data=sent)
        if "Du er logget ut" in out.text:
            is_there(out, sent, address, copied=False)
        else:  # a page for those who are not logged in
            assert path.split("/")[2] in ("inn", "fag", "prov")

        elsewhere = {"Sec-Fetch-Site": "cross-site"}
        other = await kari.http.post(address, data=sent, headers=elsewhere)
        assert "tredje" not in other.text


def test_every_field_that_is_typed_in_has_a_name_under_which_it_is_shown_again() -> None:
    named = {name for fields in LABELS.values() for name in fields}
    for file in Path(newsroom.__path__[0]).glob("**/templates/*.html"):
        text = file.read_text()
        typed = re.findall(r'\{\{ (?:text|area)\("(\w+)"', text)
        typed += re.findall(r'<textarea [^>]*name="(\w+)"', text)
        typed += re.findall(r'<input [^>]*name="(\w+)" type="text"', text)
        for name in typed:
            assert name in named or label_of("skriv", name), (file.name, name)


@dataclass(frozen=True)
class Case:
    """A form that somebody has open, and what they type in it."""

    browser: NewsroomBrowser
    path: str
    fields: dict[str, str]
    shown: str
    """Where what was typed is seen once it is stored; empty if that is where the form leads."""
    hidden: dict[str, str] = field(default_factory=dict)


_Make = Callable[[Ingest, NewsroomBrowser], Awaitable[Case]]
SAID = "Nytt om Eksempelinib"


async def _opened(
    browser: NewsroomBrowser, path: str, shown: str, action: str = "", **fields: str
) -> Case:
    await browser.get(path)
    return Case(browser, path, fields, shown, form_of(browser, action or path))


async def _rejected(ingest: Ingest, ola: NewsroomBrowser) -> Case:
    sak = f"/redaksjon/sak/{await waiting(ingest)}/"
    return await _opened(ola, f"{sak}avvis/", sak, hvorfor=SAID)


async def _stopped(ingest: Ingest, ola: NewsroomBrowser) -> Case:
    sak = f"/redaksjon/sak/{await waiting(ingest)}/"
    return await _opened(ola, f"{sak}stopp/", f"{sak}stopp/", hvorfor=SAID)


async def _published(ingest: Ingest) -> str:
    answer = await (await writer(ingest)).new(news())
    assert answer.json()["status"] == "published"
    return f"/redaksjon/sak/{answer.json()['id']}/"


async def _withdrawn(ingest: Ingest, ola: NewsroomBrowser) -> Case:
    sak = await _published(ingest)
    return await _opened(ola, f"{sak}trekk/", f"{sak}historikk/", hvorfor=SAID, steg="trekk")


async def _corrected(ingest: Ingest, ola: NewsroomBrowser) -> Case:
    sak = await _published(ingest)
    more = {"slag": "correction", "steg": "skriv"}
    return await _opened(ola, f"{sak}rett/", f"{sak}skriv/", hva=SAID, **more)


async def _remarked(ingest: Ingest, ola: NewsroomBrowser) -> Case:
    article = await waiting(ingest)
    remarks = Remarks(ingest.redis, Trail(ingest.redis))
    life = await ingest.service.http.api.state.parts.articles.life(article)  # type: ignore[attr-defined]
    token = await remarks.make_link(article, 1, life.sha256, "Ola", new_secret())
    shown = f"/redaksjon/sak/{article}/fag/"
    path, more = f"/redaksjon/fag/{token}/", {"merknad": SAID, "navn": "Lise Lege"}
    return await _opened(ola, path, shown, "#merknader", **more)


async def _invited(_: Ingest, ola: NewsroomBrowser) -> Case:
    path = "/redaksjon/folk/inviter/"
    await ola.get("/redaksjon/folk/")
    fields = {"navn": SAID, "rolle": "editor"}
    return Case(ola, path, fields, "/redaksjon/folk/", form_of(ola, path))


async def _with_token(ola: NewsroomBrowser, path: str, shown: str, **fields: str) -> Case:
    """Of a form that is sent to its own address."""
    page = (await ola.get(path)).text.partition("<main")[2]
    hidden = re.findall(r'<input type="hidden" name="(skjema|sett)" value="([^"]*)">', page)
    return Case(ola, path, fields, shown, {name: html.unescape(one) for name, one in hidden})


async def _new_subject(_: Ingest, ola: NewsroomBrowser) -> Case:
    texts = dict.fromkeys(LABELS["nytt"], "")
    path = "/redaksjon/emner/nytt/"
    return await _with_token(ola, path, "/redaksjon/emner/", **texts | {"name": SAID})


async def _subject(ingest: Ingest, ola: NewsroomBrowser) -> Case:
    await Subjects(ingest.redis).put(Subject(id="gikt", name="Gikt"), "Ola")
    texts = dict.fromkeys(LABELS["emner"], "")
    path = "/redaksjon/emner/gikt/"
    return await _with_token(ola, path, path, **texts | {"name": SAID})


async def _site(_: Ingest, ola: NewsroomBrowser) -> Case:
    texts = dict.fromkeys(LABELS["nettstedet"], "")
    path = "/redaksjon/nettstedet/"
    return await _with_token(ola, path, path, **texts | {"name": SAID})


async def _written(_: Ingest, ola: NewsroomBrowser) -> Case:
    sak = await begin(ola)
    fields = FormFields(ola.page).dict()
    return Case(ola, f"{sak}skriv/", fields | {"title": SAID, "knapp": "lagre"}, f"{sak}skriv/")


async def _pictured(ingest: Ingest, ola: NewsroomBrowser) -> Case:
    case = await _written(ingest, ola)
    return Case(ola, case.path.replace("skriv/", "bilder"), case.fields, case.shown)


async def _begun(_: Ingest, ola: NewsroomBrowser) -> Case:
    case = await _with_token(ola, "/redaksjon/ny/", "", given=SAID)
    return replace(case, fields=case.fields | {"hva": "varsel"})


CASES: dict[str, _Make] = {
    "avvis": _rejected,
    "bilder": _pictured,
    "emner": _subject,
    "fag": _remarked,
    "inviter": _invited,
    "nettstedet": _site,
    "ny": _begun,
    "nytt": _new_subject,
    "rett": _corrected,
    "skriv": _written,
    "stopp": _stopped,
    "trekk": _withdrawn,
}


@pytest.fixture
async def redis_url(own_server: Valkey) -> str:
    return own_server.url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


def test_each_form_in_which_texts_are_typed_is_among_the_cases() -> None:
    assert CASES.keys() == LABELS.keys()


@pytest.mark.parametrize("page", CASES)
async def test_a_store_that_is_killed_while_the_form_comes_in_costs_nothing_of_it(
    make_ingest: Any, own_server: Valkey, page: str
) -> None:
    ingest: Ingest = await make_ingest(alert_approvals=1, alert_hold=60)
    async with browser_of(ingest, await person(ingest, "Ola", "admin")) as ola:
        case = await CASES[page](ingest, ola)

        async def body() -> AsyncIterator[bytes]:
            own_server.kill()
            yield urlencode(case.hidden | case.fields).encode()

        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        away = await ola.http.post(case.path, content=body(), headers=kind)
        assert away.status_code == 503, away.text
        kept = Kept(away.text)
        texts = {name for name in case.fields if label_of(page, name)}
        assert kept.labelled >= texts
        own_server.start()
        again = await ola.http.post(kept.action, data=kept.values, follow_redirects=True)
        assert again.status_code == 200, again.text
        page = await ola.get(case.shown) if case.shown else again
        assert SAID in page.text
