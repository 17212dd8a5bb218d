"""/bli-medlem/: joining, and the answer that is the same whoever asks.

What is typed is only queued: whether the address is a member's is looked up by the sender of
letters, later, so neither the answer nor its time tells.
"""

from dataclasses import replace
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response

from services.notify.choices.subjects import subjects
from services.notify.letters.asked import Asked, LetterKind
from services.notify.member_pages import fields
from services.notify.member_pages.consent import consent
from services.notify.member_pages.fields import Typed
from services.notify.member_pages.history.read_history import in_force
from services.notify.member_pages.look import PageLook
from services.notify.member_pages.visit import Door, PageParts, Visit, to


class Joining:
    def __init__(self, parts: PageParts, door: Door, look: PageLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look

    async def ask(self, request: Request) -> Response:
        """GET: the form."""
        visit = self._door.visit(request)
        return await self._form(visit, Typed(lang=visit.lang))

    async def join(self, request: Request) -> Response:
        """POST: a letter is on its way; or the form again, with what is wrong named."""
        form = await self._door.form(request)
        visit = self._door.visit(request)
        can = [subject.id for subject in await subjects(self._parts.redis)]
        agreed = consent(visit.lang, self._look.frame.name)
        typed = fields.joining(form, can, agreed.short)
        if typed.errors:
            return await self._form(visit, typed, 422)
        await self._parts.letters.ask(
            Asked(
                LetterKind.JOIN,
                typed.email,
                name=typed.name,
                lang=typed.lang,
                subjects=typed.subjects,
                consent=await self._parts.members.keep_consent(agreed),
                browser=visit.browser,
                at=datetime.now(UTC),
            )
        )
        return to(f"/bli-medlem/kode/{self._in(visit)}")

    async def welcome(self, request: Request) -> Response:
        """GET: what holds now, for members who have just joined."""
        visit, _ = await self._door.member(request)
        alerts = await in_force(self._parts.redis, datetime.now(UTC))
        return self._look.page(visit, "welcome.html", alerts=alerts)

    async def _form(self, visit: Visit, typed: Typed, status: int = 200) -> Response:
        return self._look.page(
            visit,
            "join.html",
            status,
            errors={str(name): text for name, text in typed.errors.items()},
            found_at="/bli-medlem/" if status == 200 else "",
            typed=replace(typed),
            subjects=await subjects(self._parts.redis),
            consent=consent(visit.lang, self._look.frame.name),
        )

    def _in(self, visit: Visit) -> str:
        return "" if visit.lang == self._door.lang else f"?maal={visit.lang}"
