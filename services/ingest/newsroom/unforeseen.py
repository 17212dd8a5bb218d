"""What somebody sees when something failed that nobody foresaw: what to do, and, if they sent a
form, all that they had typed."""

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.newsroom.kept_form import KeptForms, is_form
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor, StaffVisit


class Unforeseen:
    def __init__(self, door: StaffDoor, look: NewsroomLook) -> None:
        self._door = door
        self._look = look
        self._kept = KeptForms(door)

    async def answer(self, request: Request) -> Response:
        """The answer to a request that failed."""
        if request.method not in ("GET", "HEAD") and not is_form(request):
            # A script's: it has the text still, and says so.
            return Response("fault", 500, {"Cache-Control": "no-store"})
        visit, kept = await self._visit(request), await self._kept.of(request)
        return self._look.page(visit, "unforeseen.html", 500, kept=kept)

    async def _visit(self, request: Request) -> StaffVisit:
        try:
            return await self._door.known(request, idles=False)
        except Exception:  # what failed may be what finds out who asks
            return self._door.stranger(request)
