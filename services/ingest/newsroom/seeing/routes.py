"""`/redaksjon/sak/{id}/vis/`: a working copy as it will be seen, in frames."""

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from services.ingest.desk.open_copy import OpenedCopy
from services.ingest.desk.shape import Fields
from services.ingest.newsroom.desk.desk_parts import DeskParts
from services.ingest.newsroom.desk.next_step import may_be_sent_in, next_step
from services.ingest.newsroom.look import NewsroomLook, NewsroomWords
from services.ingest.newsroom.seeing.framed import MAIL_HEADERS, WAITING_HEADERS, links_elsewhere
from services.ingest.newsroom.seeing.sketch_copy import SketchCopy, shows
from services.ingest.newsroom.visit import BY_ITSELF, StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.sketches.store import Sketch, Sketches
from shared.languages.say import nb

_SOON = {"Refresh": f"1; url=?{BY_ITSELF}"}
_SOON_SECONDS = 20
"""Until then a page whose frames are empty is loaded again, also if no script runs."""
PAPER = "utskrift/"
"""Below a sketch's page: the same as on paper."""


def routes(parts: Parts, door: StaffDoor, look: NewsroomLook) -> list[Route]:
    """The pages that `newsroom/app.py` serves for this room."""
    pages = SeeingPages(DeskParts.of(parts, door, look), Sketches(parts.redis))
    seeing = "/redaksjon/sak/{id}/vis"
    return [
        Route(f"{seeing}/", pages.page, methods=["GET", "POST"]),
        Route(f"{seeing}/side", pages.side),
        Route(f"{seeing}/utskrift", pages.paper),
        Route(f"{seeing}/epost", pages.mail),
        Route(f"{seeing}/tilstand", pages.state),
    ]


def _comes_soon(sketch: Sketch | None, is_alert: bool) -> bool:
    """Whether something was just asked for that is not there yet."""
    if sketch is None or (sketch.page and (sketch.mail or not is_alert)):
        return False
    return (datetime.now(UTC) - sketch.at).total_seconds() < _SOON_SECONDS


def _not_chosen(alert: Fields) -> list[str]:
    """What has no word for «missing» in a page, and so is shown as something."""
    chosen = {
        nb("hvor alvorlig det er"): alert["severity"],
        nb("om de skal slutte med medisinen"): alert["stop_advice"]["code"],
    }
    return [what for what, value in chosen.items() if not value]


class SeeingPages:
    def __init__(self, desk: DeskParts, sketches: Sketches) -> None:
        self._desk = desk
        self._sketches = sketches
        self._sketch_copy = SketchCopy(desk, sketches)

    async def page(self, request: Request) -> Response:
        """The frames. What is seen is made when the form is sent, since a GET changes nothing."""
        visit = await self._desk.door.staff(request)
        opened = await self._desk.opened(request.path_params["id"])
        if request.method == "POST":
            await self._desk.door.form(request)
            await self._sketch_copy(opened, visit.who, visit.lang)
            return to(request.url.path)
        sketch = await self._sketches.of(opened.copy.id)
        fields = opened.copy.fields
        is_alert = fields["kind"] == "safety_alert"
        return self._desk.look.page(
            visit,
            "seeing/see.html",
            copy=opened.copy,
            heading=str(fields["title"]).strip() or NewsroomWords(visit.lang)("Uten tittel"),
            is_alert=is_alert,
            not_chosen=_not_chosen(fields["alert"]) if is_alert else [],
            sketch=sketch,
            is_current=shows(sketch, opened.copy),
            may_send=may_be_sent_in(opened),
            step=next_step(opened, visit.who, self._desk.parts.rules),
            headers=_SOON if _comes_soon(sketch, is_alert) else None,
        )

    async def side(self, request: Request) -> Response:
        """The page, which render has made: from the site, in which it is not published."""
        return await self._framed(request)

    async def paper(self, request: Request) -> Response:
        """The same as on paper."""
        return await self._framed(request, PAPER)

    async def _framed(self, request: Request, below: str = "") -> Response:
        visit, _, sketch = await self._found(request)
        if sketch is None or sketch.page is None:
            return self._waiting(visit, sketch)
        return to(f"{sketch.page}{below}")

    async def mail(self, request: Request) -> Response:
        """The mail, which notify has made."""
        visit, opened, sketch = await self._found(request)
        if opened.copy.fields["kind"] != "safety_alert":
            return self._said(visit, "En nyhet sendes ikke på e-post.")
        if sketch is None or sketch.mail is None:
            return self._waiting(visit, sketch)
        return HTMLResponse(links_elsewhere(sketch.mail.html), headers=MAIL_HEADERS)

    async def state(self, request: Request) -> Response:
        """What the script asks about again and again."""
        visit, opened, sketch = await self._found(request)
        t = NewsroomWords(visit.lang)
        told = {
            "current": shows(sketch, opened.copy),
            "page": sketch and sketch.page,
            "mail": sketch.mail.sha256 if sketch and sketch.mail else None,
            "subject": sketch.mail.subject if sketch and sketch.mail else None,
            "lacks": [t.lack(one) for one in sketch.lacks] if sketch else [],
        }
        return JSONResponse(told, headers={"Cache-Control": "no-store"})

    async def _found(self, request: Request) -> tuple[StaffVisit, OpenedCopy, Sketch | None]:
        """For what a script asks, or reloads in a frame, as long as the page is open."""
        visit = await self._desk.door.staff(request, idles=False)
        opened = await self._desk.opened(request.path_params["id"])
        return visit, opened, await self._sketches.of(opened.copy.id)

    def _waiting(self, visit: StaffVisit, sketch: Sketch | None) -> Response:
        """What stands in a frame until there is something. It cannot ask again by itself, locked in
        as it is: the page around it does."""
        if sketch is None:
            return self._said(visit, nb("Trykk på «Vis teksten slik den er nå»."))
        return self._said(visit, nb("Lages … Det tar et øyeblikk."))

    def _said(self, visit: StaffVisit, words: str) -> Response:
        said = NewsroomWords(visit.lang)(words)
        return self._desk.look.page(
            visit, "seeing/waiting.html", said=said, headers=WAITING_HEADERS
        )
