"""To correct what readers see: what kind of change it is, who is told, what they will read first.
Then the form opens with that in it. Nothing is sent here: a correction is approved, too."""

from typing import Literal, cast

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.desk.open_copy import OpenCopy, OpenedCopy
from services.ingest.desk.shape import in_shape
from services.ingest.desk.store import Conflict, Desk
from services.ingest.lifecycle.plan import StoredArticle
from services.ingest.lifecycle.preconditions import require
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.review.first_words import first_words
from services.ingest.newsroom.review.pages import StepPages
from services.ingest.newsroom.review.reach import told_of_a_correction
from services.ingest.newsroom.review.sent import StepForm, note_of
from services.ingest.newsroom.visit import StaffDoor, StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.problems import unavailable
from shared.languages.say import nb

ChangeKind = Literal["correction", "edit"]
_TRIES = 5
"""Of one correction, while others change the same working copy."""


class Correcting:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look
        self._pages = StepPages(parts, look)
        self._desk = Desk(parts.redis)
        self._open = OpenCopy(self._desk, parts.articles)

    async def ask(self, request: Request) -> Response:
        """GET: what kind of change it is, and the field for what has changed."""
        visit = await self._door.staff(request)
        stored = await self._stored(request)
        change = in_shape((await self._opened(stored)).copy.fields)["change"]
        return await self._show(visit, stored, "write", kind=change["kind"], written=change["note"])

    async def send(self, request: Request) -> Response:
        """POST: show what they will read; or, from there, back, or on to the form."""
        visit = await self._door.staff(request)
        typed = await self._door.form(request)
        stored = await self._stored(request)
        kind, written, step = typed.text("slag"), typed.text("hva"), typed.text("steg")
        errors = {} if step == "tilbake" else wrong(kind, written)
        if errors or step not in ("se", "skriv") or stored.live is None:
            return await self._show(
                visit, stored, "write", kind=kind, written=written, errors=errors
            )
        note, _ = note_of(written) if written else ("", "")
        if step == "se" and kind == "correction":
            return await self._show(visit, stored, "confirm", kind=kind, written=note)
        form = StepForm.of(typed)
        await self._begin(visit, stored, cast("ChangeKind", kind), note, form.once)
        return to(f"/redaksjon/sak/{stored.life.id}/skriv/")

    async def _begin(
        self, visit: StaffVisit, stored: StoredArticle, kind: ChangeKind, note: str, once: str
    ) -> None:
        """The working copy says what kind of change it is. What is typed in it stays."""
        change = {"kind": kind, "note": note}
        for _ in range(_TRIES):
            copy = (await self._opened(stored)).copy
            fields = in_shape(copy.fields)
            if fields["change"] == change:
                return
            saved = await self._desk.save(
                copy.id,
                fields | {"change": change},
                copy.version,
                visit.who,
                sitting=once,
                base=copy.base,
            )
            if not isinstance(saved, Conflict):
                return
        raise unavailable("Noen andre skriver på saken akkurat nå. Prøv igjen om litt.")

    async def _show(
        self,
        visit: StaffVisit,
        stored: StoredArticle,
        step: str,
        *,
        kind: str,
        written: str,
        errors: dict[str, str] | None = None,
    ) -> Response:
        life, live = stored.life, stored.live or stored.head
        seen = await self._parts.receipts.seen(life.id)
        return self._look.page(
            visit,
            "review/correct.html",
            422 if errors else 200,
            errors=errors,
            step_name=step,
            kind=kind,
            written=written,
            live=stored.live,
            told=told_of_a_correction(seen.deliveries),
            first=first_words(live.article, "correction", written),
            is_neutral=self._parts.settings.neutral_subject,
            **self._pages.shared(life),
        )

    async def _stored(self, request: Request) -> StoredArticle:
        return require(await self._parts.articles.find(request.path_params["id"]))

    async def _opened(self, stored: StoredArticle) -> OpenedCopy:
        opened = await self._open(stored.life.id)
        assert opened is not None  # the article is there
        return opened


def wrong(kind: str, written: str) -> dict[str, str]:
    """What has to be mended, by field. A small change may go without words."""
    if kind not in ("correction", "edit"):
        return {"slag-correction": nb("Velg om de som har fått saken, skal få vite det.")}
    if kind == "edit" and not written:
        return {}
    message = note_of(written)[1]
    return {"hva": message} if message else {}
