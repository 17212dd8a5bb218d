"""A service gets its own cookies and no others, behind `varsel up` as behind Caddy."""

import re
from http.cookies import CookieError
from pathlib import Path
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from starlette.requests import Request, cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from services.ingest.app import create as create_ingest
from services.ingest.newsroom.visit import LANGUAGE
from services.notify.app import create as create_notify
from shared.service import Service
from shared.settings import Settings
from shared.visitors.cookies import MEMBER_COOKIES, STAFF_COOKIES
from tests.system.running import REPO
from varsel.run.cookies import with_cookies
from varsel.run.dispatch import Dispatch

_PREFIXES = ("", "__Host-", "__host-", "__Secure-", "x", "__Host-__Host-")
_OF_STAFF = (*STAFF_COOKIES, LANGUAGE)
_name = st.sampled_from([*MEMBER_COOKIES, *_OF_STAFF, "varsel-members", "varsel-staffs", "annet"])
_owner = st.sampled_from([tuple(MEMBER_COOKIES), _OF_STAFF])
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


@given(_header, _owner)
@example("__Host-varsel-member=abc; varsel-staff=def; varsel-browser=ghi", _OF_STAFF)
def test_no_service_gets_a_cookie_of_another(header: str, own: tuple[str, ...]) -> None:
    assert _given(header, ()) == {}
    assert {name.removeprefix("__Host-") for name in _given(header, own)} - {""} <= set(own)


@given(
    _owner.flatmap(lambda own: st.tuples(st.just(own), st.sampled_from(own))),
    st.text("abc-_=09", min_size=1),
    st.sampled_from(["", "__Host-"]),
)
def test_a_services_own_cookie_reaches_it_unchanged(
    owned: tuple[tuple[str, ...], str], value: str, prefix: str
) -> None:
    own, name = owned
    [other] = {"varsel-member", "varsel-staff"} - set(own)
    header = f"annet=1; {prefix}{name}={value}; {other}=2"
    assert _given(header, own) == {prefix + name: value}


@given(_header)
@example("__Host-varsel-member=abc; varsel-staff=def; varsel-browser=ghi")
def test_caddy_hands_each_service_the_same_cookies_as_varsel_up(header: str) -> None:
    """By its own expressions: Go's engine and Python's agree on what they use."""
    text = (REPO / "deploy/Caddyfile").read_text()
    found = re.findall(
        r'handle (\S+) \{\n\t\trequest_header Cookie "(.+)" "\$1"\n\t\treverse_proxy (\w+):', text
    )
    assert [(path, service) for path, _, service in found] == [
        ("/redaksjon/*", "ingest"),
        ("@member", "notify"),
    ]
    for (_, find, _), names in zip(found, (_OF_STAFF, tuple(MEMBER_COOKIES)), strict=True):
        through = re.sub(find, lambda match: match[1] or "", header.strip())
        kept = {name: value for name, value in cookie_parser(through).items() if name}
        own = _given(header, names)
        assert {n: v.strip() for n, v in kept.items()} == {n: v for n, v in own.items() if n}


def test_caddy_hands_no_cookie_to_the_api_and_has_notifys_paths_go_to_notify() -> None:
    text = (REPO / "deploy/Caddyfile").read_text()
    api = text[text.index("\thandle /api/* {\n\t\trequest") :].partition("\thandle /redaksjon/*")[0]
    assert "request_header -Cookie" in api
    assert "@member path /member/* /min-side/* /bli-medlem/* /beskjed/*" in text


async def _answer(path: str, cookies: str) -> str:
    """What the service at `path` saw of the cookies."""

    async def http(scope: Scope, receive: Receive, send: Send) -> None:
        seen = Request(scope).headers.get("cookie", "")
        await PlainTextResponse(seen)(scope, receive, send)

    def service(name: str, *prefixes: str, **cookies: tuple[str, ...]) -> Service:
        nothing: Any = None
        own = {f"/{prefix.replace('_', '-')}/": names for prefix, names in cookies.items()}
        return Service(name=name, http=http, prefixes=(*prefixes, *own), bus=nothing, cookies=own)

    front = Dispatch(
        [
            service("ingest", "/api/", redaksjon=_OF_STAFF),
            service("notify", "/inbox/", min_side=MEMBER_COOKIES),
        ]
    )
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
    assert await _answer("/redaksjon/", cookies) == "varsel-staff=def"
    assert await _answer("/api/articles", cookies) == ""
    assert await _answer("/inbox/", cookies) == ""


def test_each_service_says_where_its_cookies_go(tmp_path: Path) -> None:
    """The API is used with keys alone: a browser that is logged in can be sent there by anybody."""
    settings = Settings(data=tmp_path)
    ingest = create_ingest(settings, "redis://127.0.0.1:1")
    notify = create_notify(settings, "redis://127.0.0.1:1")
    assert ingest.cookies == {"/redaksjon/": _OF_STAFF}
    assert set(notify.cookies) == {"/member/", "/min-side/", "/bli-medlem/", "/beskjed/"}
    assert set(notify.cookies.values()) == {MEMBER_COOKIES}
