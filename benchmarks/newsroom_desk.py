"""A newsroom in which others have worked, served on a socket, and two people with browsers."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import httpx
import uvicorn

from benchmarks.world import World
from services.ingest.app import create
from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.ingest.newsroom.visit import key_of
from services.ingest.people.keys import create_key
from services.ingest.people.store import People
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
from tests.mail_known import mail_known
from tests.proof.browser import OpenPage, PageForm

ARTICLES, ENTRIES, LONG = 200, 10_000, 189_000
PEOPLE = (("Kari Eksempel", "editor"), ("Anne Eksempel", "admin"))
REAL = Path(__file__).parents[1] / "../shared/articles/jak-hemmere.md"
_API = "/api/articles"
_USUAL = "\n\n".join(
    f"Avsnitt {n} sier noe om medisinen og om hva du kan gjøre." for n in range(80)
)
_BODIES = {"usual": _USUAL, "long": (_USUAL + "\n\n") * (LONG // len(_USUAL))}
SIZES = ("usual", "long", *(["real"] if REAL.exists() else []))

Took = tuple[float, float]
"""Milliseconds by the clock, and of this process's processor time."""


@dataclass
class Desk:
    """The newsroom, and two people in it."""

    redis: Any
    api: httpx.AsyncClient
    """Of whoever sets up what is measured."""
    quick: httpx.AsyncClient
    """The same where an alert needs no approval and is out at once."""
    keys: dict[str, str]
    http: dict[str, httpx.AsyncClient]
    """The browsers of both, by first name."""

    async def ask(self, who: str, path: str) -> tuple[Took, OpenPage]:
        took, answer = await self._timed(who, "GET", path)
        return took, OpenPage.of(path, answer.status_code, answer.text)

    async def page(self, who: str, path: str) -> OpenPage:
        return (await self.ask(who, path))[1]

    async def send(self, who: str, form: PageForm, **headers: str) -> Took:
        return (await self.sent(who, form, **headers))[0]

    async def sent(self, who: str, form: PageForm, **headers: str) -> tuple[Took, httpx.Response]:
        fields: dict[str, list[str]] = {}
        for name, value in form.fields:
            fields.setdefault(name, []).append(value)
        return await self._timed(who, "POST", form.action, data=fields, headers=headers)

    async def upload(self, who: str, path: str, token: str, name: str, content: bytes) -> Took:
        """Send a file as a script does."""
        took, _ = await self._timed(
            who,
            "POST",
            path,
            data={"skjema": token},
            files={"fil": (name, content)},
            headers={"Accept": "application/json"},
        )
        return took

    async def _timed(
        self, who: str, method: str, path: str, **more: Any
    ) -> tuple[Took, httpx.Response]:
        clock, processor = perf_counter(), process_time()
        answer = await self.http[who].request(method, path, **more)
        took = (perf_counter() - clock) * 1000, (process_time() - processor) * 1000
        assert answer.status_code < 400, (path, answer.status_code, answer.text[-1500:])
        return took, answer

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
async def desk(around: World, site: socket.socket) -> AsyncIterator[Desk]:
    """A newsroom with articles and a long trail, served at `site`, which listens."""
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
        mine = Desk(around.redis, api, quick, keys, {})
        for number in range(ARTICLES):
            await mine.draft("usual", f"Sak {number}")
        trail = Trail(around.redis)
        while (missing := ENTRIES - (await trail.head()).number) > 0:
            await trail.append([TrailAction("Kari Eksempel", "saved")] * min(500, missing))
        sessions = Sessions(around.redis, STAFF_SESSIONS, await key_of(around.redis))
        for name, _ in PEOPLE:
            person = await People(around.redis).named(name)
            assert person
            session = await sessions.begin(person.id)
            browser = httpx.AsyncClient(base_url=address, timeout=60)
            browser.cookies.set(STAFF_COOKIES.session, session.id, domain="127.0.0.1")
            mine.http[name.split()[0]] = browser
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
    yield
    server.should_exit = True
    await serving
