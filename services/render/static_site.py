"""Serves the site's folder and the pictures over HTTP."""

import hashlib
import os
import stat
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import NotModifiedResponse, PathLike, StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.render.site_files import GONE, PREVIEWS

# By how paths end; the first that fits.
_TYPES = {
    ".cap.xml": "application/cap+xml",
    "/feed.json": "application/feed+json",
    ".atom": "application/atom+xml; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
}
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # An address tells which illness somebody reads about.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def static_site(folder: Path, assets: Path, not_found: str) -> ASGIApp:
    """An application that serves `folder` at `/` and `assets` at `/assets/`, GET and HEAD only.

    `not_found` is the page for addresses that are not there.
    """

    async def answer_not_found(_: Request, __: Exception) -> Response:
        return HTMLResponse(not_found, status_code=404, headers={"Cache-Control": "no-cache"})

    assets.mkdir(parents=True, exist_ok=True)
    return Starlette(
        routes=[
            Mount("/assets", _Pictures(directory=assets)),
            Mount("/", _PageFiles(folder)),
        ],
        middleware=[Middleware(_SecurityHeaders)],
        exception_handlers={404: answer_not_found},
    )


class _VisibleFiles(StaticFiles):
    """Files whose names do not begin with a dot: those are half-written or render's own."""

    async def check_config(self) -> None:
        """Not checked: a site folder that is lost is made again while this serves."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        if any(part.startswith(".") for part in Path(path).parts):
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
        response = await super().get_response(path, scope)
        if isinstance(response, RedirectResponse):
            # Without a host: behind a proxy ours would be wrong, and `//host` would be another's.
            return RedirectResponse("/" + scope["path"].strip("/") + "/", status_code=308)
        return response

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
            | {"Cache-Control": "no-store" if is_preview else "public, no-cache"},
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
                MutableHeaders(scope=message).update(SECURITY)
            await send(message)

        await self._app(scope, receive, send_with_headers)
