"""What a member changes: name and language, choices, address."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.notify.choices.subjects import subjects
from services.notify.letters.asked import Asked, LetterKind
from services.notify.member_pages import fields
from services.notify.member_pages.fields import Typed
from services.notify.member_pages.look import PageLook
from services.notify.member_pages.visit import Door, PageParts, Visit, to
from shared.languages.say import lang_of


class Details:
    def __init__(self, parts: PageParts, door: Door, look: PageLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look

    async def ask_name(self, request: Request) -> Response:
        """GET: name and language."""
        visit, person = await self._door.current(request)
        return self._page(
            visit, "name.html", Typed(name=person.member.name, lang=lang_of(person.member.lang))
        )

    async def set_name(self, request: Request) -> Response:
        """POST of them."""
        form = await self._door.form(request)
        visit, person = await self._door.current(request)
        typed = Typed(lang=fields.lang(form))
        fields.read_name(form, typed)
        if typed.errors:
            return self._page(visit, "name.html", typed, 422)
        changed = person.member._replace(name=typed.name, lang=typed.lang)
        if not await self._parts.membership.change(person.number, person.sealed, changed):
            return self._look.page(visit, "changed_meanwhile.html", 409)
        return to("/min-side/?gjort=opplysninger")

    async def ask_choice(self, request: Request) -> Response:
        """GET: which alerts."""
        visit, person = await self._door.current(request)
        chosen = await self._parts.choices.of(person.number)
        return await self._choices(visit, Typed(subjects=chosen))

    async def set_choice(self, request: Request) -> Response:
        """POST of it."""
        form = await self._door.form(request)
        visit, person = await self._door.current(request)
        typed = Typed()
        fields.read_subjects(form, typed, [one.id for one in await subjects(self._parts.redis)])
        if typed.errors:
            return await self._choices(visit, typed, 422)
        # If what they chose before they left has not come back yet, it does not any more.
        await self._parts.members.has_returned(person.number)
        if not await self._parts.choices.set(person.number, typed.subjects):
            return self._look.page(visit, "changed_meanwhile.html", 409)
        return to("/min-side/?gjort=emner")

    async def ask_address(self, request: Request) -> Response:
        """GET: another address."""
        visit, _ = await self._door.current(request)
        return self._page(visit, "address.html", Typed())

    async def set_address(self, request: Request) -> Response:
        """POST of it: a letter to the new one is on its way. Nothing changes until it is used."""
        form = await self._door.form(request)
        visit, person = await self._door.current(request)
        typed = Typed()
        fields.read_email(form, typed)
        if typed.errors:
            return self._page(visit, "address.html", typed, 422)
        await self._parts.letters.ask(
            Asked(
                LetterKind.MOVE,
                typed.email,
                lang=visit.lang,
                browser=visit.browser,
                number=person.number,
                at=datetime.now(UTC),
            )
        )
        return to("/min-side/adresse/kode/")

    async def _choices(self, visit: Visit, typed: Typed, status: int = 200) -> Response:
        can = await subjects(self._parts.redis)
        return self._page(visit, "choices.html", typed, status, subjects=can)

    def _page(
        self, visit: Visit, template: str, typed: Typed, status: int = 200, **values: Any
    ) -> Response:
        errors = {str(name): text for name, text in typed.errors.items()}
        return self._look.page(visit, template, status, errors=errors, typed=typed, **values)
