"""Logging out, leaving, coming back, and being forgotten: each is asked for first."""

from dataclasses import replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from services.notify.member_pages.look import PageLook
from services.notify.member_pages.visit import Door, PageParts, Visit, to


class Farewell:
    def __init__(self, parts: PageParts, door: Door, look: PageLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look

    async def log_out(self, request: Request) -> Response:
        """POST: here, or in every browser."""
        form = await self._door.form(request)
        visit = await self._door.known(request)
        everywhere = form.text("hvor") == "overalt"
        if everywhere and visit.person:
            for number in await self._parts.members.numbers_of(visit.person.number):
                await self._door.sessions.end_all(str(number))
        response = to(f"/min-side/?gjort={'ut-overalt' if everywhere else 'ut'}")
        await self._door.log_out(visit, response)
        return response

    async def ask_to_leave(self, request: Request) -> Response:
        visit, _ = await self._door.member(request)
        return self._look.page(visit, "leave.html")

    async def leave(self, request: Request) -> Response:
        """POST: no new alerts from now on."""
        await self._door.form(request)
        visit, person = await self._door.member(request)
        await self._parts.membership.leave(person.number)
        visit.person = replace(person, has_left=True)
        return self._look.page(visit, "left_here.html")

    async def come_back(self, request: Request) -> Response:
        """POST: alerts again, as before; so often in an hour, since each time uses up a number."""
        await self._door.form(request)
        visit, person = await self._door.member(request)
        response = to("/min-side/?gjort=tilbake")
        if person.has_left:
            numbers = await self._parts.members.numbers_of(person.number)
            if not await self._parts.letters.may_undo(numbers, person.number):
                return self._look.page(visit, "back_later.html", 429)
            try:
                number = await self._door.come_back(person)
            except LookupError:  # after so long they agree anew
                return to("/bli-medlem/")
            await self._door.go_on(visit, response, number)
        return response

    async def ask_to_erase(self, request: Request) -> Response:
        visit, person = await self._door.member(request)
        if until := await self._parts.membership.undo_until(person.number):
            return self._erase_later(visit, until, 200)
        return self._look.page(visit, "erase.html")

    async def erase(self, request: Request) -> Response:
        """POST: everything about this person goes, and every browser is logged out; but not while
        whoever had the address before may have them back."""
        await self._door.form(request)
        visit, person = await self._door.member(request)
        if until := await self._parts.membership.undo_until(person.number):
            return self._erase_later(visit, until, 409)
        for number in await self._parts.members.numbers_of(person.number):
            await self._door.sessions.end_all(str(number))
        await self._parts.membership.erase(person.number)
        response = self._look.page(replace(visit, person=None), "erased.html")
        await self._door.log_out(visit, response)
        return response

    def _erase_later(self, visit: Visit, until: datetime, status: int) -> Response:
        return self._look.page(visit, "erase_later.html", status, until=until)
