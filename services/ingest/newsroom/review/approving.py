"""The page on which a person sees all of what waits, and approves it; and the one to reject it."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from services.ingest.lifecycle.answer import Accepted
from services.ingest.lifecycle.life import Life
from services.ingest.newsroom.desk.words import plain
from services.ingest.newsroom.doors.trial import are_both, other_name
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.review.gather_case import GatherCase, LaidBefore
from services.ingest.newsroom.review.pages import StepPages
from services.ingest.newsroom.review.sent import StepForm, note_of
from services.ingest.newsroom.seeing.framed import MAIL_HEADERS, links_elsewhere
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.problems import Problem


class Approving:
    def __init__(
        self, parts: Parts, door: StaffDoor, look: NewsroomLook, gather: GatherCase
    ) -> None:
        self._parts = parts
        self._door = door
        self._look = look
        self._gather = gather
        self._pages = StepPages(parts, look)

    async def ask(self, request: Request) -> Response:
        """GET: all that there is to see before it is approved."""
        visit = await self._door.staff(request)
        case = await self._gather(request.path_params["id"], visit.who, visit.lang)
        return self._show(visit, case)

    async def approve(self, request: Request) -> Response:
        """POST: approve exactly what the page showed."""
        visit = await self._door.staff(request)
        form = StepForm.of(await self._door.form(request))
        article = request.path_params["id"]
        try:
            accepted = await self._parts.take_step(
                "approve", article, form.request(visit, visit.who)
            )
        except Problem as problem:
            return await self._pages.refused(visit, article, problem)
        return to(after_approval(accepted))

    async def mark(self, request: Request) -> Response:
        """GET: what the page depends on, for its script, which asks again and again."""
        await self._door.staff(request, idles=False)
        life = await self._pages.life(request.path_params["id"])
        seen = await self._parts.previews.of(life)
        is_ready = seen.path is not None and seen.mail is not None
        return JSONResponse({"mark": mark(life, is_ready)}, headers={"Cache-Control": "no-store"})

    async def mail(self, request: Request) -> Response:
        """GET: the mail of what waits, for the page's frame."""
        await self._door.staff(request, idles=False)
        life = await self._pages.life(request.path_params["id"])
        found = await self._parts.previews.mail(life)
        if found is None:
            raise HTTPException(404)
        return HTMLResponse(links_elsewhere(found.html), headers=MAIL_HEADERS)

    async def ask_why(self, request: Request) -> Response:
        """GET: the page to reject it on."""
        visit = await self._door.staff(request)
        life = await self._pages.life(request.path_params["id"])
        return self._ask_why(visit, life, "")

    async def reject(self, request: Request) -> Response:
        """POST: send it back to its authors, who read why."""
        visit = await self._door.staff(request)
        typed = await self._door.form(request)
        form, article = StepForm.of(typed), request.path_params["id"]
        written = typed.text("hvorfor")
        note, wrong = note_of(written)
        if wrong:
            life = await self._pages.life(article)
            return self._ask_why(visit, life, written, errors={"hvorfor": wrong}, status=422)
        try:
            await self._parts.take_step(
                "reject", article, form.request(visit, visit.who, note), note
            )
        except Problem as problem:
            return await self._pages.refused(visit, article, problem, typed=written)
        return to(f"/redaksjon/sak/{article}/")

    def _show(self, visit: StaffVisit, case: LaidBefore) -> Response:
        is_ready = case.preview is not None and case.preview.ready
        wanted = self._parts.rules.wanted(case.life.kind, case.life.author_ids)
        return self._look.page(
            visit,
            "review/approve.html",
            case=case,
            plain=plain,
            preview=case.preview,
            page_path=case.page_path,
            wanted=wanted,
            void=self._parts.rules.void,
            other=other_name(visit.who.id),
            stuck=wanted > 0 and are_both(case.life.author_ids),
            can_invite=visit.who.may("admin"),
            hold=self._parts.rules.hold,
            mark=mark(case.life, is_ready),
            is_ready=is_ready,
            **self._pages.shared(case.life),
        )

    def _ask_why(
        self,
        visit: StaffVisit,
        life: Life,
        written: str,
        *,
        errors: dict[str, str] | None = None,
        status: int = 200,
    ) -> Response:
        return self._look.page(
            visit,
            "review/reject.html",
            status,
            errors=errors,
            written=written,
            **self._pages.shared(life),
        )


def mark(life: Life, is_ready: bool) -> str:
    """What changes whenever the page would be another."""
    return f"{life.version}-{'klar' if is_ready else 'venter'}"


def after_approval(accepted: Accepted) -> str:
    """Where to go after an approval: to what it has begun."""
    base = f"/redaksjon/sak/{accepted.id}/"
    if accepted.status == "approved":
        return f"{base}stopp/"
    if accepted.status in ("published", "withdrawn") and accepted.kind == "safety_alert":
        return f"{base}kvittering/"
    return base if accepted.status != "in_review" else f"{base}godkjenn/"
