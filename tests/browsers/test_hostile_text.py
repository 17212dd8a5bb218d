"""Markup in any text that somebody types comes out as text: on pages, in lists, feeds and mails.

Pages are opened without their policy: it is the page itself that must be harmless.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from lxml import etree
from playwright.sync_api import Browser, Dialog, Page

from shared.article import Article
from tests.browsers.attacks import (
    ATTACKS,
    IN_BODY,
    SITE_NAME,
    Path,
    body,
    fields,
    marked,
    text_fields,
)
from tests.browsers.visit import Visits
from tests.browsers.world import World
from tests.render.reading import plain
from tests.system.running import REPO, Up

pytestmark = pytest.mark.browsers

FIELDS = [at for at in text_fields(Article) if at != ("body",)]
# What a harmless page of ours never has. Frames, bases and pictures of our own are let through.
_FOREIGN = """() => [...document.querySelectorAll("*")].filter(element =>
    [...element.attributes].some(attribute => attribute.name.startsWith("on"))
    || element.matches(`script:not([type="application/ld+json"]), svg, math, object, embed,
        textarea, noscript, template, [srcdoc],
        body style, body link, body meta, meta[http-equiv], [autofocus], base[href],
        img:not([src^="/assets/"]), iframe:not([src^="/inbox/"])`)
    || (element.href && !/^(https?|mailto|tel):/.test(element.href))
).map(element => element.outerHTML.slice(0, 200))"""
_DATA = """() => [...document.scripts].map(script => JSON.parse(script.textContent))"""
"""What the page says to programs; an error where it is no JSON."""
_ALL_TEXT = """() => [document.title, document.body.innerText,
    ...[...document.querySelectorAll("a")].map(link => link.getAttribute("href")),
    ...[...document.images].map(image => image.alt)].join("\\n")"""


@dataclass
class Posted:
    """What became of one attack."""

    attack: str
    values: dict[Path, str]
    """The fields that took it, with what they took."""
    raw_body: bool = True
    """The body took it as it was, too."""
    id: str = ""
    path: str = ""
    refused: list[str] = field(default_factory=list)


@dataclass
class Attacked:
    world: World
    posted: list[Posted]
    names: int
    """Members whose names are attacks."""


@pytest.fixture(scope="module")
def attacked() -> Iterator[Attacked]:
    with Up(VARSEL_SITE_NAME=SITE_NAME) as up:
        world = World(up.start())
        report = world.import_members(
            *((f"a{number}@example.org", attack) for number, attack in enumerate(ATTACKS))
        )
        picture = _picture(world)
        posted = [_post(world, attack, picture) for attack in ATTACKS]
        for one in posted:
            world.settled(one.id)
        yield Attacked(world, posted, report["taken"])


@pytest.fixture(scope="module")
def attacked_visits(attacked: Attacked, browser: Browser) -> Visits:
    return Visits(browser, attacked.world, {})


def _picture(world: World) -> str:
    picture = (REPO / "varsel/demo_data/brev.jpg").read_bytes()
    answer = world.http.post("/api/assets", files={"file": ("brev.jpg", picture, "image/jpeg")})
    return str(answer.json()["name"])


def _post(world: World, attack: str, picture: str) -> Posted:
    """Publish an alert with the attack in every field that takes it."""
    posted = Posted(attack, {at: marked(attack, at) for at in FIELDS})
    while True:
        text = body(attack).replace("PICTURE", picture)
        text = f"{attack}\n\n{text}" if posted.raw_body else text
        answer = world.http.post("/api/articles", json=fields(posted.values | {("body",): text}))
        if answer.status_code == 201:
            break
        assert answer.status_code == 422, answer.text
        for name in {error["field"] for error in answer.json()["errors"]}:
            posted.refused.append(name)
            if name == "body":
                assert posted.raw_body, answer.text
                posted.raw_body = False
            else:
                del posted.values[tuple(int(s) if s.isdigit() else s for s in name.split("."))]
    posted.id = answer.json()["id"]
    posted.path = answer.json()["url"].removeprefix(world.up.url)
    return posted


@contextmanager
def _nothing_runs(page: Page) -> Iterator[None]:
    """AssertionError where an attack opened its dialog."""
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    yield
    page.remove_listener("dialog", note)
    assert dialogs == []


def _harmless_text(page: Page, path: str) -> str:
    """Open a page on which nothing may run or be foreign; all its text."""
    with _nothing_runs(page):
        page.goto(path)
        assert page.evaluate(_FOREIGN) == []
        page.evaluate(_DATA)
        text = plain(page.evaluate(_ALL_TEXT))
    assert SITE_NAME in text or path.startswith("/inbox/")
    return text


def test_every_text_field_takes_some_attacks_and_refuses_only_what_it_may(
    attacked: Attacked,
) -> None:
    taken = Counter(at for posted in attacked.posted for at in posted.values)
    urls = {at for at in FIELDS if at[-1] in ("url", "patient", "health_personnel")}
    codes = {at for at in FIELDS if at[-1] == "code"}
    refusing = {at for at in FIELDS if taken[at] < len(ATTACKS)}
    ids = {("translation_of",)}
    assert refusing == urls | codes | ids, "only addresses, codes and ids may refuse"
    assert {taken[at] for at in urls} == {2}
    assert {taken[at] for at in codes | ids} == {0}
    raw = [posted.attack for posted in attacked.posted if posted.raw_body]
    assert [a for a in raw if a.startswith("<")] == [], "raw HTML is refused in a body"
    assert len(raw) > 4
    assert attacked.names == len(ATTACKS)


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=ATTACKS)
def test_an_attack_is_text_on_its_page(
    attacked: Attacked, attacked_visits: Visits, number: int
) -> None:
    posted = attacked.posted[number]
    with attacked_visits.tab(bypass_csp=True) as page:
        text = _harmless_text(page, posted.path)
        assert [value for value in posted.values.values() if value not in text] == []
        shown = plain(page.locator(".body").inner_text())
        assert shown.count(posted.attack) >= IN_BODY
        alts = page.evaluate("[...document.images].map(image => image.alt)")
        assert alts == [posted.attack, posted.attack]
        assert page.locator(".body a[title]").get_attribute("title") == posted.attack


@pytest.mark.parametrize("number", range(len(ATTACKS)), ids=ATTACKS)
def test_an_attack_is_text_in_its_mail_and_in_the_inbox(
    attacked: Attacked, attacked_visits: Visits, number: int
) -> None:
    """Of each article, the mail to the member who is called the same."""
    posted, world = attacked.posted[number], attacked.world
    title = posted.values["title",]
    mail = next(
        mail
        for mail in world.mails()
        if title in mail["subject"] and f"<a{number}@example.org>" in mail["to"]
    )
    with attacked_visits.tab(bypass_csp=True) as page:
        text = _harmless_text(page, f"/inbox/{mail['id']}/html")
        mailed = {
            at: v
            for at, v in posted.values.items()
            if at[0] in ("title", "alert", "sources") and at[-1] != "reference"
        }
        assert [value for value in mailed.values() if value not in text] == []
        assert SITE_NAME in text
        text = _harmless_text(page, f"/inbox/{mail['id']}")
        assert title in text
        assert posted.attack in text.replace("\\", ""), "the name, perhaps quoted (RFC 5322)"


def test_attacks_are_text_in_every_list(attacked: Attacked, attacked_visits: Visits) -> None:
    titles = [posted.values["title",] for posted in attacked.posted]
    with attacked_visits.tab(bypass_csp=True) as page:
        everything = "".join(
            _harmless_text(page, path) for path in ("/", "/nyheter/", "/nyheter/side/1/")
        )
        assert [title for title in titles if title not in everything] == []
        newest = _harmless_text(page, "/inbox/")
        assert titles[-1] in newest
        assert ATTACKS[0] in newest, "the name of a member"


def test_attacks_are_text_where_one_unsubscribes(
    attacked: Attacked, attacked_visits: Visits
) -> None:
    with attacked_visits.tab(bypass_csp=True) as page:
        _harmless_text(page, attacked.world.unsubscribe_path("a0@example.org"))
        _harmless_text(page, "/member/unsubscribe/ukjent")
        _harmless_text(page, "/nyheter/finnes-ikke/")


def test_attacks_are_text_in_the_feeds(attacked: Attacked, attacked_visits: Visits) -> None:
    http = attacked.world.http
    atom = etree.fromstring(http.get("/feed.atom").content)
    names = {"a": "http://www.w3.org/2005/Atom"}
    items = json.loads(http.get("/feed.json").text)["items"]
    for at, path, member in (("title", "title", "title"), ("lead", "summary", "content_text")):
        typed = {posted.values[at,] for posted in attacked.posted}
        assert {str(e.text) for e in atom.findall(f"a:entry/a:{path}", names)} == typed
        assert {item[member] for item in items} == typed
    assert atom.findtext("a:title", namespaces=names) == SITE_NAME
    caps = [http.get(f"/varsler/{posted.id}/1.cap.xml").content for posted in attacked.posted]
    messages = [etree.fromstring(cap) for cap in caps]
    assert {m.findtext("{*}info/{*}senderName") for m in messages} == {SITE_NAME}
    for message, posted in zip(messages, attacked.posted, strict=True):
        text = "\n".join(str(part) for part in message.itertext())
        told = ("title", "what_happened", "who_is_affected", "text", "batches")
        values = [v for at, v in posted.values.items() if set(told) & set(at)]
        assert [value for value in values if value not in text] == []
    with attacked_visits.tab(bypass_csp=True) as page, _nothing_runs(page):
        page.goto("/feed.atom")
        assert "urn:uuid:" in page.locator("body").inner_text(), "it is shown, and not saved"
