"""What somebody sees who is no longer logged in: the way in, and, if they sent a form, all that
they had typed. They log in beside it and send it again: its token is bound to them, not to the
session.
"""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.ingest.newsroom.doors.log_in import page_of_ours
from services.ingest.newsroom.kept_form import KeptForms, is_form
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor, to


class LoggedOut:
    """Raises redis-py's errors."""

    def __init__(self, door: StaffDoor, look: NewsroomLook) -> None:
        self._door = door
        self._look = look
        self._kept = KeptForms(door)

    async def answer(self, request: Request, _: Exception) -> Response:
        """The answer to a request of nobody who is logged in."""
        path = request.url.path
        if request.method in ("GET", "HEAD"):
            after = page_of_ours(path)
            return to("/redaksjon/inn/" + (f"?til={after}" if after != "/redaksjon/" else ""))
        if not self._door.forms.is_own_site(request):
            raise HTTPException(403)
        if not is_form(request):
            # A script's: it has the text still, and says so.
            return Response("logged out", 401, {"Cache-Control": "no-store"})
        visit, kept = self._door.stranger(request), await self._kept.of(request)
        if kept is None:  # nothing was sent, or too much
            raise HTTPException(403)
        return self._look.page(visit, "doors/logged_out.html", 403, kept=kept)
