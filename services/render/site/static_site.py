"""Serves the site's folder and the pictures over HTTP."""

import hashlib
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.render.site.site_files import GONE, MOVED, NOT_FOUND, PREVIEWS
from shared.article import Lang
from shared.languages.say import Nb, in_language
from shared.visitors.faults import Faults

# By how paths end; the first that fits.
_TYPES = {
    ".cap.xml": "application/cap+xml",
    "/feed.json": "application/feed+json",
    ".atom": "application/atom+xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".xml": "application/xml; charset=utf-8",
}
_CSP = (
    "default-src 'none'; img-src 'self'; style-src 'self'; manifest-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors "
)
"""Nothing in a page connects, since no script runs in it; checkers fetch robots.txt from within."""
_PREVIEW = {"Cache-Control": "no-store", "Content-Security-Policy": f"{_CSP}'self'"}
"""The newsroom frames it; nobody may keep it."""
_FAULT = """<!DOCTYPE html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{words.title}</title>
<link rel="stylesheet" href="/style.css">
<main>
<h1>{words.title}</h1>
<p>{words.advice}</p>
<p>{words.go} <a href="/varsler/">{words.alerts}</a>, <a href="/nyheter/">{words.news}</a>
{words.either} <a href="/">{words.front}</a>.</p>
</main>
</html>
"""
"""Made of nothing that could be broken too."""


class _FaultWords(NamedTuple):
    title: str
    advice: str
    go: str
    alerts: str
    news: str
    either: str
    front: str


_FAULT_WORDS: Nb[_FaultWords] = _FaultWords(
    title="Noe gikk galt hos oss",
    advice="Det er ikke din feil. Vent litt, og last siden på nytt.",
    go="Eller gå til",
    alerts="varslene",
    news="nyhetene",
    either="eller",
    front="forsiden",
)
SECURITY = {
    "Content-Security-Policy": f"{_CSP}'none'",
    "X-Content-Type-Options": "nosniff",
    # An address tells which illness somebody reads about.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def static_site(
    folder: Path,
    assets: Path,
    routes: Sequence[BaseRoute] = (),
    lang: Callable[[], Lang] = lambda: "nb",
) -> ASGIApp:
    """An application that serves `folder` at `/` and `assets` at `/assets/`, GET and HEAD only, and
    before them `routes`: pages that are made when they are asked for.

    `folder` also has the page for addresses that are not there. What is said of a fault is said in
    the language of the site, which `lang` gives.
    """

    async def answer_fault(_: Request) -> Response:
        return HTMLResponse(_fault(lang()), 500, {"Cache-Control": "no-store"})

    assets.mkdir(parents=True, exist_ok=True)
    return Starlette(
        routes=[
            *routes,
            Mount("/assets", _Pictures(directory=assets)),
            Mount("/", _PageFiles(folder)),
        ],
        middleware=[
            Middleware(_SecurityHeaders),
            Middleware(Faults, service="render", answer=answer_fault),
        ],
        exception_handlers={404: _NotFound(folder).answer},
    )


@dataclass(frozen=True)
class _NotFound:
    folder: Path

    async def answer(self, _: Request, __: Exception) -> Response:
        try:
            page = (self.folder / NOT_FOUND).read_text()
        except OSError:  # a folder that is lost is made again
            page = ""
        return HTMLResponse(page, status_code=404, headers={"Cache-Control": "no-cache"})


def _fault(lang: Lang) -> str:
    """The page in this language. In bokmål if the catalogue cannot be read: that may be the very
    fault."""
    try:
        return _FAULT.format(lang=lang, words=in_language(_FAULT_WORDS, lang))
    except (OSError, ValueError):
        return _FAULT.format(lang="nb", words=_FAULT_WORDS)


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in Path(path).parts)


class _VisibleFiles(StaticFiles):
    """Files whose names do not begin with a dot: those are half-written or render's own."""

    async def check_config(self) -> None:
        """Not checked: a site folder that is lost is made again while this serves."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        if _is_hidden(path):
            return "", None
        return super().lookup_path(path)


class _PageFiles(_VisibleFiles):
    """Files that are replaced while they are served, and whose newest state counts."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, html=True, check_dir=False)
        self._folder = folder

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        found, about = super().lookup_path(path)
        if about and stat.S_ISDIR(about.st_mode):
            # Not by way of our own lookup, to which a name with a dot does not exist.
            gone, about_gone = StaticFiles.lookup_path(self, f"{path}/{GONE}")
            if about_gone:
                return gone, about_gone
        return found, about

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            if error.status_code == 404 and (now := self._moved_to(path)):
                # Asked for again each time, as a page: what is wrong can be put right.
                headers = {"Cache-Control": "public, no-cache"}
                return RedirectResponse(now, status_code=301, headers=headers)
            raise
        if isinstance(response, RedirectResponse):
            # Without a host: behind a proxy ours would be wrong, and `//host` would be another's.
            return RedirectResponse("/" + scope["path"].strip("/") + "/", status_code=308)
        return response

    def _moved_to(self, path: str) -> str:
        """The path of the page that stood at this address of another site; empty if none did."""
        if _is_hidden(path):
            return ""
        try:
            file, about = StaticFiles.lookup_path(self, f"{path}/{MOVED}")
            return Path(file).read_text().strip() if about else ""
        except (OSError, ValueError):  # a name that no file can have
            return ""

    def file_response(
        self,
        full_path: PathLike,
        stat_result: os.stat_result,  # noqa: ARG002 (of the file before it was replaced)
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        path = os.fspath(full_path)
        # Read at once: between a stat and a read the file may be replaced by a longer one.
        content = Path(path).read_bytes()
        # By the file, not by the address: `//utkast/…` and `/x/../utkast/…` lead there, too.
        is_preview = Path(path).is_relative_to((self._folder / PREVIEWS).resolve())
        response = Response(
            content,
            410 if path.endswith(GONE) else status_code,
            {"ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"'}
            # Asked for again each time: a corrected alert must not stay in a cache.
            | (_PREVIEW if is_preview else {"Cache-Control": "public, no-cache"}),
            media_type=_type(path),
        )
        if response.status_code == 200 and self.is_not_modified(
            response.headers, Headers(scope=scope)
        ):
            return NotModifiedResponse(response.headers)
        if scope["method"] == "HEAD":
            response.body = b""
        return response


def _type(path: str) -> str:
    kinds = (kind for ending, kind in _TYPES.items() if path.endswith(ending))
    return next(kinds, "application/octet-stream")


class _Pictures(_VisibleFiles):
    """Pictures, whose names are made from their content: they never change."""

    def file_response(
        self,
        full_path: PathLike,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class _SecurityHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
