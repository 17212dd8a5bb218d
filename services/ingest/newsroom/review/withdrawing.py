"""To withdraw what readers see, in three steps: what it means and for whom, what they will read
first, and the question whether to do it."""

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.lifecycle.plan import StoredArticle
from services.ingest.lifecycle.preconditions import require
from services.ingest.lifecycle.steps import possible
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.review.first_words import first_words
from services.ingest.newsroom.review.pages import StepPages
from services.ingest.newsroom.review.reach import told_of_the_end
from services.ingest.newsroom.review.sent import StepForm, note_of
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.problems import Problem


class Withdrawing:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look
        self._pages = StepPages(parts, look)

    async def ask(self, request: Request) -> Response:
        """GET: what it means, and the field for the reason."""
        visit = await self._door.staff(request)
        stored = await self._stored(request)
        if stored.life.state == "withdrawn":
            return to(self._after(stored))
        return await self._show(visit, stored, "write")

    async def send(self, request: Request) -> Response:
        """POST: show what they will read; or, from there, back to the words, or withdraw it."""
        visit = await self._door.staff(request)
        typed = await self._door.form(request)
        written, step = typed.text("hvorfor"), typed.text("steg")
        note, wrong = note_of(written)
        if wrong or step not in ("trekk", "se"):
            stored = await self._stored(request)
            errors = {"hvorfor": wrong} if wrong and step in ("trekk", "se") else {}
            return await self._show(visit, stored, "write", written, errors)
        if step == "se":
            return await self._show(visit, await self._stored(request), "confirm", note)
        return await self._withdraw(visit, StepForm.of(typed), request.path_params["id"], note)

    async def _withdraw(
        self, visit: StaffVisit, form: StepForm, article: str, note: str
    ) -> Response:
        try:
            await self._parts.take_step(
                "withdraw", article, form.request(visit, visit.who, note), note
            )
        except Problem as problem:
            return await self._pages.refused(visit, article, problem, typed=note)
        return to(self._after(require(await self._parts.articles.find(article))))

    async def _show(
        self,
        visit: StaffVisit,
        stored: StoredArticle,
        step: str,
        written: str = "",
        errors: dict[str, str] | None = None,
    ) -> Response:
        life, live = stored.life, stored.live or stored.head
        deliveries = (await self._parts.receipts.seen(life.id)).deliveries
        return self._look.page(
            visit,
            "review/withdraw.html",
            422 if errors else 200,
            errors=errors,
            step_name=step,
            written=written,
            live=stored.live,
            told=told_of_the_end(deliveries),
            first=first_words(live.article, "withdrawal", written),
            is_neutral=self._parts.settings.neutral_subject,
            may="withdraw" in possible(life, visit.who, self._parts.rules),
            **self._pages.shared(life),
        )

    async def _stored(self, request: Request) -> StoredArticle:
        return require(await self._parts.articles.find(request.path_params["id"]))

    def _after(self, stored: StoredArticle) -> str:
        receipt = "kvittering/" if stored.life.kind == "safety_alert" else ""
        return f"/redaksjon/sak/{stored.life.id}/{receipt}"
