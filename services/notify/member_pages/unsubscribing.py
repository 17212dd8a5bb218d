"""The pages behind the unsubscribe link of a mail: for people, and for one-click (RFC 8058).

A GET only asks, since mail scanners follow links (promise G10). A POST ends the subscription at
once, whatever its body is and whichever site it comes from: the token in the path gives the right.
It gives no other: only the page that answers can undo it, for a day.
"""

import hmac
import time

from cryptography.exceptions import InvalidTag
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.notify.letters.asked import Asked, Kind
from services.notify.member_pages.look import Look
from services.notify.member_pages.visit import Door, Parts
from services.notify.visitors.forms import Form, read_body, typed_fields

UNDO_SECONDS = 24 * 60 * 60
"""For so long the page after leaving can undo it; later one joins again."""


class Unsubscribing:
    def __init__(self, parts: Parts, door: Door, look: Look) -> None:
        self._parts = parts
        self._door = door
        self._look = look

    async def unsubscribe(self, request: Request) -> Response:
        number = self._number(request)
        if request.method != "POST":
            return self._look.plain("ask.html")
        await read_body(request)
        now = await self._newest(number)
        try:
            await self._parts.members.leave(now)
        except LookupError:
            raise HTTPException(404) from None
        token = request.path_params["token"]
        return self._look.plain("left.html", token=token, undo=self._undo_token(now))

    async def undo(self, request: Request) -> Response:
        """POST from the page after leaving."""
        number = self._number(request)
        form = Form(typed_fields(await read_body(request)))
        left = self._left(form.text("angre"))
        if left is None or number not in await self._parts.members.numbers_of(left):
            return self._look.plain("undo_over.html", 403)
        person = await self._door.person(left)
        if person is None:
            return self._look.plain("undo_over.html", 403)
        if person.has_left:
            number = await self._parts.members.come_back(person.number)
            lang = person.member.lang
            await self._parts.letters.ask(
                Asked(Kind.WELCOME_BACK, person.member.email, lang=lang, number=number)
            )
        return self._look.plain("back.html")

    def _number(self, request: Request) -> int:
        number = self._parts.tokens.open(request.path_params["token"])
        if number is None:
            raise HTTPException(404)
        return number

    async def _newest(self, number: int) -> int:
        """The number that the person has now: an old mail ends what they have since begun again."""
        try:
            person = await self._door.person(number)
        except InvalidTag:  # whoever cannot be read can leave all the same
            return number
        return person.number if person else number

    def _undo_token(self, number: int) -> str:
        until = int(time.time()) + UNDO_SECONDS
        return f"{number}.{until}.{self._signed(number, until)}"

    def _left(self, token: str) -> int | None:
        """The number whose leaving this token undoes; none if it is not ours or its time is over."""
        number, _, rest = token.partition(".")
        until, _, signed = rest.partition(".")
        if not (number.isdecimal() and until.isdecimal() and token.isascii()):
            return None
        if not hmac.compare_digest(signed, self._signed(int(number), int(until))):
            return None
        return int(number) if int(until) > time.time() else None

    def _signed(self, number: int, until: int) -> str:
        said = f"undo {number} {until}".encode()
        return hmac.digest(self._parts.key, said, "sha256").hex()[:32]
