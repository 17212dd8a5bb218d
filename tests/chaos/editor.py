"""What an editor does, as a client that gives up only when it has the answer."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx

from tests.chaos.sink import Form
from tests.make import alert

T = TypeVar("T")
PATIENCE = 90.0
"""Seconds within which whatever was killed must be made good."""


@dataclass
class Round:
    """One alert, from its post to the last mail of its last version."""

    number: int
    article: str
    deliveries: list[tuple[Form, str]] = field(default_factory=list)
    """Of each version, oldest first."""

    @property
    def delivery(self) -> str:
        """The newest."""
        return self.deliveries[-1][1]

    @property
    def texts(self) -> int:
        return sum(form != "withdrawal" for form, _ in self.deliveries)

    def add(self, form: Form, revision: int) -> "Round":
        self.deliveries.append((form, f"{self.article}.{revision}"))
        return self


class Editor:
    """`url` is where ingest is; `key` gives its caller all rights that an alert needs."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {key}"}
        self._http = httpx.AsyncClient(timeout=10.0)

    async def close(self) -> None:
        await self._http.aclose()

    async def post(self, number: int) -> Round:
        """A new alert."""
        key = {"Idempotency-Key": f'"round-{number}-{os.getpid()}"'}

        async def send() -> Round | None:
            answer = await self.ask("POST", "/api/articles", json=_body(number), headers=key)
            if answer is not None and answer.status_code == 201:
                return Round(number, answer.json()["id"]).add("alert", answer.json()["revision"])
            if answer is not None and answer.status_code == 409:
                if "article" in answer.json():  # without the key, and it was accepted before
                    return Round(number, answer.json()["article"]).add("alert", 1)
                key.clear()  # a person would not wait the minute until the key is free again
            elif answer is not None and answer.status_code < 500:
                raise AssertionError(answer.text)
            return None

        return await _answered(send)

    async def change(self, round_: Round, form: Form) -> None:
        """Correct the alert, or withdraw it; the round then has one more delivery."""
        path = f"/api/articles/{round_.article}"

        async def correct() -> int | None:
            seen = await self.ask("GET", path)
            if seen is None or seen.status_code != 200:
                return None
            body = _body(round_.number, round_.texts + 1) | {
                "change": {"kind": "correction", "note": "Her sto det noe som var feil."}
            }
            etag = {"If-Match": seen.headers["ETag"]}
            return _revision(await self.ask("PUT", path, json=body, headers=etag))

        async def withdraw() -> int | None:
            why = {"note": "Hele varselet var feil."}
            return _revision(await self.ask("POST", f"{path}/withdraw", json=why))

        round_.add(form, await _answered(correct if form == "correction" else withdraw))

    async def receipt(self, article: str) -> dict[str, Any]:
        """Empty while ingest does not answer."""
        answer = await self.ask("GET", f"/api/articles/{article}/receipt")
        return dict(answer.json()) if answer is not None and answer.status_code == 200 else {}

    async def ask(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response | None:
        """The answer, where there is one."""
        headers = self._headers | (headers or {})
        with suppress(httpx.HTTPError):
            return await self._http.request(method, self._url + path, headers=headers, **more)
        return None


def _body(number: int, version: int = 1) -> dict[str, Any]:
    title = f"round-{number}" + (f"-v{version}" if version > 1 else "")
    article = alert(title=title, lead=f"Dette er runde {number} av mange.")
    return article.model_dump(mode="json", exclude_none=True)


def _revision(answer: httpx.Response | None) -> int | None:
    """The revision that an answer names; none where the client has to try again."""
    if answer is not None and answer.status_code == 200:
        return int(answer.json()["revision"])
    # 412: somebody was faster, who may have been this client before its connection broke.
    assert answer is None or answer.status_code in (412, 500, 503), answer.text
    return None


async def _answered(send: Callable[[], Awaitable[T | None]]) -> T:
    """What `send` gives, once it gives something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := await send()):
        assert time.monotonic() < deadline, "it was never accepted"
        await asyncio.sleep(0.05)
    return found
