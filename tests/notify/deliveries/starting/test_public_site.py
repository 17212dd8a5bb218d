"""The public address is asked as a reader would, and what comes of it is told apart. Servers and
certificates are real."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.deliveries.live_page import (
    UNSEEN,
    WRONG,
    Reading,
    hold_for,
    is_for_page,
    next_hold,
)
from services.notify.deliveries.public_site import PublicSite
from tests import tls
from tests.make import alert, revision
from tests.server import free_port

HOST = "varsel.example.org"
ours = revision(alert(), revision=3)


@pytest.fixture(autouse=True)
def _trust() -> Iterator[None]:
    with tls.trusted():
        yield


def page(number: int = 3, sha256: str = ours.sha256, article: str = ours.id) -> str:
    return f'<!doctype html><meta name="varsel-revision" content="{article}/{number}/{sha256}">'


def answer(status: str, body: str = "", *more: str) -> str:
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *more]
    return "\r\n".join(head) + "\r\n\r\n" + body


class Server:
    """Answers each request with `says`; `heard` has the heads of the requests."""

    def __init__(self, says: str) -> None:
        self.says = says
        self.heard: list[str] = []
        self.names: list[str | None] = []
        """What each connection asked for by SNI."""
        self.address = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heard.append(head.decode())
        writer.write(self.says.encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def serving(says: str, context: ssl.SSLContext | None) -> AsyncIterator[Server]:
    made = Server(says)
    if context:
        context.sni_callback = lambda _, name, __: made.names.append(name)
    async with await asyncio.start_server(made.answer, "127.0.0.1", 0, ssl=context) as server:
        made.address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield made


async def hold(says: str, context: ssl.SSLContext | None, *, site: str = f"https://{HOST}") -> str:
    async with serving(says, context) as server:
        return hold_for(await PublicSite(site, probe=server.address).read(ours.path), ours)


def right() -> ssl.SSLContext:
    return tls.authority().context(HOST)


WRONG_PAGES = {
    "another revision": (answer("200 OK", page(2)), "other_revision"),
    "this revision with another text": (answer("200 OK", page(3, "0" * 64)), "other_revision"),
    "another article": (answer("200 OK", page(3, article="another12345")), "other_page"),
    "a captive portal": (answer("200 OK", "<h1>Velkommen til WiFi</h1>"), "other_page"),
    "nothing": (answer("200 OK"), "other_page"),
    "no page": (answer("404 Not Found", page()), "404"),
    "a proxy whose site is away": (answer("502 Bad Gateway", "<h1>502</h1>"), "502"),
    "a log-in": (answer("401 Unauthorized", page()), "401"),
    "a redirect elsewhere": (
        answer("302 Found", "", "Location: https://login.example.net/"), "redirect"),
    "a redirect to a name like it": (
        answer("301 Moved", "", f"Location: https://www.{HOST}{ours.path}"), "redirect"),
    "a redirect out of TLS": (
        answer("301 Moved", "", f"Location: http://{HOST}{ours.path}"), "redirect"),
    "a redirect without end": (answer("301 Moved", "", "Location: ."), "redirect"),
    "a redirect that is no address": (
        answer("301 Moved", "", "Location: https://[/"), "redirect"),
    "half an answer": ("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<!doctype", "no_answer"),
    "no HTTP": ("220 mail.example.org ESMTP\r\n", "no_answer"),
    "silence": ("", "no_answer"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG_PAGES)
async def test_whoever_shows_readers_something_else_is_wrong_and_it_is_told_why(what: str) -> None:
    says, why = WRONG_PAGES[what]
    assert await hold(says, right()) == f"{WRONG} {why}"


@pytest.mark.parametrize("number", [3, 4])
async def test_the_page_of_this_revision_or_a_newer_one_is_right(number: int) -> None:
    assert await hold(answer("200 OK", page(number)), right()) == ""


async def test_a_page_that_says_that_it_is_withdrawn_is_ours() -> None:
    mark = f'<meta name="varsel-withdrawn" content="{ours.id}/4">'
    assert await hold(answer("410 Gone", mark), right()) == ""


def another_name() -> ssl.SSLContext:
    return tls.authority().context("other.example.org")


def expired() -> ssl.SSLContext:
    return tls.authority().context(HOST, days=-1)


def nobody_knows() -> ssl.SSLContext:
    return tls.Authority("a stranger").context(HOST)


def too_old() -> ssl.SSLContext:
    context = right()
    context.set_ciphers("AES128-SHA256:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return context


@pytest.mark.parametrize("context", [another_name, expired, nobody_knows, too_old])
async def test_a_connection_that_browsers_would_not_trust_is_wrong(context: object) -> None:
    """Also if what is behind it would be the page."""
    assert await hold(answer("200 OK", page()), context()) == f"{WRONG} tls"  # type: ignore[operator]


@pytest.mark.parametrize("says", ["HTTP/1.1 400 Bad Request\r\n\r\n", ""])
async def test_where_tls_is_not_spoken_it_is_wrong_though_somebody_is_there(says: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(says.encode())
        await reader.read()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        probe = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        outside = PublicSite(f"https://{HOST}", probe=probe, timeout_seconds=0.3)
        assert hold_for(await outside.read(ours.path), ours) == f"{WRONG} tls"


@pytest.mark.parametrize(
    ("site", "probe", "why"),
    [
        ("https://varsel.invalid", "", "dns"),
        (f"https://{HOST}", "varsel.invalid:443", "dns"),
        (f"https://{HOST}", "127.0.0.1:{port}", "connect"),
        ("https://127.0.0.1:{port}", "", "connect"),
    ],
)
async def test_where_nobody_is_nothing_is_known(site: str, probe: str, why: str) -> None:
    port = free_port()
    outside = PublicSite(site.format(port=port), probe=probe.format(port=port))
    assert hold_for(await outside.read(ours.path), ours) == f"{UNSEEN} {why}"


async def test_through_the_probe_the_name_asked_for_is_the_public_one() -> None:
    async with serving(answer("200 OK", page()), right()) as server:
        await PublicSite(f"https://{HOST}", probe=server.address).read(ours.path)
    assert server.names == [HOST]
    [head] = server.heard
    assert head.startswith(f"GET {ours.path} HTTP/1.1\r\n")
    assert f"\r\nHost: {HOST}\r\n" in head


async def test_each_look_is_a_new_connection_so_a_certificate_that_ran_out_is_seen() -> None:
    async with serving(answer("200 OK", page(), "Connection: keep-alive"), right()) as server:
        outside = PublicSite(f"https://{HOST}", probe=server.address)
        for _ in range(2):
            assert hold_for(await outside.read(ours.path), ours) == ""
    assert server.names == [HOST, HOST]


async def test_a_redirect_within_the_site_is_followed_as_readers_are() -> None:
    context = tls.authority().context("localhost")
    async with serving("", None) as plain, serving(answer("200 OK", page()), context) as safe:
        port, safe_port = (one.address.rpartition(":")[2] for one in (plain, safe))
        plain.says = answer("308 Moved", "", f"Location: https://localhost:{safe_port}{ours.path}")
        outside = PublicSite(f"http://localhost:{port}")
        assert hold_for(await outside.read(ours.path), ours) == ""
    assert len(plain.heard) == len(safe.heard) == 1


readings = st.builds(
    Reading,
    status=st.sampled_from([200, 301, 404, 410, 500]),
    html=st.sampled_from([page(n) for n in (2, 3, 4)]) | st.text(),
    failure=st.none() | st.sampled_from(["dns", "connect", "tls", "no_answer", "redirect"]),
)


@given(reading=readings)
def test_a_page_is_right_only_if_it_came_and_is_ours(reading: Reading) -> None:
    held = hold_for(reading, ours)
    came = reading.failure is None and reading.status in (200, 410)
    assert (held == "") == (came and reading.html in (page(3), page(4)))
    assert held == "" or is_for_page(held)


@given(before=readings, found=readings, waited=st.booleans())
def test_only_a_right_page_or_time_with_nothing_seen_to_be_wrong_lets_mail_go(
    before: Reading, found: Reading, waited: bool
) -> None:
    held, now = hold_for(before, ours), hold_for(found, ours)
    if not held:
        return
    after = next_hold(held, now, waited=waited)
    never_wrong = held.startswith(UNSEEN) and now.startswith(UNSEEN)
    assert (after == "") == (now == "" or (waited and never_wrong))
    assert not (held.startswith(WRONG) and after.startswith(UNSEEN))


@pytest.mark.parametrize("held", ["", "operator", "stale", "cancelled", "rcpt 5.7.1 550"])
def test_no_other_hold_is_taken_for_one_for_the_page(held: str) -> None:
    assert not is_for_page(held)
