"""What the newsroom's pages look like: templates in bokmål, said in the visitor's language.

A template is named `{room}/{file}`, as `desk/list.html`: newsroom/desk/templates/list.html. What
all rooms share is in newsroom/templates, without a room before it.
"""

import gzip
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple, get_args

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    FunctionLoader,
    StrictUndefined,
)
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.ingest.newsroom.exercise import is_exercise
from services.ingest.newsroom.kept_form import KeptForm
from services.ingest.newsroom.messages import message_in
from services.ingest.newsroom.shown.who import who
from services.ingest.newsroom.shown.words import named
from services.ingest.newsroom.visit import StaffDoor, StaffVisit
from services.ingest.problems import Problem
from shared.article import Lang
from shared.frame.page import Frame
from shared.languages.dates import written_day, written_time
from shared.languages.say import Sayer
from shared.oslo import oslo
from shared.passkeys.ceremonies import FOR_BROWSERS
from shared.visitors.cookies import STAFF_COOKIES

HERE = Path(__file__).parent
STATIC = HERE / "static"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob:; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    # An address may hold a token.
    "Referrer-Policy": "no-referrer",
}

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_NOT_AT_ALL = re.compile(r"q\s*=\s*0(\.0*)?")
_ROW = re.compile(r"(?P<group>.+), nr\. (?P<number>\d+)(?:: (?P<field>.+))?")


class NewsroomWords(Sayer):
    """Says the texts of the newsroom's pages, and what else stands in them."""

    def message(self, text: str) -> str:
        """What is said of a text, with its values in it already: see messages.py."""
        return message_in(self.lang, text) or self(text)

    def sentence(self, text: str) -> str:
        """The same as a sentence of its own."""
        said = self.message(text)
        return f"{said[:1].upper()}{said[1:].removesuffix('.')}."

    def label(self, name: str) -> str:
        """What a field is called in the form, with the number of its row and without a `?`."""
        row = _ROW.fullmatch(name)
        if row:
            inner = f": {self.label(row['field'])}" if row["field"] else ""
            return f"{self.label(row['group'])}, nr. {row['number']}{inner}"
        asked = f"{name}?"
        return self(asked).removesuffix("?") if self(name) == name else self(name)

    def lack(self, text: str) -> str:
        """A field and what it lacks, as sketch_copy.py writes them: «Tittel: mangler»."""
        for colon in re.finditer(": ", text):
            field, message = text[: colon.start()], text[colon.end() :]
            if said := message_in(self.lang, message):
                return f"{self.label(field)}: {said}"
        return text

    def day(self, moment: datetime) -> str:
        """The day on a clock in Norway: «3. april 2026»."""
        return written_day(oslo(moment).date(), self.lang)

    def time(self, moment: datetime) -> str:
        """«3. april 2026 kl. 10.00»."""
        return written_time(moment, self.lang)


def _of_room(name: str) -> tuple[str, str, Callable[[], bool]] | None:
    room, parted, file = name.partition("/")
    path = HERE / room / "templates" / file
    if not parted or ".." in name or not path.is_file():
        return None
    text = path.read_text()
    return text, str(path), lambda: True


_environment = Environment(
    loader=ChoiceLoader([FunctionLoader(_of_room), FileSystemLoader(HERE / "templates")]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["who"] = who


def warm_look() -> None:
    """Read all that is read once: every template, and what days are called in each language."""
    for path in sorted(HERE.glob("**/templates/*.html")):
        room = path.parent.parent.relative_to(HERE)
        _environment.get_template(str(room / path.name))
    for lang in get_args(Lang):
        NewsroomWords(lang).time(datetime.now(UTC))


class StaticFile(NamedTuple):
    content: bytes
    compressed: bytes
    """By gzip; as long as the content or longer if that makes it no smaller."""


@cache
def _read(path: Path) -> StaticFile:
    content = path.read_bytes()
    return StaticFile(content, gzip.compress(content, mtime=0))


class Files:
    """The files of newsroom/static and the scripts for passkeys, each at an address that changes
    with its content: browsers may keep it for ever. They are compressed once, at the start:
    no proxy need do so."""

    def __init__(self) -> None:
        self._by_address: dict[str, tuple[str, StaticFile]] = {}
        self._addresses: dict[str, str] = {}
        for path in sorted([*STATIC.iterdir(), *FOR_BROWSERS.iterdir()]):
            file = _read(path)
            digest = hashlib.sha256(file.content).hexdigest()[:12]
            self._addresses[path.name] = address = f"/redaksjon/fil/{digest}/{path.name}"
            kind = _TYPES.get(path.suffix, "application/octet-stream")
            self._by_address[address] = kind, file

    def address(self, name: str) -> str:
        """The address of a file. KeyError if there is none."""
        return self._addresses[name]

    async def serve(self, request: Request) -> Response:
        """GET of a file. HTTPException 404 if there is none at this address."""
        kind, file = self._by_address.get(request.url.path, ("", None))
        if file is None:
            raise HTTPException(404)
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        content = file.content
        if len(file.compressed) < len(content) and takes_gzip(request):
            content = file.compressed
            headers["Content-Encoding"] = "gzip"
        response = Response(content, headers=headers, media_type=kind)
        if request.method == "HEAD":
            response.body = b""
        return response


def takes_gzip(request: Request) -> bool:
    """Whether the other end says that it can read gzip (RFC 9110, 12.5.3)."""
    for said in request.headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = said.partition(";")
        if name.strip() == "gzip":
            return not _NOT_AT_ALL.fullmatch(weight.strip())
    return False


class NewsroomLook:
    """Makes pages of templates."""

    def __init__(self, frame: Frame, door: StaffDoor, files: Files) -> None:
        self._frame = frame
        self._door = door
        self._files = files

    def page(
        self,
        visit: StaffVisit,
        template: str,
        status: int = 200,
        *,
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> Response:
        """A page for this visitor. `errors` are messages by the id of their field. The template
        also gets `visit`, `person`, `form_token`, `t` and `file(name)`."""
        html = self.part(visit, template, errors=errors or {}, **values)
        response = HTMLResponse(html, status, HEADERS | dict(headers or {}))
        if visit.is_new:
            self._door.cookies.set(response, STAFF_COOKIES.browser, visit.browser)
        return response

    def part(self, visit: StaffVisit, template: str, **values: object) -> str:
        """HTML of a template, which gets what `page` says; a whole page, or a part of one."""
        known = {
            "site_name": self._frame.name,
            "lang": visit.lang,
            "t": NewsroomWords(visit.lang),
            "visit": visit,
            "person": visit.person,
            "path": visit.request.url.path,
            "form_token": self._door.token(visit),
            "errors": {},
            "file": self._files.address,
            "marked_exercise": is_exercise(values),
        }
        return _environment.get_template(template).render(known | values)

    def problem(
        self, visit: StaffVisit, problem: Problem, kept: KeptForm | None = None
    ) -> Response:
        """A refusal, in its own words, with the way out, and what was typed."""
        return self.page(
            visit,
            "problem.html",
            problem.status,
            headers=problem.headers,
            problem=problem,
            named=named,
            kept=kept,
        )
