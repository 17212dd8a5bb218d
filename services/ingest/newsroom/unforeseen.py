"""What somebody sees when something failed that nobody foresaw: what to do, and, if they sent a
form, all that they had typed."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.sent_form import is_form, typed_in
from services.ingest.newsroom.visit import StaffDoor, StaffVisit


class Unforeseen:
    def __init__(self, door: StaffDoor, look: NewsroomLook) -> None:
        self._door = door
        self._look = look

    async def answer(self, request: Request) -> Response:
        """The answer to a request that failed."""
        if request.method not in ("GET", "HEAD") and not is_form(request):
            # A script's: it has the text still, and says so.
            return Response("fault", 500, {"Cache-Control": "no-store"})
        visit = await self._visit(request)
        return self._look.page(
            visit,
            "unforeseen.html",
            500,
            typed=await self._typed(request),
            action=request.url.path,
        )

    async def _typed(self, request: Request) -> list[tuple[str, str]]:
        """Empty also if another site sent it: it would have us show a form of its own."""
        if request.method in ("GET", "HEAD") or not self._door.forms.is_own_site(request):
            return []
        beside_file: tuple[tuple[str, str], ...] | None = getattr(request.state, "typed", None)
        if beside_file is not None:
            return list(beside_file)
        try:
            return await typed_in(request)
        except HTTPException:
            return []

    async def _visit(self, request: Request) -> StaffVisit:
        try:
            return await self._door.known(request)
        except Exception:  # what failed may be what finds out who asks
            return self._door.stranger(request)
