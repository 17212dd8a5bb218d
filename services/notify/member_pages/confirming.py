"""The way from a letter back to us: by its link, whose page has a button, or by its code.

Programs open links, so a GET changes nothing and signs nobody in. What a link or a code does is
decided by what its letter was asked for.
"""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.tickets import Ticket
from services.notify.member_pages import fields
from services.notify.member_pages.look import PageLook
from services.notify.member_pages.passkey_pages import NEW_PASSKEY, PASSKEYS
from services.notify.member_pages.visit import Door, LoggedIn, PageParts, Visit, to
from services.notify.members.addresses import identity
from services.notify.members.cut_off import cut_off
from services.notify.members.member import JOINED, Member
from services.notify.members.moves import moves_of
from shared.languages.say import lang_of, nb
from shared.visitors.sessions import Proof

_PAGES = {
    LetterKind.JOIN: "confirm_joining.html",
    LetterKind.LOGIN: "confirm_login.html",
    LetterKind.MOVE: "confirm_move.html",
    LetterKind.MOVED: "confirm_undo.html",
    LetterKind.PASSKEY_ADDED: "confirm_lock.html",
    LetterKind.PASSKEY_REMOVED: "confirm_lock.html",
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
        if ticket is None or ticket.asked.kind not in _PAGES or await self._is_over(ticket):
            return self._look.page(visit, "dead_link.html", 404)
        if visit.person is None:  # The letter's language is known, and no other.
            visit = replace(visit, lang=lang_of(ticket.asked.lang))
        return self._look.page(visit, _PAGES[ticket.asked.kind], is_mine=_is_mine(visit, ticket))

    async def press(self, request: Request) -> Response:
        """POST of the button."""
        await self._door.form(request)
        visit = await self._door.known(request)
        ticket = await self._parts.tickets.look(request.path_params["token"])
        done = await self._do(visit, ticket) if ticket else None
        return done or self._look.page(visit, "dead_link.html", 404)

    async def ask_code(self, request: Request) -> Response:
        """GET: the field for the code; the same for everybody."""
        return self._code_page(self._door.visit(request))

    async def try_code(self, request: Request) -> Response:
        """POST of a code."""
        form = await self._door.form(request)
        visit = await self._door.known(request)
        typed = fields.code(form)
        if not typed:
            message = nb("Koden er på seks siffer. Skriv den slik den står i e-posten.")
            return self._code_page(visit, 422, message)
        ticket = await self._parts.tickets.by_code(visit.browser, typed)
        done = await self._do(visit, ticket) if ticket else None
        if done is None:
            message = nb("Koden stemmer ikke, eller den virker ikke lenger.")
            return self._code_page(visit, 422, message)
        return done

    def _code_page(self, visit: Visit, status: int = 200, message: str = "") -> Response:
        errors = {fields.CODE: message} if message else {}
        back = visit.request.url.path.removesuffix("kode/")
        return self._look.page(visit, "code.html", status, errors=errors, back=back)

    async def _do(self, visit: Visit, ticket: Ticket) -> Response | None:
        """Do what the letter was asked for, and only then use its link and code up: whatever
        breaks off on the way, they work again. None if there is nothing more to do with them."""
        if ticket.asked.kind is LetterKind.JOIN:
            return await self._join(visit, ticket)
        if ticket.asked.kind is LetterKind.LOGIN:
            return await self._log_in(visit, ticket)
        if ticket.asked.kind is LetterKind.MOVE:
            return await self._move(visit, ticket)
        if ticket.asked.kind is LetterKind.MOVED:
            return await self._undo_move(visit, ticket)
        if ticket.asked.kind in (LetterKind.PASSKEY_ADDED, LetterKind.PASSKEY_REMOVED):
            return await self._lock(visit, ticket)
        return None

    async def _join(self, visit: Visit, ticket: Ticket) -> Response | None:
        number = await self._become_member(ticket.asked)
        return await self._let_in(visit, ticket, number, to("/bli-medlem/velkommen/"))

    async def _let_in(
        self, visit: Visit, ticket: Ticket, number: int, response: Response
    ) -> Response | None:
        """A link or a code lets one browser in: it is used up first."""
        if not await self._parts.tickets.use(ticket):
            return None
        await self._door.log_in(visit, response, number, Proof.LETTER)
        return response

    async def _become_member(self, asked: Asked) -> int:
        """The number of the person who confirmed that they join. Idempotent. JournalAway if it has
        to wait."""
        now = datetime.now(UTC)
        member = Member(
            asked.email,
            asked.name,
            asked.lang,
            asked.consent,
            JOINED,
            _iso(asked.at or now),
            _iso(now),
        )
        [known] = await self._parts.members.find([asked.email])
        number = await self._parts.membership.join(member)
        is_new = known is None or known.number != number
        if is_new or await self._began_with(number, member):
            # Not if they are a member already: somebody else may have asked for them.
            await self._parts.choices.set(number, asked.subjects)
        return number

    async def _began_with(self, number: int, member: Member) -> bool:
        """Whether this very request made them a member, and was broken off before it was done."""
        record = (await self._parts.members.records([number])).get(number)
        if record is None:
            return False
        return self._parts.members.open(number, record)._replace(confirmed="") == member._replace(
            confirmed=""
        )

    async def _log_in(self, visit: Visit, ticket: Ticket) -> Response | None:
        person = await self._door.person(ticket.asked.number)
        if person is None or identity(person.member.email) != identity(ticket.asked.email):
            # It went to the former address: whoever has that is not let in by it any more.
            return None
        # Whoever has the letter has mail at this address, whatever came back before.
        await self._parts.bounces.forget(person.number)
        after = PASSKEYS if ticket.asked.about == NEW_PASSKEY else "/min-side/"
        return await self._let_in(visit, ticket, person.number, to(after))

    async def _move(self, visit: Visit, ticket: Ticket) -> Response:
        """The old address is told in one step with the change."""
        asked, person = ticket.asked, visit.person
        if person is None or not _is_mine(visit, ticket):
            # Whoever owns a mistyped address must not get into the member's pages.
            return self._look.page(visit, "confirm_move.html", 403, is_mine=False)
        if person.has_left:
            return to("/min-side/")
        if person.member.email != asked.email:
            if not await self._is_free(asked.email, person.number):
                return self._look.page(visit, "address_taken.html", 409)
            await self._shut_out_who_had(asked.email, person.number)
            after = person.member._replace(email=asked.email)
            told = partial(self._parts.letters.of_move, person.number, person.member)
            moved = await self._parts.membership.move(person.number, person.sealed, after, told)
            if not moved:
                raise HTTPException(409)
            self._parts.letters.news.set()
        # Else it was broken off after the move.
        for number in await self._parts.members.numbers_of(person.number):
            await self._door.sessions.end_all(str(number))
        response = to("/min-side/?gjort=adresse")
        await self._door.go_on(visit, response, person.number)
        await self._parts.tickets.use(ticket)
        return response

    async def _shut_out_who_had(self, email: str, number: int) -> None:
        """Before `number` moves to an address: its number of before becomes one of theirs, and
        whoever left by it may be somebody else, whose browsers and passkeys then let in nobody."""
        [before] = await self._parts.members.find([email])
        if before and before.number not in await self._parts.members.numbers_of(number):
            await self._cut_off(before.number)

    async def _undo_move(self, visit: Visit, ticket: Ticket) -> Response | None:
        """Mail goes to the former address again; whoever moved it is logged out, and no passkey of
        theirs lets them in again. If they have also ended the membership, it begins again: else
        whoever takes an address could keep alerts from its owner by leaving. If its owner has
        joined anew meanwhile, that membership ends: they have this one again."""
        person, email = await self._door.person(ticket.asked.number), ticket.asked.email
        if person is None or await self._is_over(ticket):
            return None
        if identity(person.member.email) == identity(email):
            return await self._undo_the_rest(visit, ticket, person)
        # Before the move too: if it is broken off there, this is done again.
        await self._cut_off(person.number)
        back = await self._as_member(person)
        if back is None:
            return None
        await self._leave_anew(email, back.number)
        if not await self._move_back(back, ticket):
            return None
        response = self._look.page(replace(visit, person=None), "move_undone.html", was_moved=True)
        await self._door.log_out(visit, response)
        await self._parts.tickets.use(ticket)
        return response

    async def _undo_the_rest(self, visit: Visit, ticket: Ticket, person: LoggedIn) -> Response:
        """Mail goes to this address already."""
        began = ticket.asked.at
        if began in moves_of(person.member):
            # They moved back by themselves. Links of later changes end with this one.
            undo = self._parts.membership.undo_move
            await undo(person.number, person.sealed, ticket.asked.email, began)
        else:
            # An undoing was broken off, when all but this was done.
            await self._cut_off(person.number)
            await self._parts.tickets.use(ticket)
        return self._look.page(replace(visit, person=None), "move_undone.html", was_moved=False)

    async def _leave_anew(self, email: str, number: int) -> None:
        """Whoever pressed the link reads the mail of this address: a member there is them too."""
        [taken] = await self._parts.members.find([email])
        if taken and not taken.moved and not taken.left and taken.number != number:
            await self._cut_off(taken.number)
            await self._parts.membership.leave(taken.number)

    async def _is_over(self, ticket: Ticket) -> bool:
        """Whether it is to undo a change that was undone before, with the one before it perhaps."""
        if ticket.asked.kind is not LetterKind.MOVED:
            return False
        person = await self._door.person(ticket.asked.number)
        if person is None:
            return True
        is_back = identity(person.member.email) == identity(ticket.asked.email)
        return not is_back and ticket.asked.at not in moves_of(person.member)

    async def _as_member(self, person: LoggedIn) -> LoggedIn | None:
        """The person, who is a member again if they had left; none if that is too long ago."""
        if not person.has_left:
            return person
        try:
            number = await self._parts.membership.come_back(person.number)
        except LookupError:
            return None
        return await self._door.person(number)

    async def _move_back(self, person: LoggedIn, ticket: Ticket) -> bool:
        """Whether mail goes to the address again; then nobody is logged in as the person."""
        undo, began = self._parts.membership.undo_move, ticket.asked.at
        if not (began and await undo(person.number, person.sealed, ticket.asked.email, began)):
            return False
        await self._cut_off(person.number)
        return True

    async def _lock(self, visit: Visit, ticket: Ticket) -> Response | None:
        """Whoever else is logged in is out, and no passkey lets anybody in: not even the member,
        who logs in by a letter."""
        person = await self._door.person(ticket.asked.number)
        if person is None:
            return None
        await self._cut_off(person.number)
        response = self._look.page(replace(visit, person=None), "locked.html")
        await self._door.log_out(visit, response)
        await self._parts.tickets.use(ticket)
        return response

    async def _is_free(self, email: str, number: int) -> bool:
        """Whether the address is no other member's."""
        [taken] = await self._parts.members.find([email])
        return not taken or taken.number == number or taken.left or taken.moved

    async def _cut_off(self, number: int) -> None:
        await cut_off(self._parts.members, self._parts.passkeys, number)


def _is_mine(visit: Visit, ticket: Ticket) -> bool:
    return visit.person is not None and visit.person.number == ticket.asked.number


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
