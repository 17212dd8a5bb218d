"""Forms that only our own pages can send, and what was typed into them.

A form has a token that is bound to the browser, and to the session if there is one: no other site
can read either cookie. If the browser says which site a request comes from, that must be ours.
"""

import hmac
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

from shared.visitors.cookies import Cookies

LARGEST_BODY_BYTES = 16 * 1024
"""More than most forms of ours."""
FIELD = "skjema"
"""The hidden field that holds the token."""
LARGEST_TYPED_BYTES = 4 * 1024 * 1024
"""Of any form: an article's text of the greatest length, each letter of which is sent as nine."""
_MOST_FIELDS = 500
"""Fields that one form may have."""


class StaleForm(HTTPException):
    """A form that is of another browser, or for another person than is logged in now."""

    def __init__(self) -> None:
        super().__init__(403)


class Forms:
    """Makes and checks the tokens of a site's forms with one key of 32 bytes."""

    def __init__(self, key: bytes, cookies: Cookies, site: str) -> None:
        self._key = key
        self._cookies = cookies
        self._site = site

    def token(self, browser: str, who: str) -> str:
        """The token of a form for the browser with this cookie. `who` is the session's cookie, or
        what else tells who is logged in; it may be empty."""
        said = f"form {browser} {who}".encode()
        return hmac.digest(self._key, said, "sha256").hex()[:32]

    async def read(
        self, request: Request, longest: int = LARGEST_BODY_BYTES, *, who: str | None = None
    ) -> "Form":
        """What was sent with a form of ours, whose token was made for `who`: by default, for the
        session's cookie. HTTPException: 403 if it is from another site, StaleForm if it is from
        another browser than the page was for, 413 if it is larger than `longest` bytes, 400 if it
        is none."""
        if not self.is_own_site(request):
            raise HTTPException(403)
        form = Form(typed_fields(await read_body(request, longest)))
        self.check(request, form.text(FIELD), who=who)
        return form

    def check(self, request: Request, token: str, *, who: str | None = None) -> None:
        """Let through what a script of a page of ours sends, with the token of its form.
        HTTPException 403 as `read`."""
        names = self._cookies.names
        browser = self._cookies.read(request, names.browser)
        said = self._cookies.read(request, names.session) if who is None else who
        is_for = hmac.compare_digest(token.encode(), self.token(browser, said).encode())
        if not self.is_own_site(request):
            raise HTTPException(403)
        if not browser or not is_for:
            raise StaleForm

    def is_own_site(self, request: Request) -> bool:
        """Whether the browser does not say that another site sends this. If the page's address
        holds a token, it says nothing of itself: Origin is `null` then."""
        site = request.headers.get("sec-fetch-site")
        if site is not None:
            return site == "same-origin"
        origin = request.headers.get("origin", "null")
        own = {self._site, f"{request.url.scheme}://{request.headers.get('host', '')}", "null"}
        return origin in own


class Form:
    """The fields of a form, as they were typed but for spaces around them."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self._fields = fields

    def names(self) -> tuple[str, ...]:
        """What the fields are called that were sent."""
        return tuple(self._fields)

    def text(self, name: str) -> str:
        """The field's value; empty if it was not sent."""
        return self._fields.get(name, ("",))[0].strip()

    def every(self, name: str) -> tuple[str, ...]:
        """The values of the boxes with this name that were ticked."""
        return tuple(value.strip() for value in self._fields.get(name, ()))


async def read_body(request: Request, longest: int = LARGEST_BODY_BYTES) -> bytes:
    """The body; HTTPException 413 if it is larger than `longest` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > longest:
            raise HTTPException(413)
    return bytes(body)


def typed_fields(body: bytes) -> dict[str, list[str]]:
    """The fields of a form; HTTPException 400 if it is none."""
    try:
        return parse_qs(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS
        )
    except ValueError:  # UnicodeDecodeError too
        raise HTTPException(400) from None
