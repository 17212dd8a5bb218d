"""The inbox over HTTP: pages for people, JSON for programs. GET and HEAD only."""

import asyncio
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from services.notify.inbox.mails import KEPT, Mails
from services.notify.inbox.read_mail import ReadMail, read, read_head
from shared import log
from shared.bus.errors import surroundings

PAGE = 50
"""Mails on a page of the list."""
_MOST = 10**15 - 1
"""The greatest number that an address may have."""
_HERE = Path(__file__).parent
_OSLO = ZoneInfo("Europe/Oslo")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
# Links open in a window of their own, free of the sandbox: most sites refuse to be framed, and the
# button that unsubscribes needs forms.
_LOCKED_IN = _HEADERS | {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'"
}
_BEFORE_HEAD_ENDS = re.compile(
    r"\s*(<!doctype[^>]*>)?\s*(<html\b[^>]*>)?\s*(<head\b[^>]*>)?", re.IGNORECASE
)
_WORDS = {
    404: "Denne e-posten finnes ikke. Kanskje er den ryddet bort.",
    405: "Innboksen kan bare leses.",
}


def create(mails: Mails) -> ASGIApp:
    """The ASGI app for `/inbox/…`."""
    pages = _InboxPages(mails)
    app = Starlette(
        routes=[
            Route("/inbox/", pages.newest),
            Route("/inbox/inbox.css", _stylesheet),
            Route("/inbox/ikon.svg", _icon),
            Route("/inbox/api/messages", pages.api_newest),
            Route("/inbox/api/messages/{number}", pages.api_mail),
            Route("/inbox/{number}", pages.mail),
            Route("/inbox/{number}/html", pages.html),
        ],
        exception_handlers={
            HTTPException: _problem,
            RedisError: _redis_away,
            _BadQuery: _bad_query,
        },
    )
    app.router.redirect_slashes = False
    return app


class _InboxPages:
    def __init__(self, mails: Mails) -> None:
        self._mails = mails

    async def newest(self, request: Request) -> Response:
        before = _number(request, "before", _MOST)
        found = await self._mails.newest(PAGE, before=before)
        last = await self._mails.last()
        newest = found[0][0] if found else 0
        oldest = found[-1][0] if found else 0
        return _page(
            "list.html",
            rows=await asyncio.to_thread(_summaries, found),
            total=await self._mails.total(),
            newer=newest + PAGE + 1 if newest < last else None,
            older=oldest if oldest > max(last - KEPT, 0) + 1 else None,
            last=last,
        )

    async def mail(self, request: Request) -> Response:
        number, raw = await self._raw(request)
        mail = await asyncio.to_thread(read, raw)
        return _page("mail.html", mail=mail, row=_summary(number, raw, mail))

    async def html(self, request: Request) -> Response:
        _, raw = await self._raw(request)
        mail = await asyncio.to_thread(read, raw)
        if mail.html is None:
            raise HTTPException(404)
        return HTMLResponse(_with_links_elsewhere(mail.html), headers=_LOCKED_IN)

    async def api_newest(self, request: Request) -> Response:
        limit = _number(request, "limit", KEPT) or PAGE
        found = await self._mails.newest(limit, before=_number(request, "before", _MOST))
        return _json(
            {
                "total": await self._mails.total(),
                "messages": [_plain(row) for row in await asyncio.to_thread(_summaries, found)],
            }
        )

    async def api_mail(self, request: Request) -> Response:
        number, raw = await self._raw(request)
        mail = await asyncio.to_thread(read, raw)
        parts = {"headers": mail.headers, "text": mail.text, "html": mail.html}
        return _json(_plain(_summary(number, raw, mail)) | parts)

    async def _raw(self, request: Request) -> tuple[int, bytes]:
        number = _whole(request.path_params["number"])
        raw = number and await self._mails.get(number)
        if not number or not raw:
            raise HTTPException(404)
        return number, raw


class _BadQuery(Exception):
    pass


def _number(request: Request, name: str, most: int) -> int | None:
    """A query parameter from 1 to `most`; none if it is not given."""
    text = request.query_params.get(name)
    if text is None:
        return None
    number = _whole(text)
    if not number or number > most:
        raise _BadQuery(f"«{name}» i adressen må være et helt tall fra 1 til {most}.")
    return number


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _summaries(found: list[tuple[int, bytes]]) -> list[dict[str, Any]]:
    return [_summary(number, raw, read_head(raw)) for number, raw in found]


def _summary(number: int, raw: bytes, mail: ReadMail) -> dict[str, Any]:
    return {
        "id": number,
        "subject": mail.header("subject"),
        "from": mail.header("from"),
        "to": mail.header("to"),
        "message_id": mail.header("message-id"),
        "date": mail.date,
        "size": len(raw),
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"date": row["date"] and row["date"].isoformat()}


def _with_links_elsewhere(html: str) -> str:
    head = _BEFORE_HEAD_ENDS.match(html)
    place = head.end() if head else 0
    return f'{html[:place]}<base target="_blank">{html[place:]}'


def _written(date: datetime | None) -> str:
    if date is None:
        return "uten dato"
    try:
        return format_datetime(date.astimezone(_OSLO), "d. MMM yyyy 'kl.' HH.mm", locale="nb_NO")
    except (ValueError, OverflowError):
        return "umulig dato"


_environment = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["written"] = _written


def _page(template: str, status: int = 200, **values: Any) -> Response:
    html = _environment.get_template(template).render(values)
    return HTMLResponse(html, status, _HEADERS)


def _json(content: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(content, status, _HEADERS)


async def _stylesheet(_: Request) -> Response:
    return FileResponse(_HERE / "inbox.css", headers=_HEADERS)


async def _icon(_: Request) -> Response:
    return FileResponse(_HERE / "ikon.svg", headers=_HEADERS)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = _said(request, error.status_code, _WORDS[error.status_code])
    response.headers.update(error.headers or {})
    return response


async def _bad_query(request: Request, error: Exception) -> Response:
    return _said(request, 400, str(error))


async def _redis_away(request: Request, error: Exception) -> Response:
    away = surroundings(error)
    if away is None:
        raise error
    log.get("notify").warning("request_refused", reason=away.reason)
    return _said(request, 503, "Redis svarer ikke akkurat nå. Prøv igjen om litt.")


def _said(request: Request, status: int, words: str) -> Response:
    if request.url.path.startswith("/inbox/api/"):
        return _json({"error": words}, status)
    return _page("problem.html", status, words=words)
