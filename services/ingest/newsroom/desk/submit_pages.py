"""Submitting: what is missing, what will happen, and then it is done."""

import json

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.desk.open_copy import OpenedCopy
from services.ingest.newsroom.desk.desk_parts import DeskParts
from services.ingest.newsroom.desk.form import FormView
from services.ingest.newsroom.desk.listing import UNTITLED
from services.ingest.newsroom.visit import StaffVisit, to
from services.ingest.problems import Problem
from shared.article import Kind
from shared.languages.say import say


class SubmitPages:
    def __init__(self, desk: DeskParts) -> None:
        self._desk = desk

    async def submit(self, request: Request) -> Response:
        visit = await self._desk.door.staff(request)
        opened = await self._desk.opened(request.path_params["id"])
        written = json.dumps(opened.copy.fields, ensure_ascii=False)
        await self._desk.parts.take_picture.all_made(written)
        if request.method != "POST":
            return await self._page(visit, opened)
        form = await self._desk.door.form(request)
        seen = form.text("utgave")
        version = int(seen) if seen.isdigit() else -1
        try:
            await self._desk.submit(opened.copy.id, version, visit.who)
        except Problem as problem:
            return await self._page(visit, await self._desk.opened(opened.copy.id), problem)
        return to(f"/redaksjon/sak/{opened.copy.id}/")

    async def _page(
        self, visit: StaffVisit, opened: OpenedCopy, problem: Problem | None = None
    ) -> Response:
        judged = await self._desk.judge(opened, opened.copy.fields, visit.who.id)
        form = FormView(opened.copy.fields, judged, all_missing=True)
        rules = self._desk.parts.rules
        kind: Kind = "safety_alert" if form.is_alert else "news"
        authors = {
            visit.who.id,
            *opened.copy.names,
            *(opened.life.author_ids if opened.life else ()),
        }
        return self._desk.look.page(
            visit,
            "desk/submit.html",
            problem.status if problem else 200,
            form=form,
            opened=opened,
            copy=opened.copy,
            problem=problem,
            wanted=rules.wanted(kind, authors),
            whom=await self._desk.whom(opened, opened.copy.fields, visit.lang),
            hold_minutes=round(rules.hold.total_seconds() / 60) if form.is_alert else 0,
            heading=str(opened.copy.fields["title"]).strip() or say(UNTITLED, visit.lang),
        )
