"""The form: typed in, saved by itself, and never overwritten."""

import asyncio
import secrets
from datetime import UTC, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from services.ingest.desk import given
from services.ingest.desk.differences import marks
from services.ingest.desk.open_copy import OpenedCopy
from services.ingest.desk.save_copy import TypedText
from services.ingest.desk.shape import Fields
from services.ingest.desk.store import Conflict, WorkingCopy
from services.ingest.desk.typed import pressed
from services.ingest.newsroom.desk import words
from services.ingest.newsroom.desk.desk_parts import DeskParts
from services.ingest.newsroom.desk.form import FormView
from services.ingest.newsroom.desk.listing import UNTITLED
from services.ingest.newsroom.desk.markdown import picture_of
from services.ingest.newsroom.desk.sent import SentForm, sent
from services.ingest.newsroom.look import NewsroomWords
from services.ingest.newsroom.visit import NobodyLoggedIn, StaffVisit, to
from services.ingest.pictures import picture
from services.ingest.problems import FieldError, Problem, invalid
from shared.article import Picture
from shared.languages.say import say
from shared.oslo import oslo

JUDGED_WITHIN_SECONDS = 0.05
"""How long the save of a heavy text waits for what there is to say of it."""
_NO_STORE = {"Cache-Control": "no-store"}
_WORDS_OF_A_PICTURE = ("alt", "bildetekst", "foto")


