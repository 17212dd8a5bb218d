"""The two cookies that some pages have: of the browser that asks, and of its session if logged in.

Both last until the browser is closed, and no script can read them. With `__Host-` no other host,
and no page that came unencrypted, can set one. A site that is tried on plain http (`varsel up` on a
loopback) can have neither that nor Secure: browsers would drop the cookie.
"""

import re
import secrets
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response


class Names(NamedTuple):
    """What a service's cookies are called. All services share a host, and each gets its own."""

    session: str
    """The session of a visitor who is logged in."""
    browser: str
    """The browser, before anybody is logged in: a code works only where it was asked for."""


MEMBER_COOKIES = Names("varsel-member", "varsel-browser")
STAFF_COOKIES = Names("varsel-staff", "varsel-desk")
_ID = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def new_id() -> str:
    """A value for a cookie: 256 random bits, as 43 characters."""
    return secrets.token_urlsafe(32)


class Cookies:
    """Reads and sets the cookies with these names, of a site whose public address is `site`."""

    def __init__(self, site: str, names: Names) -> None:
        self.names = names
        self._is_secure = site.startswith("https://")
        self._prefix = "__Host-" if self._is_secure else ""

    def read(self, request: Request, name: str) -> str:
        """The value of a cookie of ours; empty if there is none, or it is none that we made."""
        value = request.cookies.get(self._prefix + name, "")
        return value if _ID.fullmatch(value) else ""

    def set(self, response: Response, name: str, value: str) -> None:
        """Have the browser keep a value of `new_id` until it is closed."""
        self._send(response, name, value, None)

    def drop(self, response: Response, name: str) -> None:
        """Have the browser forget it."""
        self._send(response, name, "", 0)

    def _send(self, response: Response, name: str, value: str, seconds: int | None) -> None:
        response.set_cookie(
            self._prefix + name,
            value,
            max_age=seconds,
            path="/",
            secure=self._is_secure,
            httponly=True,
            samesite="lax",
        )
