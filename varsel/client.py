"""The API as the commands use it."""

import mimetypes
from typing import Any

import httpx


class RefusedError(Exception):
    """The API said no; `problem` is its problem document (RFC 9457)."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__()
        self.problem = problem

    def __str__(self) -> str:
        """A headline, and one line for each field."""
        errors = self.problem.get("errors") or []
        headline = self.problem.get("title" if errors else "detail") or self.problem.get("title")
        lines = [f"  {e.get('field')}: {e.get('message')}" for e in errors]
        return "\n".join(
            [f"{headline or 'Avvist'}:" if lines else str(headline or "Avvist"), *lines]
        )


class Client:
    """Calls the API at `url` with an API key."""

    def __init__(self, url: str, key: str) -> None:
        self.url = url
        self._http = httpx.AsyncClient(
            base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=60
        )

    async def __aenter__(self) -> "Client":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def upload(self, name: str, picture: bytes) -> dict[str, Any]:
        """Upload a picture under its file name; `{name, width, height}`."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        files = {"file": (name, picture, kind)}
        return _answer(await self._http.post("/api/assets", files=files))

    async def publish(self, markdown: bytes, idempotency_key: str) -> dict[str, Any]:
        """Post an article; `{id, revision, status, url}`, also where it was there before."""
        answer = await self._submit(markdown, {"Idempotency-Key": idempotency_key})
        if answer["status"] == "in_review":
            # The key keeps this answer for a day; perhaps no approval is wanted any more.
            return await self._submit(markdown, {})
        return answer

    async def _submit(self, markdown: bytes, headers: dict[str, str]) -> dict[str, Any]:
        headers = {"Content-Type": "text/markdown; charset=utf-8"} | headers
        response = await self._http.post("/api/articles", content=markdown, headers=headers)
        try:
            return _answer(response)
        except RefusedError as error:
            if response.status_code != 409 or "article" not in error.problem:
                raise
            first = await self.article(error.problem["article"])
            return {name: first[name] for name in ("id", "revision", "status", "url")}

    async def article(self, article: str) -> dict[str, Any]:
        """An article; among other things `{id, revision, status, url}`."""
        return _answer(await self._http.get(f"/api/articles/{article}"))

    async def receipt(self, article: str) -> dict[str, Any]:
        """The receipt of an article."""
        return _answer(await self._http.get(f"/api/articles/{article}/receipt"))


def _answer(response: httpx.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        document = {"detail": f"uventet svar fra tjeneren ({response.status_code})"}
    if response.is_success and isinstance(document, dict):
        return document
    raise RefusedError(document if isinstance(document, dict) else {})
