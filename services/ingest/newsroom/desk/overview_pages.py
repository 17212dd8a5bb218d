"""A new article, and what there is of one: where it is, and what comes next."""

from functools import partial
from itertools import pairwise
from typing import cast, get_args

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.ingest.desk.open_copy import OpenedCopy
from services.ingest.identity.privacy import privacy_page
from services.ingest.identity.store import Identities
from services.ingest.lifecycle.diff.revisions import Diff
from services.ingest.lifecycle.life import StoredRevision
from services.ingest.lifecycle.steps import possible
from services.ingest.newsroom.desk import words
from services.ingest.newsroom.desk.begin import Beginning, begun
from services.ingest.newsroom.desk.desk_parts import DeskParts
from services.ingest.newsroom.desk.listing import EXERCISES, UNTITLED
from services.ingest.newsroom.desk.next_step import next_step, time_left, waits_behind_what_is_out
from services.ingest.newsroom.desk.sent import SentForm, sent
from services.ingest.newsroom.doors.trial import are_both, other_name
from services.ingest.newsroom.seeing.sketch_copy import end_sketch
from services.ingest.newsroom.shown.told import told
from services.ingest.newsroom.shown.waits_for import WaitsFor, waits_for
from services.ingest.newsroom.shown.words import valued
from services.ingest.newsroom.visit import StaffVisit, to
from services.ingest.problems import Problem
from services.ingest.receipts.staff_reach import staff_reach
from services.ingest.sketches.store import Sketches
from services.ingest.telling.store import Tellings
from services.ingest.word.open_docx import LARGEST_BYTES, open_docx, too_many_bytes
from shared.article import Lang
from shared.child.children import ChildDied, GaveUp, weigh
from shared.languages.say import nb, say
from shared.oslo import oslo

_DIFF_SECONDS = 5.0


