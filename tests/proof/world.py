"""The three services in one process, with nothing that happens by itself: a test hands each event
to its handler, takes each step, and lets a service die at whichever command to Redis it likes.

All else is real: a Valkey, behind a proxy for each service; the site over HTTP; a relay.
"""

import asyncio
import json
import re
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, cast
from urllib.parse import urlsplit

import httpx
import uvicorn
from redis.asyncio import Redis
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from services.ingest import app as ingest_app
from services.ingest.lifecycle.publish_due import PublishDue
from services.ingest.newsroom.visit import key_of
from services.ingest.people.keys import create_key
from services.ingest.people.person import Person
from services.ingest.people.store import People
from services.notify import app as notify_app
from services.notify.members import store as members
from services.notify.members.member import Member
from services.notify.members.store import Members
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from services.render import app as render_app
from shared.bus.streams import create_topology
from shared.bus.users import as_user
from shared.service import Service
from shared.topology import TOPOLOGY
from shared.visitors.cookies import STAFF_COOKIES
from shared.visitors.sessions import STAFF_SESSIONS, Sessions
from tests.chaos.proxy import Moment, RedisProxy, Streams
from tests.chaos.resp import Kinds
from tests.make import settings
from tests.notify.relay_server import Relay
from tests.server import free_port

T = TypeVar("T")
Raw = tuple[str, dict[bytes, bytes]]
"""An entry: its id and its fields."""
Place = tuple[str, str]
"""A stream, and the group that reads it."""
Death = tuple[int, Moment] | None
"""At which of the commands to Redis that a service sends it dies, before or after it is done."""
SERVICES = Path(ingest_app.__file__).parents[1]
_CREATE: dict[str, Callable[..., Service]] = {
    "ingest": ingest_app.create,
    "render": render_app.create,
    "notify": notify_app.create,
}
_META = re.compile(r'<meta name="varsel-(revision|withdrawn)" content="([^"]+)"')
_CONNECTING = ("HELLO", "AUTH", "CLIENT")
_LONG = 30.0
"""Seconds after which a handler hangs."""
_KINDS = Kinds()
_RAM = Path("/dev/shm")
SITE = "http://varsel.example.org"


class Shown(NamedTuple):
    """What a page says of itself; 0 where it says nothing."""

    revision: int
    sha256: str
    withdrawn: int
    """The revision at which it was withdrawn."""


def _shown(html: str) -> Shown:
    said = {name: content.split("/") for name, content in _META.findall(html)}
    _, revision, sha256 = said.get("revision", ["", "0", ""])
    _, withdrawn = said.get("withdrawn", ["", "0"])
    return Shown(int(revision), sha256, int(withdrawn))


class Life:
    """One run of one service."""

    def __init__(self, name: str, socket: Path) -> None:
        self.name = name
        self.died = asyncio.Event()
        self._socket = socket
        self._dies: Death = None
        self._proxy = RedisProxy(self._connect, self._watch, _KINDS)
        self.service: Service

    async def start(self, config: Any) -> None:
        await self._proxy.start()
        url = as_user(f"redis://127.0.0.1:{self._proxy.port}", self.name)
        self.service = _CREATE[self.name](config, url)
        for step in self.service.open:
            await step()

    def handler(self, stream: str) -> Callable[[Raw], Awaitable[None]]:
        """What the bus does with an entry of `stream`: the handler, and what becomes of it."""
        [consumer] = [c for c in self.service.bus._consumers if c.stream == stream]
        [call] = consumer.readers[0]._subscriber.calls
        return cast("Callable[[Raw], Awaitable[None]]", call.handler._original_call)

    async def does(self, work: Coroutine[Any, Any, T], dies: Death) -> T | None:
        """What the work gives; none where the service died of it."""
        self._dies = dies
        task = asyncio.create_task(work)
        death = asyncio.create_task(self.died.wait())
        await asyncio.wait({task, death}, timeout=_LONG, return_when=asyncio.FIRST_COMPLETED)
        death.cancel()
        self._dies = None
        if self.died.is_set():
            task.cancel()
            return None
        assert task.done(), f"{self.name} hangs: {task}"
        return task.result()

    async def end(self) -> None:
        """At once, as a kill does: nothing reaches Redis any more, and no task goes on."""
        self.died.set()
        await self._proxy.stop()
        self.service.bus._stopping = True
        own = [task for task in asyncio.all_tasks() if self._is_own(task)]
        for task in own:
            task.cancel()
        if own:
            await asyncio.wait(own, timeout=0.05)

    def _is_own(self, task: asyncio.Task[Any]) -> bool:
        code = getattr(task.get_coro(), "cr_code", None)
        return bool(code) and str(SERVICES / self.name) in code.co_filename

    async def _connect(self) -> Streams:
        return await asyncio.open_unix_connection(str(self._socket))

    def _watch(self, kind: str, moment: Moment) -> bool:
        if self.died.is_set():
            return True
        if self._dies and self._dies[1] == moment and not kind.startswith(_CONNECTING):
            self._dies = (self._dies[0] - 1, moment)
            if not self._dies[0]:
                self.died.set()
                return True
        return False


