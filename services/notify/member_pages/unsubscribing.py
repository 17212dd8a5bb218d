"""The pages behind the unsubscribe link of a mail: for people, and for one-click (RFC 8058).

A GET only asks, since mail scanners follow links (promise G10). A POST ends the subscription at
once, whatever its body is and whichever site it comes from: the token in the path gives the right.
It gives no other: only the page that answers can undo it, for a day.
"""

import hmac
import time

from cryptography.exceptions import InvalidTag
from redis.exceptions import RedisError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.notify.member_pages.look import PageLook
from services.notify.member_pages.visit import Door, PageParts
from shared.article import Lang
from shared.languages.say import lang_of
from shared.visitors.forms import Form, read_body, typed_fields

UNDO_SECONDS = 24 * 60 * 60
"""How long the page after leaving can undo it; later one joins again."""


class Unsubscribing:
    def __init__(self, parts: PageParts, door: Door, look: PageLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look

    async def unsubscribe(self, request: Request) -> Response:
        number = self._number(request)
        lang = await self._lang(number)
        if request.method != "POST":
            return self._look.plain("ask.html", lang=lang)
        await read_body(request)
        try:
            left = await self._parts.membership.leave(number)
        except LookupError:
            raise HTTPException(404) from None
        token = request.path_params["token"]
        undo = self._undo_token(left)
        return self._look.plain("left.html", lang=lang, token=token, undo=undo)

    async def undo(self, request: Request) -> Response:
        """POST from the page after leaving."""
        number = self._number(request)
        form = Form(typed_fields(await read_body(request)))
        left = self._left(form.text("angre"))
        numbers = await self._parts.members.numbers_of(left) if left else []
        if left is None or number not in numbers:
            return self._look.plain("undo_over.html", 403, lang=await self._lang(number))
        await self._door.count(request)
        lang = await self._lang(left)
        if not await self._parts.letters.may_undo(numbers, left):
            return self._look.plain("back_later.html", 429, lang=lang)
        person = await self._door.person(left)
        if person and person.has_left:
            try:
                await self._door.come_back(person)
            except LookupError:
                person = None
        if person is None:
            return self._look.plain("undo_over.html", 403, lang=lang)
        return self._look.plain("back.html", lang=lang)

    def _number(self, request: Request) -> int:
        number = self._parts.tokens.open(request.path_params["token"])
        if number is None:
            raise HTTPException(404)
        return number

    async def _lang(self, number: int) -> Lang:
        """The member's language; the site's if they cannot be read, which keeps nobody from
        leaving."""
        try:
            person = await self._door.person(number)
        except (RedisError, InvalidTag):
            return self._door.lang
        return lang_of(person.member.lang, self._door.lang) if person else self._door.lang

    def _undo_token(self, number: int) -> str:
        until = int(time.time()) + UNDO_SECONDS
        return f"{number}.{until}.{self._signed(number, until)}"

    def _left(self, token: str) -> int | None:
        """The number whose leaving this token undoes; none if it is not ours, or too late."""
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