class OverviewPages:
    def __init__(self, desk: DeskParts) -> None:
        self._desk = desk
        self._parts = desk.parts

    async def new(self, request: Request) -> Response:
        visit = await self._desk.door.staff(request)
        if request.method != "POST":
            return self._ask_what(visit)
        got = await sent(request, LARGEST_BYTES)
        await self._desk.door.check(request, got.token)
        kind, given = got.text("hva"), got.text("given")
        if kind not in get_args(Beginning):
            return self._ask_what(visit, got, {"hva-nyhet": nb("Velg hva du vil skrive.")})
        if got.file_name:
            try:
                if got.file_is_too_large:
                    raise too_many_bytes()
                document = await open_docx(self._parts.children, got.file)
            except Problem as refused:
                message = refused.errors[0].message if refused.errors else refused.detail
                return self._ask_what(visit, got, {"fil": f"{message[:1].upper()}{message[1:]}"})
            given = f"{given.rstrip()}\n\n{document.markdown}".lstrip()
        today = oslo(await self._parts.articles.now()).date()
        used = await self._desk.memory()
        fields = begun(cast("Beginning", kind), visit.who.name, today, used, visit.lang)
        if kind == "personvern":
            identity = (await Identities(self._parts.redis).now()).identity
            fields |= privacy_page(identity, self._parts.settings)
        fields |= {"given": given.replace("\r\n", "\n")}
        article = await self._desk.desk.create(visit.who, fields)
        return to(f"/redaksjon/sak/{article}/skriv/")

    def _ask_what(
        self,
        visit: StaffVisit,
        got: SentForm | None = None,
        errors: dict[str, str] | None = None,
    ) -> Response:
        """The page on which an article begins, with what was chosen and typed."""
        return self._desk.look.page(
            visit,
            "desk/new.html",
            422 if errors else 200,
            errors=errors,
            chosen=got.text("hva") if got else "",
            typed=got.text("given") if got else "",
        )

    async def article(self, request: Request) -> Response:
        visit = await self._desk.door.staff(request)
        opened = await self._desk.opened(request.path_params["id"])
        life = opened.life
        now = await self._parts.articles.now()
        returned = life.returned(life.revision) if life and life.state == "draft" else None
        typed = opened.copy.fields
        mode = life.mode if life else typed["alert"]["mode"]
        return self._desk.look.page(
            visit,
            "desk/article.html",
            opened=opened,
            life=life,
            copy=opened.copy,
            heading=str(typed["title"]).strip() or say(UNTITLED, visit.lang),
            is_exercise=mode in EXERCISES,
            step=next_step(opened, visit.who, self._parts.rules),
            has_live=waits_behind_what_is_out(opened),
            steps=possible(life, visit.who, self._parts.rules) if life else (),
            returned=returned,
            left=time_left(life.due, now) if life and life.due else "",
            site=self._parts.site,
            other=other_name(visit.who.id),
            stuck=self._is_stuck(opened),
            can_invite=visit.who.may("admin"),
            mark=_mark(opened),
            stands=bool(await Tellings(self._parts.redis).standing([opened.copy.id])),
            waits=await self._waits_for(opened, visit),
        )

    async def _waits_for(self, opened: OpenedCopy, visit: StaffVisit) -> WaitsFor | None:
        """Whom the article waits for; None if it waits for nobody, or for who looks."""
        life, rules, redis = opened.life, self._parts.rules, self._parts.redis
        if (
            life is None
            or life.state != "in_review"
            or "approve" in possible(life, visit.who, rules)
        ):
            return None
        other = "" if self._is_stuck(opened) else other_name(visit.who.id)
        staff, reach = await self._desk.door.people.all(), await staff_reach(redis)
        return waits_for(life, staff, rules, reach, other)

    def _is_stuck(self, opened: OpenedCopy) -> bool:
        """Whether both persons of a trial have typed in what still waits for an approval."""
        life, names = opened.life, opened.copy.names
        wrote = (life.author_ids if life else set()) | set(names)
        kind = life.kind if life else opened.copy.fields["kind"]
        waits = life is None or life.state in ("draft", "in_review")
        return waits and self._parts.rules.wanted(kind, wrote) > 0 and are_both(wrote)

    async def mark(self, request: Request) -> Response:
        """GET: what the page of a case depends on, for its script, which asks again and again."""
        await self._desk.door.staff(request, idles=False)
        opened = await self._desk.opened(request.path_params["id"])
        return JSONResponse({"mark": _mark(opened)}, headers={"Cache-Control": "no-store"})

    async def history(self, request: Request) -> Response:
        visit = await self._desk.door.staff(request)
        opened = await self._desk.opened(request.path_params["id"])
        revisions = await self._parts.articles.revisions(opened.copy.id) if opened.life else []
        asides = await self._desk.desk.asides(opened.copy.id)
        wanted = request.query_params.get("utgave", "")
        changes = await self._changes(revisions, wanted, visit.lang)
        return self._desk.look.page(
            visit,
            "desk/history.html",
            opened=opened,
            life=opened.life,
            revisions=revisions[::-1],
            asides=asides,
            changes=changes,
            wanted=wanted,
            heading=str(opened.copy.fields["title"]).strip() or say(UNTITLED, visit.lang),
            named=_named,
            said=partial(valued, lang=visit.lang),
        )

    async def _changes(
        self, revisions: list[StoredRevision], wanted: str, lang: Lang
    ) -> Diff | None:
        """What the wanted revision changed in the one before it."""
        for before, after in pairwise(revisions):
            if str(after.revision) == wanted:
                weight = weigh(before.article.body) + weigh(after.article.body)
                try:
                    return await self._parts.children.run(
                        weight, _DIFF_SECONDS, told, before, after, lang
                    )
                except (GaveUp, ChildDied):
                    return None
        return None

    async def throw_away(self, request: Request) -> Response:
        visit = await self._desk.door.staff(request)
        opened = await self._desk.opened(request.path_params["id"])
        heading = str(opened.copy.fields["title"]).strip() or say(UNTITLED, visit.lang)
        if request.method != "POST" or not opened.is_typed:
            return self._desk.look.page(
                visit, "desk/throw_away.html", opened=opened, heading=heading, is_newer=False
            )
        form = await self._desk.door.form(request)
        seen = form.text("utgave")
        gone = str(opened.copy.version) == seen and await self._desk.desk.remove(opened.copy)
        if not gone:
            return self._desk.look.page(
                visit, "desk/throw_away.html", 409, opened=opened, heading=heading, is_newer=True
            )
        await end_sketch(Sketches(self._desk.parts.redis), opened)
        return to(f"/redaksjon/sak/{opened.copy.id}/" if opened.life else "/redaksjon/")


def _mark(opened: OpenedCopy) -> str:
    """What changes whenever the page of a case would be another."""
    return f"{opened.life.version if opened.life else 0}-{opened.copy.version}"


def _named(path: str) -> str:
    try:
        return words.named(path)
    except KeyError:
        return path
