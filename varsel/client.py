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

    async def post(self, markdown: bytes, idempotency_key: str, *, draft: bool) -> dict[str, Any]:
        """Post an article. Gives what the API answers to a step, also if the article was there
        before: where it is now, since the answer to a first request is kept for a day.

        An article that waits as a draft, or for an approval that is not wanted any more, is
        submitted, unless it is to be a `draft`. RefusedError if the API says no.
        """
        headers = {
            "Content-Type": "text/markdown; charset=utf-8",
            "Idempotency-Key": idempotency_key,
        }
        response = await self._http.post("/api/articles", content=markdown, headers=headers)
        first = self._first(response) if response.status_code == 409 else None
        posted = {} if first else _answer(response)
        shown = await self.article(first or posted["id"])
        answer = _accepted(shown) | {"warnings": posted.get("warnings", shown["warnings"])}
        if answer["status"] in ("draft", "in_review") and not draft:
            return await self.step("submit", answer["id"])
        return answer

    def _first(self, response: httpx.Response) -> str | None:
        """The article that already has the content which was refused for that."""
        found: str | None = response.json().get("article")
        return found

    async def save(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Post an article as its fields."""
        return _answer(await self._http.post("/api/articles", json=fields))

    async def move(self, fields: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        """Take in an article of another site; gives the answer, and whether it is new."""
        response = await self._http.post("/api/imports", json=fields)
        return _answer(response), response.status_code == 201

    async def put(self, article: str, fields: dict[str, Any], etag: str) -> dict[str, Any]:
        """Save a new revision after the one that `etag` names, which must be the newest."""
        headers = {"If-Match": etag}
        return _answer(
            await self._http.put(f"/api/articles/{article}", json=fields, headers=headers)
        )

    async def step(
        self, step: str, article: str, *, etag: str = "", note: str = ""
    ) -> dict[str, Any]:
        """Take a step of an article's life: submit, approve, reject, stop or withdraw."""
        how: dict[str, Any] = {"json": {"note": note}} if note else {}
        headers = {"If-Match": etag} if etag else {}
        path = f"/api/articles/{article}/{step}"
        return _answer(await self._http.post(path, headers=headers, **how))

    async def look(self, path: str, **query: Any) -> dict[str, Any]:
        """The document at `path` below /api/articles."""
        return _answer(await self._http.get(f"/api/articles{path}", params=query))

    async def article(self, article: str) -> dict[str, Any]:
        """An article; among other things `{id, revision, status, url, etag}`."""
        return await self.look(f"/{article}")

    async def receipt(self, article: str) -> dict[str, Any]:
        """The receipt of an article."""
        return await self.look(f"/{article}/receipt")

    async def post_notice(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Save a notice to members."""
        return _answer(await self._http.post("/api/notices", json=fields))

    async def notice(self, notice: str = "") -> dict[str, Any]:
        """A notice; without its id, all of them."""
        return _answer(await self._http.get(f"/api/notices/{notice}".rstrip("/")))

    async def notice_step(self, notice: str, step: str) -> dict[str, Any]:
        """Approve or cancel a notice."""
        return _answer(await self._http.post(f"/api/notices/{notice}/{step}"))


def _accepted(shown: dict[str, Any]) -> dict[str, Any]:
    """What the answer to a step says of an article, but for warnings, of the article as shown."""
    names = ("id", "revision", "status", "kind", "url", "etag", "steps", "publish_at")
    live = shown["live"] or {}
    return {name: shown[name] for name in names} | {
        "live_revision": live.get("revision"),
        "returned": shown["returned"] if shown["status"] == "draft" else None,
    }


def _answer(response: httpx.Response) -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        document = {"detail": f"uventet svar fra tjeneren ({response.status_code})"}
    if response.is_success and isinstance(document, dict):
        return document
    raise RefusedError(document if isinstance(document, dict) else {})
