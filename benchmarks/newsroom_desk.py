"""A newsroom in which others have worked, served on a socket, and people with browsers. Each
request of theirs is a figure."""

import asyncio
import json
import re
import socket
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import uvicorn

from benchmarks.world import World
from services.ingest.app import create
from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.ingest.newsroom.visit import key_of
from services.ingest.people.keys import create_key
from services.ingest.people.store import People
from services.ingest.pictures.make_pictures import MakePictures
from services.ingest.receipts.previews import page_previewed
from services.ingest.receipts.store import page_seen, status_seen
from shared.bus.streams import create_topology
from shared.bus.users import as_user
from shared.event_data import DeliveryStatus
from shared.events import ArticleSubmitted, from_fields
from shared.service import Service
from shared.visitors.cookies import STAFF_COOKIES
from shared.visitors.sessions import STAFF_SESSIONS, Sessions
from tests import make
from tests.ingest.newsroom.steps import newsroom_routes
from tests.mail_known import mail_known
from tests.proof.browser import OpenPage, PageForm

LONG = 189_000
PEOPLE = (("Kari Eksempel", "editor"), ("Anne Eksempel", "admin"))
REAL = Path(__file__).parents[1] / "../shared/articles/jak-hemmere.md"
_API = "/api/articles"
_USUAL = "\n\n".join(
    f"Avsnitt {n} sier noe om medisinen og om hva du kan gjøre." for n in range(80)
)
_BODIES = {"usual": _USUAL, "long": (_USUAL + "\n\n") * (LONG // len(_USUAL))}
SIZES = ("usual", "long", *(["real"] if REAL.exists() else []))

_BUTTONS = ("knapp", "steg")
"""Fields that say which of a form's buttons was pressed."""

Took = tuple[float, float]
"""Milliseconds by the clock, and of this process's processor time."""


@dataclass
class Desk:
    """The newsroom, and people in it."""

    redis: Any
    site: str
    """As people know it."""
    address: str
    api: httpx.AsyncClient
    """Of whoever sets up what is measured."""
    quick: httpx.AsyncClient
    """The same where an alert needs no approval and is out at once."""
    keys: dict[str, str]
    http: dict[str, httpx.AsyncClient]
    """The browsers, by first name."""
    size: str = ""
    """Of the article that is worked on."""
    figures: dict[str, list[Took]] = field(default_factory=lambda: defaultdict(list))
    """Of each request of a browser, by what it asks."""
    asked: set[tuple[str, str]] = field(default_factory=set)
    """The methods and routes that were asked for."""

    def browser(self, who: str) -> httpx.AsyncClient:
        """A new browser of somebody, in which nobody is logged in."""
        self.http[who] = httpx.AsyncClient(base_url=self.address, timeout=60)
        return self.http[who]

    async def page(self, who: str, path: str) -> OpenPage:
        answer = await self._timed(who, "GET", path)
        return OpenPage.of(path, answer.status_code, answer.text)

    async def send(self, who: str, form: PageForm, **headers: str) -> OpenPage:
        """Send a form; gives the page that answers, or where that leads, which is not opened."""
        fields: dict[str, list[str]] = {}
        for name, value in form.fields:
            fields.setdefault(name, []).append(value)
        answer = await self._timed(who, "POST", form.action, data=fields, headers=headers)
        path = answer.headers.get("location", form.action)
        return OpenPage.of(path, answer.status_code, answer.text)

    async def upload(
        self, who: str, path: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]]
    ) -> dict[str, str]:
        """Send files as a script does; gives what it is told."""
        headers = {"Accept": "application/json"}
        answer = await self._timed(who, "POST", path, data=fields, files=files, headers=headers)
        told = answer.headers.get("content-type") == "application/json"
        return dict(answer.json()) if told else {}

    async def _timed(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        clock, processor = perf_counter(), process_time()
        answer = await self.http[who].request(method, path, **more)
        took = (perf_counter() - clock) * 1000, (process_time() - processor) * 1000
        assert answer.status_code < 400, (path, answer.status_code, answer.text[-1500:])
        bare = urlsplit(path)
        route = next(
            one.path
            for one in newsroom_routes()
            if one.path_regex.fullmatch(bare.path) and method in (one.methods or ())
        )
        self.asked.add((method, route))
        pressed = [
            f"{name}={more['data'][name][0]}" for name in _BUTTONS if more.get("data", {}).get(name)
        ]
        asks = sorted(parse_qs(bare.query, keep_blank_values=True)) + pressed
        shown = f"{method} {route}" + "".join(f" {one}" for one in asks)
        self.figures[f"{shown} ({self.size})" if "{id}" in route and self.size else shown].append(
            took
        )
        return answer

    # What is set up, and not measured

    async def draft(self, size: str, title: str) -> str:
        """A new draft of Kari's; gives its id."""
        content, kind = _content(size, title, draft=True)
        headers = self._as("Kari") | {"Content-Type": kind}
        answer = await self.api.post(_API, content=content, headers=headers)
        assert answer.status_code < 300, answer.text
        return str(answer.json()["id"])

    async def published(self, size: str, title: str) -> str:
        """One that is out, and of whose mails 4 of 10 are sent."""
        content, kind = _content(size, title, draft=False)
        answer = await self.quick.post(
            _API, content=content, headers=self._as("Kari") | {"Content-Type": kind}
        )
        assert answer.json()["status"] == "published", answer.text
        article = str(answer.json()["id"])
        status = DeliveryStatus(
            delivery=f"{article}.1", article=article, revision=1, state="sending", audience=10,
            handed_over=4, failed=0, suppressed=0, open=6, sequence=1,
        )  # fmt: skip
        for effects in (page_seen(article, 1, live=True), status_seen(status, [])):
            for op in effects.ops:
                await self.redis.execute_command(*op)
        return article

    async def previewed(self, article: str) -> None:
        """As if render and notify had told what page and mail it would be."""
        newest = None
        for _, fields in await self.redis.xrevrange("articles", count=50):
            event = from_fields(fields)
            if isinstance(event, ArticleSubmitted) and event.subject == article:
                newest = event
                break
        assert newest
        for op in page_previewed(newest.data).ops:
            await self.redis.execute_command(*op)
        await mail_known(self.redis, article)

    def _as(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[who]}"}


def _content(size: str, title: str, *, draft: bool) -> tuple[bytes, str]:
    """An alert as the API takes it, and its media type."""
    if size == "real":
        said = f"---\ndraft: {str(draft).lower()}\n"
        whole = REAL.read_text().replace("---\n", said, 1)
        whole = re.sub("^title: .*$", f"title: {title}", whole, count=1, flags=re.MULTILINE)
        # Its pictures stand beside it.
        return re.sub(r"^!\[.*$", "", whole, flags=re.MULTILINE).encode(), "text/markdown"
    alert = make.alert(title=title, body=_BODIES[size]).model_dump(mode="json", exclude_none=True)
    return json.dumps(alert | {"draft": draft}).encode(), "application/json"


@asynccontextmanager
async def desk(
    around: World, site: socket.socket, *, articles: int, entries: int
) -> AsyncIterator[Desk]:
    """A newsroom with so many articles and entries of its trail; `site` listens."""
    await create_topology(around.redis)
    keys = {name.split()[0]: await create_key(around.redis, name, role) for name, role in PEOPLE}
    service = create(around.settings, as_user(around.redis_url, "ingest"))
    for step in service.open:
        await step()
    address = f"http://127.0.0.1:{site.getsockname()[1]}"
    rules = {"alert_approvals": 0, "alert_hold": 0.0}
    other = create(around.settings.model_copy(update=rules), as_user(around.redis_url, "ingest"))
    transport = httpx.ASGITransport(other.http)
    async with (
        _served(service, site),
        httpx.AsyncClient(base_url=address, timeout=60) as api,
        httpx.AsyncClient(transport=transport, base_url=address) as quick,
    ):
        mine = Desk(around.redis, around.settings.site, address, api, quick, keys, {})
        for number in range(articles):
            await mine.draft("usual", f"Sak {number}")
        trail = Trail(around.redis)
        while (missing := entries - (await trail.head()).number) > 0:
            await trail.append([TrailAction("Kari Eksempel", "saved")] * min(500, missing))
        sessions = Sessions(around.redis, STAFF_SESSIONS, await key_of(around.redis))
        for name, _ in PEOPLE:
            person = await People(around.redis).named(name)
            assert person
            session = await sessions.begin(person.id)
            browser = mine.browser(name.split()[0])
            browser.cookies.set(STAFF_COOKIES.session, session.id, domain="127.0.0.1")
        yield mine
        for browser in mine.http.values():
            await browser.aclose()
    for one in (service, other):
        await one.bus.redis.aclose()
        for close in one.close:
            await close()


@asynccontextmanager
async def _served(service: Service, site: socket.socket) -> AsyncIterator[None]:
    config = uvicorn.Config(service.http, log_level="error", lifespan="off", access_log=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[site]))
    (make,) = (one for one in service.loops if isinstance(one, MakePictures))
    making = asyncio.create_task(make())
    yield
    making.cancel()
    server.should_exit = True
    await serving
