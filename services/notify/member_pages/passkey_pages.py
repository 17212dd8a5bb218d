"""/min-side/passnokkel/: a member's passkeys, and logging in with one.

A passkey is a second way in, beside the letter: one is made only by a member whom a letter has just
let in, and a letter tells the member of each that is made or removed. So whoever finds a browser
open, or has somebody's device for a moment, makes themselves none. These pages alone have a script,
since a browser gives passkeys to nothing else.
"""

import os
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.notify.letters.asked import Asked, LetterKind
from services.notify.member_pages.look import PageLook
from services.notify.member_pages.visit import Door, LoggedIn, PageParts, ToLogIn, Visit, to
from services.notify.outbox.accepted_letter import AcceptedLetter
from services.notify.passkeys.store import MemberPasskey
from shared import log
from shared.passkeys.ceremonies import (
    FOR_BROWSERS,
    BrowserAnswer,
    Ceremonies,
    Passkey,
    PasskeyRefused,
)
from shared.passkeys.challenges import Challenges
from shared.visitors.sessions import Proof

SCRIPTS = {name: (FOR_BROWSERS / name).read_text() for name in ("simplewebauthn.js", "passkey.js")}
PASSKEYS = "/min-side/passnokkel/"
NEW_PASSKEY = "passkey"
"""What a log-in is about that leads back here."""
_LOG_IN = "log in"


class PasskeyPages:
    def __init__(self, parts: PageParts, door: Door, look: PageLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look
        self._ceremonies = Ceremonies(parts.settings.site, lambda: look.frame.name)
        self._challenges = Challenges(parts.redis, "notify:challenge", parts.key)

    def to_log_in(self, visit: Visit) -> str:
        """What the visitor's browser is asked to log in, as JSON; empty if it cannot be."""
        if not self._ceremonies.can_be:
            return ""
        return self._ceremonies.to_log_in(self._challenges.make(visit.browser, _LOG_IN))

    async def log_in(self, request: Request) -> Response:
        """POST of what the browser answered to the log-in page."""
        form = await self._door.form(request)
        visit = self._door.visit(request)
        try:
            number = await self._number_of(visit, form.text("svar"))
        except PasskeyRefused as refused:
            log.get("notify").info("passkey_refused", reason=str(refused))
            return to("/min-side/?gjort=ikke-inn")
        response = to("/min-side/")
        await self._door.log_in(visit, response, number, Proof.PASSKEY)
        return response

    async def show(self, request: Request) -> Response:
        """GET. Whoever has left sees theirs too, since they still let them in."""
        visit, person = await self._door.member(request)
        return await self._page(visit, person)

    async def change(self, request: Request) -> Response:
        """POST: one more passkey, or one less."""
        form = await self._door.form(request)
        visit, person = await self._door.member(request)
        mine = await self._mine(person)
        if form.text("fjern"):
            for one in mine:
                if one.record.id == form.text("fjern"):
                    letter = self._letter(LetterKind.PASSKEY_REMOVED, person)
                    await self._parts.passkeys.remove(one.number, one.record.id, letter)
            return to(f"{PASSKEYS}?fjernet")
        if person.has_left:
            raise ToLogIn
        try:
            passkey = await self._made(visit, person, form.text("svar"))
        except PasskeyRefused:
            return await self._page(visit, person, 403, is_refused=True)
        letter = self._letter(LetterKind.PASSKEY_ADDED, person)
        if not await self._parts.passkeys.add(person.number, passkey, letter):
            return await self._page(visit, person, 403, is_refused=True)
        return to(f"{PASSKEYS}?laget")

    async def ask_letter(self, request: Request) -> Response:
        """POST: a letter to log in anew, which leads back here."""
        await self._door.form(request)
        visit, person = await self._door.current(request)
        await self._parts.letters.ask(
            Asked(
                LetterKind.LOGIN,
                person.member.email,
                lang=visit.lang,
                browser=visit.browser,
                about=NEW_PASSKEY,
                at=datetime.now(UTC),
            )
        )
        return to("/min-side/kode/")

    async def script(self, request: Request) -> Response:
        """GET of what runs in the browser."""
        content = SCRIPTS.get(request.path_params["name"] + ".js")
        if content is None:
            raise HTTPException(404)
        headers = {"Cache-Control": "public, max-age=300", "X-Content-Type-Options": "nosniff"}
        return Response(content, headers=headers, media_type="text/javascript")

    async def _number_of(self, visit: Visit, answer: str) -> int:
        said = BrowserAnswer.of(answer)
        if not await self._challenges.use(said.challenge, visit.browser, _LOG_IN):
            raise PasskeyRefused("the page was open for too long, or sent this before")
        found = await self._parts.passkeys.find(said.id, said.handle)
        if found is None:
            raise PasskeyRefused("no member has this passkey")
        count = self._ceremonies.used(answer, said.challenge, found.record.passkey)
        person = await self._door.person(found.number)
        if person is None or not await self._parts.passkeys.note_use(found, count):
            raise PasskeyRefused("it was used or removed at the same moment")
        return person.number

    async def _made(self, visit: Visit, person: LoggedIn, answer: str) -> Passkey:
        said = BrowserAnswer.of(answer)
        if not await self._challenges.use(said.challenge, visit.browser, _making(visit, person)):
            raise PasskeyRefused("the page was open for too long, or sent this before")
        return self._ceremonies.made(answer, said.challenge)

    async def _mine(self, person: LoggedIn) -> list[MemberPasskey]:
        numbers = await self._parts.members.numbers_of(person.number)
        return await self._parts.passkeys.of(numbers)

    def _letter(self, kind: LetterKind, person: LoggedIn) -> AcceptedLetter:
        member = person.member
        asked = Asked(
            kind, member.email, lang=member.lang, number=person.number, at=datetime.now(UTC)
        )
        return self._parts.letters.accepted(asked, os.urandom(16).hex())

    async def _page(
        self, visit: Visit, person: LoggedIn, status: int = 200, *, is_refused: bool = False
    ) -> Response:
        mine = await self._mine(person)
        ask = ""
        can_make = self._ceremonies.can_be and not person.has_left
        if can_make and _is_fresh(visit):
            ask = self._ceremonies.to_make(
                self._challenges.make(visit.browser, _making(visit, person)),
                handle=self._parts.passkeys.handle(person.number),
                name=person.member.email,
                has=[one.record.id for one in mine],
            )
        return self._look.page(
            visit,
            "passkeys.html",
            status,
            passkeys=[one.record for one in mine],
            ask=ask,
            needs_letter=can_make and not ask,
            is_refused=is_refused,
            is_made="laget" in visit.request.query_params,
            is_removed="fjernet" in visit.request.query_params,
            has_script=bool(ask),
        )


def _is_fresh(visit: Visit) -> bool:
    return visit.found is not None and visit.found.is_fresh(Proof.LETTER)


def _making(visit: Visit, person: LoggedIn) -> str:
    """Only for the session that the page was shown in, when its letter was new."""
    return f"make {person.number} {visit.session}"