class WritePages:
    def __init__(self, desk: DeskParts) -> None:
        self._desk = desk

    async def form(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._typed(request)
        visit = await self._desk.door.staff(request)
        opened = await self._desk.opened(request.path_params["id"])
        return await self._page(visit, opened)

    async def _page(self, visit: StaffVisit, opened: OpenedCopy, **more: Any) -> Response:
        copy, life = opened.copy, opened.life
        all_missing = "mangler" in visit.request.query_params
        judged = await self._desk.judge(opened, copy.fields, visit.who.id)
        form = FormView(copy.fields, judged, all_missing=all_missing)
        used = await self._desk.memory()
        asides = [one for one in await self._desk.desk.asides(copy.id) if one.by == visit.who.id]
        return self._desk.look.page(
            visit,
            "desk/write.html",
            form=form,
            copy=copy,
            opened=opened,
            life=life,
            returned=life.returned(life.revision) if life and life.state == "draft" else None,
            heading=str(copy.fields["title"]).strip() or say(UNTITLED, visit.lang),
            untitled=say(UNTITLED, visit.lang),
            sitting=secrets.token_hex(8),
            marks=marks(copy.fields),
            used=used,
            ideas=form.topic_ideas(used.topics),
            advice=used.advice or words.ADVICE_BLOCKS,
            named=[
                one
                for one in given.named_medicines(form.fields["given"], used.known)
                if not given.is_taken(form.fields, one)
            ],
            links=[
                one
                for one in given.links(form.fields["given"])
                if not given.is_source(form.fields, one)
            ],
            blocks=words.HELP_BLOCKS,
            texts={name: NewsroomWords(visit.lang)(text) for name, text in words.SCRIPT.items()},
            asides=asides,
            all_missing=all_missing,
            whom=await self._desk.whom(opened, copy.fields, visit.lang),
            **more,
        )

    async def _typed(self, request: Request) -> Response:
        """A button of the form was pressed, without script or for more than saving."""
        got = await sent(request)
        visit = await self._desk.door.staff(request)
        await self._desk.door.check(request, got.token)
        button = got.text("knapp")
        typed = got.typed
        fields = await self._pressed(typed.fields, button)
        saved = await self._save(request, visit, typed, fields)
        if isinstance(saved, Conflict):
            return to(f"/redaksjon/sak/{request.path_params['id']}/velg/?tekst={typed.sitting}")
        base = f"/redaksjon/sak/{saved.id}"
        if button == "send-inn":
            return to(f"{base}/send-inn/")
        if button == "vis":
            return to(f"{base}/vis/")
        if button == "ferdig":
            return to(f"{base}/")
        _, _, rest = button.partition(":")
        place = rest.partition("=")[0].split(".")
        anchor = ".".join(place[:2]) if place[0] == "alert" else place[0]
        return to(f"{base}/skriv/#{anchor or 'innhold'}")

    async def _pressed(self, fields: Fields, button: str) -> Fields:
        """The fields after a button; `medisin:alert.medicines.0=eksempelinib` fills a row with
        what is known of a medicine, `funnet:alert.medicines=eksempelinib` one with what the pasted
        warning says of it, `lenke:sources=https://…` a source with an address."""
        if button.startswith("lenke:"):
            return given.with_source(fields, button.partition("=")[2])
        if button.startswith("funnet:"):
            used = await self._desk.memory()
            for one in given.named_medicines(fields["given"], used.known):
                if one.key == button.partition("=")[2]:
                    return given.with_medicine(fields, one)
            return fields
        if not button.startswith("medisin:"):
            return pressed(fields, button)
        row, _, substance = button.removeprefix("medisin:").partition("=")
        used = await self._desk.memory()
        fields = pressed(fields, f"sett:{row}.substance={substance}")
        for brand in used.medicines.get(substance, ()):
            fields = pressed(fields, f"sett:{row}.brands={brand}")
        return fields

    async def _save(
        self, request: Request, visit: StaffVisit, typed: TypedText, fields: Fields
    ) -> WorkingCopy | Conflict:
        new = TypedText(fields, typed.version, typed.base, typed.sitting, typed.marks)
        return await self._desk.save(request.path_params["id"], new, visit.who)

    async def autosave(self, request: Request) -> Response:
        """What a script saves while somebody types: `If-Match` says what it has seen."""
        got = await sent(request)
        try:
            # What the form asks without anybody typing keeps nobody logged in.
            visit = await self._desk.door.staff(request, idles=not got.text("bare"))
            await self._desk.door.check(request, got.token)
        except NobodyLoggedIn:
            return JSONResponse({"error": "logged_out"}, 401, _NO_STORE)
        except HTTPException as refused:
            return JSONResponse({"error": "stale_form"}, refused.status_code, _NO_STORE)
        article = request.path_params["id"]
        here = await self._names(await self._desk.desk.beat(article, visit.who.id))
        if got.text("bare") == "her":
            opened = await self._desk.opened(article)
            version = opened.copy.version
            return JSONResponse({"here": here, "version": version}, headers=_NO_STORE)
        if got.text("bare") == "sjekk":
            opened = await self._desk.opened(article)
            told = await self._judged_soon(visit, opened, opened.copy.fields)
            return JSONResponse(told | {"version": opened.copy.version}, headers=_NO_STORE)
        typed = _matching(got.typed, request.headers.get("if-match", ""))
        saved = await self._save(request, visit, typed, typed.fields)
        if isinstance(saved, Conflict):
            theirs = saved.theirs
            who = theirs.names.get(theirs.by, "") if theirs else ""
            return JSONResponse({"error": "conflict", "who": who, "here": here}, 412, _NO_STORE)
        opened = await self._desk.opened(article)
        told = await self._judged_soon(visit, opened, saved.fields)
        told |= {
            "version": saved.version,
            "base": saved.base,
            "marks": marks(saved.fields),
            # What is as it was sent in is no copy: its own time would be that of the revision.
            "saved": f"{oslo(saved.at if saved.version else datetime.now(UTC)):%H.%M}",
            "here": here,
        }
        headers = _NO_STORE | {"ETag": f'"{saved.version}"'}
        return JSONResponse(told, headers=headers)

    async def _judged_soon(
        self, visit: StaffVisit, opened: OpenedCopy, fields: Fields
    ) -> dict[str, Any]:
        """What is told of a text; of a heavy one, which is still being read, only that it comes
        `later`: what is saved waits for no judgement."""
        work = asyncio.ensure_future(self._desk.judge(opened, fields, visit.who.id))
        work.add_done_callback(lambda done: done.cancelled() or done.exception())
        patience = JUDGED_WITHIN_SECONDS if self._desk.judge.is_heavy(fields) else None
        done, _ = await asyncio.wait({work}, timeout=patience)
        if not done:
            return {"later": True}
        told = FormView(fields, work.result()).told(NewsroomWords(visit.lang))
        return told | {"whom": await self._desk.whom(opened, fields, visit.lang)}

    async def picture(self, request: Request) -> Response:
        """A picture was chosen: the text is saved, and the picture stands below it. A script gets
        the picture's address, and puts it where it belongs."""
        got = await sent(request, picture.MAX_BYTES)
        for_script = "application/json" in request.headers.get("accept", "")
        if for_script:
            return await self._picture_for_script(request, got)
        return await self._with_picture(request, got)

    async def _taken(self, visit: StaffVisit, got: SentForm) -> tuple[Picture, bool]:
        if got.file_is_too_large:
            raise picture.too_many_bytes(got.file_name)
        return await self._desk.parts.take_picture(visit.who, got.file_name, got.file)

    async def _with_picture(self, request: Request, got: SentForm) -> Response:
        visit = await self._desk.door.staff(request)
        await self._desk.door.check(request, got.token)
        typed, fields = got.typed, got.typed.fields
        about = {name: got.text(name) for name in _WORDS_OF_A_PICTURE}
        problem = None
        if got.file_name:
            try:
                taken, _ = await self._taken(visit, got)
                below = picture_of(taken.name, *about.values())
                fields = fields | {"body": f"{fields['body'].rstrip()}\n\n{below}\n".lstrip()}
            except Problem as refusal:
                problem = refusal
        elif any(about.values()):
            problem = invalid(FieldError("file", words.SCRIPT["noPicture"]), what="Bildet")
        saved = await self._save(request, visit, typed, fields)
        if isinstance(saved, Conflict):
            return to(f"/redaksjon/sak/{request.path_params['id']}/velg/?tekst={typed.sitting}")
        if problem:
            opened = await self._desk.opened(saved.id)
            return await self._page(visit, opened, picture_problem=problem, about_picture=about)
        return to(f"/redaksjon/sak/{saved.id}/skriv/#body")

    async def _picture_for_script(self, request: Request, got: SentForm) -> Response:
        try:
            visit = await self._desk.door.staff(request)
            await self._desk.door.check(request, got.token)
            taken, is_made = await self._taken(visit, got)
        except NobodyLoggedIn:
            return JSONResponse({"error": "logged_out"}, 401, _NO_STORE)
        except HTTPException as refused:
            return JSONResponse({"error": "stale_form"}, refused.status_code, _NO_STORE)
        except Problem as refused:
            messages = [error.message for error in refused.errors] or [refused.detail]
            error = NewsroomWords(visit.lang).message(messages[0])
            return JSONResponse({"error": error}, refused.status, _NO_STORE)
        if not is_made:
            told = {"ask": f"{request.url.path}/{taken.name}"}
            return JSONResponse(told, 202, _NO_STORE)
        return JSONResponse({"address": taken.name}, 201, _NO_STORE)

    async def picture_state(self, request: Request) -> Response:
        """What a script asks until the picture is made: `ask` again, its `address`, or an `error`
        in words."""
        try:
            visit = await self._desk.door.staff(request, idles=False)
        except NobodyLoggedIn:
            return JSONResponse({"error": "logged_out"}, 401, _NO_STORE)
        name, pictures = request.path_params["name"], self._desk.parts.take_picture.pictures
        if name in await pictures.find(visit.who.id, [name]):
            return JSONResponse({"address": name}, headers=_NO_STORE)
        not_made = (await pictures.not_made(visit.who.id, [name])).get(name)
        if not_made is None:
            raise HTTPException(404)
        if not_made.refused is None:
            return JSONResponse({"ask": request.url.path}, 202, _NO_STORE)
        error = NewsroomWords(visit.lang).message(not_made.refused)
        return JSONResponse({"error": error}, 422, _NO_STORE)

    async def _names(self, people: list[str]) -> list[str]:
        found = [await self._desk.door.people.find(one) for one in people]
        return [one.name for one in found if one]


def _matching(typed: TypedText, if_match: str) -> TypedText:
    """The version that a script has seen, as `If-Match` says it (RFC 9110, section 13.1.1)."""
    seen = if_match.strip().strip('"')
    if not seen.isdigit():
        return typed
    return TypedText(typed.fields, int(seen), typed.base, typed.sitting, typed.marks)
