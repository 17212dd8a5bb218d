"""The page of what waits for its time: how long it waits, and a button to stop it.

Anybody of the staff may stop, and needs no reason. The page without a script is loaded anew every
few seconds, so nothing is typed on it; a reason is typed on a page that stays.
"""

from datetime import datetime
from math import ceil

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.ingest.lifecycle.life import Life
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.review.pages import StepPages
from services.ingest.newsroom.review.sent import StepForm, note_of
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.problems import Problem

_SOON_SECONDS = 120
_OFTEN_SECONDS = 3
"""Between two loads of a page that waits for something soon."""
_SELDOM_SECONDS = 60


class Holding:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look
        self._pages = StepPages(parts, look)

    async def show(self, request: Request) -> Response:
        """GET: how long it waits; once it is out, the way to its receipt."""
        visit = await self._door.staff(request)
        life = await self._pages.life(request.path_params["id"])
        if life.state in ("published", "withdrawn"):
            receipt = "kvittering/" if life.kind == "safety_alert" else ""
            return to(f"/redaksjon/sak/{life.id}/{receipt}")
        return await self._show(visit, life)

    async def state(self, request: Request) -> Response:
        """GET: the same for the page's script."""
        await self._door.staff(request, idles=False)
        life = await self._pages.life(request.path_params["id"])
        left = seconds_left(life, await self._parts.articles.now())
        known = {"mark": str(life.version), "seconds": left}
        return JSONResponse(known, headers={"Cache-Control": "no-store"})

    async def stop(self, request: Request) -> Response:
        """POST: stop it."""
        visit = await self._door.staff(request)
        typed = await self._door.form(request)
        form, article = StepForm.of(typed), request.path_params["id"]
        written = typed.text("hvorfor")
        note, wrong = note_of(written) if written else ("", "")
        if wrong:
            life = await self._pages.life(article)
            return await self._show(visit, life, written, {"hvorfor": wrong}, 422)
        # Of whatever is there: whoever presses wants nothing to go out.
        asked = StepForm("", form.once).request(visit, visit.who, note)
        try:
            await self._parts.take_step("stop", article, asked, note or None)
        except Problem as problem:
            return await self._pages.refused(visit, article, problem, typed=written)
        return to(f"/redaksjon/sak/{article}/stopp/")

    async def _show(
        self,
        visit: StaffVisit,
        life: Life,
        written: str = "",
        errors: dict[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        left = seconds_left(life, await self._parts.articles.now())
        asks_why = "hvorfor" in visit.request.query_params or bool(errors)
        return self._look.page(
            visit,
            "review/hold.html",
            status,
            errors=errors,
            seconds=left,
            clock=clock(left),
            reload=_OFTEN_SECONDS if left < _SOON_SECONDS else _SELDOM_SECONDS,
            asks_why=asks_why,
            written=written,
            **self._pages.shared(life),
        )


def seconds_left(life: Life, now: datetime) -> int:
    """Whole seconds until it is published, rounded up; 0 if it waits for nothing."""
    if life.state != "approved" or life.due is None:
        return 0
    return max(0, ceil((life.due - now).total_seconds()))


def clock(seconds: int) -> str:
    """«0:42», «1:02:05»; of more than a day «2 d 3:00:00»."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours}:{minutes:02}:{rest:02}"
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
