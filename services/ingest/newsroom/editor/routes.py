"""POST /redaksjon/lim-inn/docx: a Word document, as Markdown."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.ingest.newsroom.desk.sent import sent
from services.ingest.newsroom.look import NewsroomLook, NewsroomWords
from services.ingest.newsroom.visit import NobodyLoggedIn, StaffDoor
from services.ingest.parts import Parts
from services.ingest.problems import Problem
from services.ingest.word.open_docx import LARGEST_BYTES, open_docx, too_many_bytes
from shared.child.children import Children

_NO_STORE = {"Cache-Control": "no-store"}
_REFUSALS = {403: "stale_form"}


def routes(parts: Parts, door: StaffDoor, _: NewsroomLook) -> list[Route]:
    """The pages that `newsroom/app.py` serves for this room."""
    opening = OpenDocument(parts.children, door)
    return [Route("/redaksjon/lim-inn/docx", opening.docx, methods=["POST"])]


@dataclass(frozen=True)
class OpenDocument:
    children: Children
    door: StaffDoor

    async def docx(self, request: Request) -> Response:
        """`markdown`, and `notes` on what was left out; or `error`, in words or one of the desk's
        codes (`logged_out`, `stale_form`)."""
        t = NewsroomWords(self.door.stranger(request).lang)
        try:
            await self.door.staff(request)
            got = await sent(request, LARGEST_BYTES)
            await self.door.check(request, got.token)
            if got.file_is_too_large:
                raise too_many_bytes()
            found = await open_docx(self.children, got.file)
        except NobodyLoggedIn:
            return _refused("logged_out", 401)
        except HTTPException as refused:
            words = _REFUSALS.get(refused.status_code, "Dokumentet kom ikke fram. Prøv igjen.")
            return _refused(t.message(words), refused.status_code)
        except Problem as refused:
            messages = [error.message for error in refused.errors] or [refused.detail]
            return _refused(t.sentence(messages[0]), refused.status)
        told = {"markdown": found.markdown, "notes": [t.message(one) for one in found.notes]}
        return JSONResponse(told, headers=_NO_STORE)


def _refused(words: str, status: int) -> Response:
    return JSONResponse({"error": words}, status, _NO_STORE)
