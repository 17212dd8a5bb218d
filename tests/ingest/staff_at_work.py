"""People at work on articles, each with a key of their own."""

import json
from dataclasses import dataclass
from typing import Any

import httpx

from services.ingest.people.keys import create_key
from services.ingest.people.person import Person, Role
from shared.article import Article
from shared.events import Event, from_fields
from shared.revision import carried_id
from tests import make
from tests.ingest.conftest import Ingest
from tests.mail_known import mail_known


def a_person(name: str, role: Role = "editor") -> Person:
    """Somebody of the staff, whose id follows from the name."""
    return Person(carried_id(name), name, role)


def posted(article: Article, **more: Any) -> dict[str, Any]:
    fields = article.model_dump(mode="json")
    return fields | {"body": fields["body"].strip()} | more


def alert(**more: Any) -> dict[str, Any]:
    return posted(make.alert(), **more)


def news(**more: Any) -> dict[str, Any]:
    return posted(make.news(), **more)


@dataclass
class Somebody:
    """Calls the API as one person."""

    ingest: Ingest
    headers: dict[str, str]

    async def new(self, fields: dict[str, Any], **headers: str) -> httpx.Response:
        return await self._ask("POST", "/api/articles", json=fields, headers=headers)

    async def put(
        self, article: str, fields: dict[str, Any], if_match: str | None = None
    ) -> httpx.Response:
        headers = {"If-Match": if_match} if if_match else {}
        return await self._ask("PUT", f"/api/articles/{article}", json=fields, headers=headers)

    async def take(self, step: str, article: str, note: str = "", **headers: str) -> httpx.Response:
        if step == "approve":
            await mail_known(self.ingest.redis, article)
        body = {"json": {"note": note}} if note else {}
        path = f"/api/articles/{article}/{step}"
        return await self._ask("POST", path, headers=headers, **body)

    async def approve(self, article: str) -> httpx.Response:
        """Of what is there now, having looked at it."""
        seen = await self.get(article)
        return await self.take("approve", article, **{"If-Match": seen["etag"]})

    async def get(self, article: str, part: str = "") -> dict[str, Any]:
        answer = await self._ask("GET", f"/api/articles/{article}{part}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def listed(self, article: str) -> dict[str, Any]:
        """The article as it stands in the list."""
        answer = await self._ask("GET", "/api/articles")
        (found,) = [one for one in answer.json()["articles"] if one["id"] == article]
        return dict(found)

    async def _ask(self, method: str, path: str, **how: Any) -> httpx.Response:
        headers = how.pop("headers", {}) | self.headers
        return await self.ingest.http.request(method, path, headers=headers, **how)


async def somebody(ingest: Ingest, name: str, role: str = "editor") -> Somebody:
    key = await create_key(ingest.redis, name, role)
    return Somebody(ingest, {"Authorization": f"Bearer {key}"})


async def events(ingest: Ingest) -> list[Event]:
    return [from_fields(fields) for _, fields in await ingest.redis.xrange("articles")]


async def kinds(ingest: Ingest) -> list[str]:
    return [event.type for event in await events(ingest)]


async def in_review(who: Somebody, **more: Any) -> str:
    answer = await who.new(alert(**more))
    assert answer.json()["status"] == "in_review"
    return str(answer.json()["id"])


def status(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["status"]


async def live(who: Somebody, approver: Somebody, **more: Any) -> str:
    article = await in_review(who, **more)
    assert (await approver.approve(article)).json()["status"] == "published"
    return article


async def trail(ingest: Ingest) -> list[tuple[str, str, int]]:
    """The audit trail: who did what to which revision; keys that were made pass by."""
    lines = await ingest.redis.hgetall("ingest:audit")
    entries = [json.loads(lines[number]) for number in sorted(lines, key=int)]
    return [(e["actor"], e["what"], e["revision"]) for e in entries if e["article"]]
