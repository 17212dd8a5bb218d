"""What tests of the newsroom do: people with browsers."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import MagicMock

import httpx
from starlette.routing import Route

from services.ingest.newsroom.app import ROOMS
from services.ingest.newsroom.visit import key_of
from services.ingest.people.person import Person, Role
from services.ingest.people.store import People
from shared.visitors.cookies import STAFF_COOKIES
from shared.visitors.sessions import STAFF_SESSIONS, Proof, Sessions
from tests.ingest.conftest import Ingest

SITE = "https://varsel.example.org"
_FORM_TOKEN = re.compile(r'name="skjema" value="([0-9a-f]+)"')


def newsroom_routes() -> list[Route]:
    """All that the newsroom serves, wherever it is set up."""
    return [one for room in ROOMS for one in room(MagicMock(), MagicMock(), MagicMock())]


async def somebody(ingest: Ingest, name: str, role: Role = "editor") -> Person:
    """A person of the staff."""
    return await People(ingest.redis).add(name, role)


class NewsroomBrowser:
    """A browser in which somebody may be logged in."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.page = ""
        """The last page."""

    async def get(self, path: str, **more: Any) -> httpx.Response:
        return self._seen(await self.http.get(path, follow_redirects=True, **more))

    async def send(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form of the last page."""
        token = _FORM_TOKEN.search(self.page)
        data = {"skjema": token[1] if token else ""} | fields
        return self._seen(await self.http.post(path, data=data, follow_redirects=True))

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        if answer.headers.get("content-type", "").startswith("text/html"):
            self.page = answer.text
        return answer


@asynccontextmanager
async def browser_of(
    ingest: Ingest, person: Person | None = None, proof: Proof = Proof.PASSKEY
) -> AsyncIterator[NewsroomBrowser]:
    """A browser of the newsroom, in which `person` has just logged in by this, if there is one."""
    transport = httpx.ASGITransport(ingest.service.http)
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as http:
        if person:
            sessions = Sessions(ingest.redis, STAFF_SESSIONS, await key_of(ingest.redis))
            session = await sessions.begin(person.id, proof)
            name = f"__Host-{STAFF_COOKIES.session}"
            http.cookies.set(name, session.id, domain="varsel.example.org")
        yield NewsroomBrowser(http)
