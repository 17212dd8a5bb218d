"""The way from a letter back to us: by its link, whose page has a button, or by its code.

Programs open links, so a GET changes nothing and signs nobody in. What a link or a code does is
decided by what its letter was asked for.
"""

from dataclasses import replace
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.notify.letters.asked import Asked, Kind
from services.notify.letters.tickets import Ticket
from services.notify.member_pages import fields
from services.notify.member_pages.look import PageLook
from services.notify.member_pages.visit import Door, PageParts, Visit, to
from services.notify.members.member import JOINED, Member

_PAGES = {
    Kind.JOIN: "confirm_joining.html",
    Kind.LOGIN: "confirm_login.html",
    Kind.MOVE: "confirm_move.html",
    Kind.MOVED: "confirm_undo.html",
}


class Confirming:
    def __init__(self, parts: PageParts, door: Door, look: PageLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look

    async def look_at_link(self, request: Request) -> Response:
        """GET of a link: what its button does."""
        visit = await self._door.known(request)
        ticket = await self._parts.tickets.look(request.path_params["token"])
        if ticket is None or ticket.asked.kind not in _PAGES:
            return self._look.page(visit, "dead_link.html", 404)
        return self._look.page(visit, _PAGES[ticket.asked.kind], is_mine=_is_mine(visit, ticket))

    async def press(self, request: Request) -> Response:
        """POST of the button."""
        await self._door.form(request)
        visit = await self._door.known(request)
        token = request.path_params["token"]
        ticket = await self._parts.tickets.look(token)
        if ticket and ticket.asked.kind is Kind.MOVE and not _is_mine(visit, ticket):
            # Whoever owns a mistyped address must not get into the member's pages.
            return self._look.page(visit, "confirm_move.html", 403, is_mine=False)
        if ticket and ticket.asked.kind is Kind.JOIN:
            # First, so that a journal that is away does not use the link up in vain.
            await self._become_member(ticket.asked)
        ticket = await self._parts.tickets.use_link(token)
        if ticket is None or ticket.asked.kind not in _PAGES:
            return self._look.page(visit, "dead_link.html", 404)
        return await self._do(visit, ticket.asked)

    async def ask_code(self, request: Request) -> Response:
        """GET: the field for the code; the same for everybody."""
        return self._code_page(self._door.visit(request))

    async def try_code(self, request: Request) -> Response:
        """POST of a code."""
        form = await self._door.form(request)
        visit = await self._door.known(request)
        typed = fields.code(form)
        if not typed:
            message = "Koden er på seks siffer. Skriv den slik den står i e-posten."
            return self._code_page(visit, 422, message)
        ticket = await self._parts.tickets.use_code(visit.browser, typed)
        if ticket is None:
            message = "Koden stemmer ikke, eller den virker ikke lenger."
            return self._code_page(visit, 422, message)
        if ticket.asked.kind is Kind.MOVE and not _is_mine(visit, ticket):
            return self._look.page(visit, "confirm_move.html", 403, is_mine=False)
        return await self._do(visit, ticket.asked)

    def _code_page(self, visit: Visit, status: int = 200, message: str = "") -> Response:
        errors = {fields.CODE: message} if message else {}
        back = visit.request.url.path.removesuffix("kode/")
        return self._look.page(visit, "code.html", status, errors=errors, back=back)

    async def _do(self, visit: Visit, asked: Asked) -> Response:
        if asked.kind is Kind.JOIN:
            return await self._join(visit, asked)
        if asked.kind is Kind.LOGIN:
            return await self._log_in(visit, asked.number)
        if asked.kind is Kind.MOVE:
            return await self._move(visit, asked)
        return await self._undo_move(visit, asked)

    async def _join(self, visit: Visit, asked: Asked) -> Response:
        number = await self._become_member(asked)
        response = to("/bli-medlem/velkommen/")
        await self._door.log_in(visit, response, number)
        return response

    async def _become_member(self, asked: Asked) -> int:
        """The number of who confirmed that they want to join. Idempotent. JournalAway if it has to
        wait."""
        now = datetime.now(UTC)
        [known] = await self._parts.members.find([asked.email])
        number = await self._parts.membership.join(
            Member(
                asked.email,
                asked.name,
                asked.lang,
                asked.consent,
                JOINED,
                _iso(asked.at or now),
                _iso(now),
            )
        )
        if known is None or known.number != number:
            # Not of who is a member already: somebody else may have asked for them.
            await self._parts.choices.set(number, asked.subjects)
        return number

    async def _log_in(self, visit: Visit, number: int) -> Response:
        # Whoever has the letter has mail at this address, whatever came back before.
        await self._parts.bounces.forget(number)
        response = to("/min-side/")
        await self._door.log_in(visit, response, number)
        return response

    async def _move(self, visit: Visit, asked: Asked) -> Response:
        """The old address is told first: the letter is kept before anything changes."""
        person = visit.person
        assert person  # whoever called has looked
        if person.member.email == asked.email:
            return to("/min-side/?gjort=adresse")
        if person.has_left:
            return to("/min-side/")
        [taken] = await self._parts.members.find([asked.email])
        if taken and taken.number != person.number and not (taken.left or taken.moved):
            return self._look.page(visit, "address_taken.html", 409)
        await self._parts.letters.ask(
            Asked(
                Kind.MOVED,
                person.member.email,
                lang=person.member.lang,
                number=person.number,
                at=datetime.now(UTC),
            )
        )
        if not await self._parts.membership.move(person.number, person.sealed, asked.email):
            raise HTTPException(409)
        await self._door.sessions.end_all(person.number)
        response = to("/min-side/?gjort=adresse")
        await self._door.log_in(visit, response, person.number)
        return response

    async def _undo_move(self, visit: Visit, asked: Asked) -> Response:
        """Mail goes to the address of before again; whoever moved it is logged out."""
        person = await self._door.person(asked.number)
        move = self._parts.membership.move
        if person is None or not await move(person.number, person.sealed, asked.email):
            return self._look.page(visit, "dead_link.html", 404)
        await self._door.sessions.end_all(person.number)
        response = self._look.page(replace(visit, person=None), "move_undone.html")
        await self._door.log_out(visit, response)
        return response


def _is_mine(visit: Visit, ticket: Ticket) -> bool:
    return visit.person is not None and visit.person.number == ticket.asked.number


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
