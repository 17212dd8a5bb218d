"""A person at a browser, by HTTP alone: opens pages, fills in forms, presses buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import httpx


class _Forms(HTMLParser):
    """The forms of a page that change something, with what stands in their fields; not the search
    in its header."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self._is_in_one = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        if tag == "form":
            self._is_in_one = at.get("method") == "post"
        if tag == "form" and self._is_in_one:
            self.forms.append((at.get("action") or "", {}))
        chosen = at.get("type") not in ("radio", "checkbox") or "checked" in at
        if tag == "input" and chosen and self._is_in_one:
            self.forms[-1][1].setdefault(at["name"] or "", []).append(at.get("value") or "")


@dataclass
class Visitor:
    http: httpx.AsyncClient
    """Keeps the cookies."""

    async def open(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def send(
        self, path: str, *, form: int = 0, **typed: str | Sequence[str]
    ) -> httpx.Response:
        """Open a page, fill in its form of this number, and send it; the answer, with redirects
        followed."""
        return await self.fill(await self.open(path), form=form, **typed)

    async def fill(
        self, page: httpx.Response, *, form: int = 0, **typed: str | Sequence[str]
    ) -> httpx.Response:
        """The same with a page that is open."""
        parser = _Forms()
        parser.feed(page.text)
        action, found = parser.forms[form]
        fields: dict[str, Any] = dict(found)
        for name, value in typed.items():
            fields[name] = [value] if isinstance(value, str) else list(value)
        return await self.http.post(
            action or str(page.url),
            data=fields,
            headers={"Sec-Fetch-Site": "same-origin"},
            follow_redirects=True,
        )
