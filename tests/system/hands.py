"""Whose hands take an alert on its walk: the API's, or those of the commands."""

import asyncio
import json
import shutil
from typing import Any

import httpx

from tests.system.running import Up
from tests.system.walking import WHAT, WHY, pictures
from tests.wait import until


class ByApi:
    def __init__(self, up: Up, editor: str, approver: str) -> None:
        self._url = f"{up.url}/api"
        self._editor, self.approver = editor, approver

    async def draft(self, fields: dict[str, Any]) -> dict[str, Any]:
        for picture in pictures():
            file = {"file": (picture.name, picture.read_bytes(), "image/jpeg")}
            assert (await self._ask("POST", "/assets", files=file)).status_code == 201
        return self._done(await self._ask("POST", "/articles", json=fields | {"draft": True}))

    async def submit(self, article: str) -> dict[str, Any]:
        return self._done(await self._ask("POST", f"/articles/{article}/submit"))

    async def preview(self, article: str) -> dict[str, Any]:
        async def ready() -> dict[str, Any] | None:
            seen = self._done(await self._ask("GET", f"/articles/{article}/preview"))
            return seen if seen["ready"] else None

        return await until(ready)

    async def approve(self, article: str, *, by_the_author: bool = False) -> int:
        key = self._editor if by_the_author else self.approver
        await self.preview(article)
        seen = await self._ask("GET", f"/articles/{article}", key=key)
        answer = await self._ask(
            "POST",
            f"/articles/{article}/approve",
            key=key,
            headers={"If-Match": seen.headers["ETag"]},
        )
        return 0 if answer.status_code == 200 else answer.status_code

    async def correct(self, article: str, fields: dict[str, Any]) -> dict[str, Any]:
        seen = await self._ask("GET", f"/articles/{article}")
        body = fields | {"change": {"kind": "correction", "note": WHAT}}
        etag = {"If-Match": seen.headers["ETag"]}
        return self._done(await self._ask("PUT", f"/articles/{article}", json=body, headers=etag))

    async def withdraw(self, article: str) -> dict[str, Any]:
        path = f"/articles/{article}/withdraw"
        answer = await self._ask("POST", path, key=self.approver, json={"note": WHY})
        return self._done(answer)

    async def _ask(self, method: str, path: str, *, key: str = "", **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {key or self._editor}"} | more.pop("headers", {})
        async with httpx.AsyncClient(headers=headers, timeout=20) as http:
            return await http.request(method, self._url + path, **more)

    @staticmethod
    def _done(answer: httpx.Response) -> dict[str, Any]:
        assert answer.status_code in (200, 201), answer.text
        document: dict[str, Any] = answer.json()
        return document


class ByCommands:
    def __init__(self, up: Up, editor: str, approver: str) -> None:
        self._up = up
        self._editor, self._approver = editor, approver
        for picture in pictures():
            shutil.copy(picture, up.data)

    async def draft(self, fields: dict[str, Any]) -> dict[str, Any]:
        return await self._run("save", self._file(fields))

    async def submit(self, article: str) -> dict[str, Any]:
        return await self._run("submit", article)

    async def preview(self, article: str) -> dict[str, Any]:
        return await self._run("preview", article)

    async def approve(self, article: str, *, by_the_author: bool = False) -> int:
        key = self._editor if by_the_author else self._approver
        words = ("approve", article, "--yes", "--json")
        return (await asyncio.to_thread(self._up.run, *words, key=key)).returncode

    async def correct(self, article: str, fields: dict[str, Any]) -> dict[str, Any]:
        return await self._run("correct", article, self._file(fields), "--what", WHAT)

    async def withdraw(self, article: str) -> dict[str, Any]:
        return await self._run("withdraw", article, "--why", WHY, key=self._approver)

    async def _run(self, *words: str, key: str = "") -> dict[str, Any]:
        return await asyncio.to_thread(self._up.json, *words, key=key or self._editor)

    def _file(self, fields: dict[str, Any]) -> str:
        """As an editor writes it; YAML 1.2 takes JSON."""
        head = json.dumps({name: value for name, value in fields.items() if name != "body"})
        file = self._up.data / "sak.md"
        file.write_text(f"---\n{head}\n---\n{fields['body']}")
        return str(file)
