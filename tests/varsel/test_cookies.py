"""A service gets its own cookies and no others, behind `varsel up` as behind Caddy."""

import re
from http.cookies import CookieError
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from services.notify.visitors.cookies import NAMES
from shared.service import Service
from tests.system.running import REPO
from varsel.run.cookies import with_cookies
from varsel.run.dispatch import Dispatch

_PREFIXES = ("", "__Host-", "__host-", "__Secure-", "x", "__Host-__Host-")
_name = st.sampled_from([*NAMES, "varsel-staff", "varsel-members", "annet"])
_pair = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(_PREFIXES),
    _name,
    st.sampled_from(["=", "==", " =", ""]),
    st.text("abc \"'=,\\\t", max_size=5),
)
_header = st.lists(_pair | st.text('=; "\\v', max_size=6)).flatmap(
    lambda pairs: st.sampled_from([";", "; ", " ;", ";;"]).map(lambda between: between.join(pairs))
)


def _names(header: str) -> set[str]:
    try:
        return {name.removeprefix("__Host-") for name in cookie_parser(header) if name}
    except CookieError:
        return set()


def _given(header: str, names: tuple[str, ...]) -> dict[str, str]:
    headers = with_cookies([(b"cookie", header.encode()), (b"accept", b"*/*")], names)
    assert (b"accept", b"*/*") in headers
    return cookie_parser("; ".join(v.decode() for n, v in headers if n == b"cookie"))


@given(_header)
@example("__Host-varsel-member=abc; varsel-staff=def; varsel-browser=ghi")
def test_no_service_gets_a_cookie_of_another(header: str) -> None:
    assert _given(header, ()) == {}
    assert {name.removeprefix("__Host-") for name in _given(header, NAMES)} - {""} <= set(NAMES)
    assert "varsel-member" not in " ".join(_given(header, ("varsel-staff",)))


@given(st.sampled_from(NAMES), st.text("abc-_=09", min_size=1), st.sampled_from(["", "__Host-"]))
def test_a_services_own_cookie_reaches_it_unchanged(name: str, value: str, prefix: str) -> None:
    header = f"annet=1; {prefix}{name}={value}; varsel-staff=2"
    assert _given(header, NAMES) == {prefix + name: value}


@given(_header)
@example("__Host-varsel-member=abc; varsel-staff=def; varsel-browser=ghi")
def test_caddy_hands_notify_the_same_cookies_as_varsel_up(header: str) -> None:
    """By its own expression: Go's engine and Python's agree on what it uses."""
    text = (REPO / "deploy/Caddyfile").read_text()
    [(find, put)] = re.findall(r'request_header Cookie "(.+)" "(.+)"', text)
    assert put == "$1"
    through = re.sub(find, lambda match: match[1] or "", header.strip())
    kept = {name: value for name, value in cookie_parser(through).items() if name}
    own = _given(header, NAMES)
    assert {n: v.strip() for n, v in kept.items()} == {n: v for n, v in own.items() if n}


def test_caddy_hands_no_cookie_to_ingest_and_has_notifys_paths_go_to_notify() -> None:
    text = (REPO / "deploy/Caddyfile").read_text()
    api = text[text.index("\thandle /api/* {\n\t\trequest") :].partition("\t@member")[0]
    assert "request_header -Cookie" in api
    assert "@member path /member/* /min-side/* /bli-medlem/*" in text


async def _answer(path: str, cookies: str) -> str:
    """What the service at `path` saw of the cookies."""

    async def http(scope: Scope, receive: Receive, send: Send) -> None:
        seen = Request(scope).headers.get("cookie", "")
        await PlainTextResponse(seen)(scope, receive, send)

    def service(name: str, prefix: str, cookies: tuple[str, ...] = ()) -> Service:
        nothing: Any = None
        return Service(name=name, http=http, prefixes=(prefix,), bus=nothing, cookies=cookies)

    front = Dispatch([service("ingest", "/api/"), service("notify", "/min-side/", NAMES)])
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    headers = [(b"cookie", cookies.encode())]
    scope = {"type": "http", "method": "GET", "path": path, "headers": headers}
    await front(scope, receive, send)
    return bytes(sent[1]["body"]).decode()


async def test_a_members_session_reaches_notify_and_not_ingest() -> None:
    cookies = "__Host-varsel-member=abc; varsel-staff=def"
    assert await _answer("/min-side/", cookies) == "__Host-varsel-member=abc"
    assert await _answer("/api/articles", cookies) == ""