class World:
    """`url` and `socket` are of a Valkey, which it empties."""

    def __init__(self, url: str, socket: Path) -> None:
        self.redis = Redis.from_url(url)
        self.relay = Watched(self)
        self.lives: dict[str, Life] = {}
        self.waiting: dict[Place, list[Raw]] = defaultdict(list)
        """Entries that are not settled."""
        self.settled: dict[Place, list[Raw]] = defaultdict(list)
        self.paths: dict[str, str] = {}
        """Where each article's page is."""
        self._socket = socket
        self._folder = Path(tempfile.mkdtemp(prefix="vp-", dir=_RAM if _RAM.exists() else None))
        self._site: uvicorn.Server | None = None
        self._site_task: asyncio.Task[None] | None = None
        self._keys: dict[tuple[str, str], str] = {}
        self._browsers: dict[tuple[str, str], httpx.Cookies] = {}
        """The cookies in each person's browser."""
        self._old: dict[str, str] | None = None
        """By path, pages that are shown instead of those that there are."""

    async def start(self, **overrides: Any) -> None:
        await self.redis.flushall()
        await create_topology(self.redis)
        await self.relay.start()
        port = free_port()
        config = uvicorn.Config(
            self._serve, port=port, log_level="error", lifespan="off", interface="asgi3"
        )
        self._site = uvicorn.Server(config)
        self._site_task = asyncio.create_task(self._site._serve())
        self._settings = settings(
            data=self._folder,
            site_url=SITE,
            site_probe=f"127.0.0.1:{port}",
            site_check_url=f"http://127.0.0.1:{port}",
            smtp_url=f"smtp://127.0.0.1:{self.relay.port}?connections=4",
            mail_from="varsel@example.org",
            secret_key="s" * 32,
            **overrides,
        )
        for name in _CREATE:
            await self._begin(name)

    async def stop(self) -> None:
        for life in self.lives.values():
            await life.end()
        await self.relay.stop()
        if self._site and self._site_task:
            self._site.should_exit = True
            await self._site_task
        await self.redis.aclose()
        shutil.rmtree(self._folder, ignore_errors=True)

    async def _begin(self, name: str) -> None:
        self.lives[name] = Life(name, self._socket)
        await self.lives[name].start(self._settings)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self.lives["render"].service.http
        if self._old is not None and scope["path"].startswith("/nyheter/"):
            html = self._old.get(scope["path"], "")
            app = HTMLResponse(html, status_code=200 if html else 404)
        await app(scope, receive, send)

    def site_lags(self, lags: bool) -> None:
        """Until told otherwise the site shows pages as they are now, as a cache may do."""
        self._old = {path: self._read(path) for path in self.paths.values()} if lags else None

    def _read(self, path: str) -> str:
        with suppress(OSError):
            return (self._settings.site_folder / path.strip("/") / "index.html").read_text()
        return ""

    async def _does(self, name: str, work: Coroutine[Any, Any, T], dies: Death) -> T | None:
        found = await self.lives[name].does(work, dies)
        if self.lives[name].died.is_set():
            await self.lives[name].end()
            if name == "notify":
                self.relay.drop()
                for lease in await self.redis.keys("notify:lease:*"):
                    await self.redis.delete(lease)  # as when its seconds have gone by
            await self._begin(name)
        return found

    # What people do

    async def ask(
        self,
        who: tuple[str, str],
        method: str,
        path: str,
        *,
        dies: Death = None,
        **more: Any,
    ) -> httpx.Response | None:
        """The answer that a person (name and role) gets of ingest; none where it died."""
        headers = {"Authorization": f"Bearer {await self._key(who)}"} | more.pop("headers", {})
        transport = httpx.ASGITransport(self.lives["ingest"].service.http)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
            request = http.request(method, f"/api/articles{path}", headers=headers, **more)
            return await self._does("ingest", request, dies)

    async def visit(
        self, who: tuple[str, str], method: str, path: str, *, dies: Death = None, **more: Any
    ) -> httpx.Response | None:
        """The answer that a person's browser gets of the newsroom, in which they are logged in if
        they have a role; redirects are theirs to follow. None where ingest died."""
        cookies = self._browsers.get(who) or await self._logged_in(who)
        transport = httpx.ASGITransport(self.lives["ingest"].service.http)
        async with httpx.AsyncClient(transport=transport, base_url=SITE, cookies=cookies) as http:
            answer = await self._does("ingest", http.request(method, path, **more), dies)
            self._browsers[who] = http.cookies
        return answer

    async def _logged_in(self, who: tuple[str, str]) -> httpx.Cookies:
        cookies = httpx.Cookies()
        if who[1]:
            await self._key(who)
            await self._begin_session(who, cookies)
        return cookies

    async def _begin_session(self, who: tuple[str, str], cookies: httpx.Cookies) -> None:
        sessions = Sessions(self.redis, STAFF_SESSIONS, await key_of(self.redis))
        session = await sessions.begin((await self.person(who)).id)
        cookies.set(STAFF_COOKIES.session, session.id, domain=urlsplit(SITE).hostname or "")

    async def person(self, who: tuple[str, str]) -> Person:
        """Who of the staff this is."""
        person = await People(self.redis).named(who[0])
        assert person
        return person

    async def logs_in_again(self, who: tuple[str, str]) -> None:
        """In the browser that they have."""
        await self._begin_session(who, self._browsers[who])

    async def _key(self, who: tuple[str, str]) -> str:
        """Of the API; whoever has none yet is added to the staff with it."""
        if who not in self._keys:
            self._keys[who] = await create_key(self.redis, *who)
        return self._keys[who]

    async def join(self, email: str) -> int:
        """The new member's number."""
        found = await keys.load(self.redis, secret_key(self._settings))
        those = Members(self.redis, Vault(found.vault, found.index))
        last = await those.last()
        assert await those.add([Member(email, "Kåre Eksempel", "nb", "consent")], after=last)
        return last + 1

    async def leave(self, number: int) -> None:
        await members.leave(self.redis, number)

    async def look_at_the_clock(self, article: str, *, dies: Death = None) -> None:
        """What ingest does for an article that may be due."""
        [publish] = [p for p in self.lives["ingest"].service.loops if isinstance(p, PublishDue)]
        await self._does("ingest", publish.publish(article), dies)

    # Events

    async def fetch(self) -> list[Place]:
        """The places where entries wait, with whatever is new."""
        for stream, its in TOPOLOGY.items():
            for group in its.groups:
                found = await self.redis.xreadgroup(group, f"{group}-1", {stream: ">"}, count=1000)
                for _, entries in found or []:
                    self.waiting[stream, group] += [(id_.decode(), f) for id_, f in entries]
        return [place for place in sorted(self.waiting) if self.waiting[place]]

    async def handle(self, place: Place, raw: Raw, *, dies: Death = None) -> None:
        """Hand an entry to its handler, settled or not."""
        stream, group = place
        handler = self.lives[group].handler(stream)
        await self._does(group, handler(raw), dies)
        pending = await self.redis.xpending_range(stream, group, raw[0], raw[0], 1)
        if not pending and raw in self.waiting[place]:
            self.waiting[place].remove(raw)
            self.settled[place].append(raw)

    async def write_again(self, stream: str, raw: Raw) -> None:
        """The same event in an entry of its own."""
        await self.redis.xadd(stream, raw[1])

    # What is to be seen

    def feed(self) -> dict[str, str]:
        """The titles in the feed, by the paths of the pages."""
        feed = json.loads((self._settings.site_folder / "feed.json").read_text())
        return {urlsplit(item["url"]).path: item["title"] for item in feed["items"]}

    def page(self, article: str) -> Shown:
        """What the article's page says on disk."""
        return _shown(self._read(self.paths.get(article, "/-/")))

    def served(self, article: str) -> Shown:
        """What it says to those who look."""
        path = self.paths.get(article, "/-/")
        return _shown(self._read(path) if self._old is None else self._old.get(path, ""))


class Watched(Relay):
    """Notes what each page showed when a mail came."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.shown: list[dict[str, tuple[Shown, Shown]]] = []
        """For each mail of `mails` what each page said to those who look, and on disk."""

        def look(_: str) -> None:
            self.shown.append({a: (world.served(a), world.page(a)) for a in world.paths})

        self.data = look
