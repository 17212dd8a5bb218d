"""A person asks on a page, reads the letter, and comes in: pages, sender and relay together."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle
from typing import get_args

import httpx
import pytest
from redis.asyncio import Redis

from services.notify.letters import send_letters
from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.decide import What
from services.notify.letters.wording import words
from services.notify.members.member import Member
from shared.revision import Change, Past
from shared.service import Service
from shared.staff import NewsForStaff
from tests.make import alert, revision
from tests.notify.letters.steps import ask, code_of, mail_to, said, token_of
from tests.notify.relay_server import TakenMail
from tests.notify.revisions import original
from tests.notify.staff.steps import KARI as STAFF
from tests.notify.staff.steps import staff_of
from tests.notify.steps import addresses
from tests.notify.system import System, serving, system
from tests.visitor import Visitor
from tests.wait import until

KARI = "kari@example.org"


def visitor(service: Service, on: System) -> Visitor:
    transport = httpx.ASGITransport(service.http, client=("192.0.2.1", 1))
    return Visitor(httpx.AsyncClient(transport=transport, base_url=on.settings.site))


async def test_who_asks_on_a_page_is_mailed_without_waiting_for_the_next_look(
    notify: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(send_letters, "LOOK_SECONDS", 3600.0)
    await notify.join(KARI)
    async with serving(notify) as service:
        person = visitor(service, notify)
        await person.send("/min-side/", epost=KARI)
        mail = await mail_to(notify, KARI)
        page = await person.send("/min-side/kode/", kode=code_of(mail))
        assert KARI in page.text
        await person.http.aclose()


async def test_a_link_that_a_scanner_has_opened_still_works_for_the_person(
    notify: System,
) -> None:
    await notify.join(KARI)
    async with serving(notify) as service:
        person, scanner = visitor(service, notify), visitor(service, notify)
        await person.send("/min-side/", epost=KARI)
        mail = await mail_to(notify, KARI)
        link = f"{notify.settings.site}/min-side/inn/{token_of(mail)}"
        assert link in said(mail)
        for method in ("HEAD", "GET", "GET"):
            await scanner.http.request(method, link)
        page = await person.send(link)
        assert KARI in page.text
        again = await scanner.http.get(link)
        assert KARI not in again.text
        for browser in (person, scanner):
            await browser.http.aclose()


_MANY = 100
MOVED_AT = datetime.now(UTC)
_LINK = re.compile(r"https?://[^\s\"'<>)]+")
_NOTIFYS = re.compile(r"/(?:member|min-side|bli-medlem)/")
_WAY_OUT = re.compile(r"/member/unsubscribe/[\w-]+")
_WAYS_IN = re.compile(r"/(?:bli-medlem/bekreft|min-side/(?:inn|angre|steng))/[\w-]{43}")


def _of_every_kind() -> Iterator[Asked]:
    """Ten letters for each of so many members: all that `decide` knows."""
    about = cycle((*get_args(NewsForStaff), "address"))
    for number, email in enumerate(addresses(_MANY), 1):
        new, nobody, other = (f"{who}{number}@example.org" for who in ("ny", "ukjent", "flyttet"))
        yield from (Asked(LetterKind.LOGIN, email), Asked(LetterKind.LOGIN, nobody))
        yield from (
            Asked(LetterKind.JOIN, email, consent="c"),
            Asked(LetterKind.JOIN, new, consent="c"),
        )
        yield Asked(LetterKind.MOVE, other, number=number)
        yield Asked(LetterKind.MOVED, email, number=number, at=MOVED_AT)
        for kind in (LetterKind.PASSKEY_ADDED, LetterKind.PASSKEY_REMOVED, LetterKind.WELCOME_BACK):
            yield Asked(kind, email, number=number)
        yield Asked(
            LetterKind.STAFF, "", staff=STAFF, about=next(about), article="0123456789abcdef"
        )


def _links(mail: TakenMail) -> set[str]:
    """All links of a mail, in its headers, its text and its HTML."""
    message = mail.message
    parts = [str(value) for value in message.values()]
    parts += [str(part.get_content()) for part in message.walk() if not part.is_multipart()]
    return {link.rstrip(".,") for part in parts for link in _LINK.findall(part)}


async def _all_there_is(redis: Redis) -> dict[bytes, bytes | None]:
    by_time = {b"notify:disk", b"notify:turns"}  # written while time goes by, as the streams
    by_time |= {b"notify:looks", b"notify:looks:due"}
    every = [key async for key in redis.scan_iter("notify:*") if key not in by_time]
    return {key: await redis.dump(key) for key in every}


async def test_a_scanner_that_opens_every_link_of_a_thousand_letters_of_every_kind_changes_nothing(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has joined, is logged in, has left or moved, or is shut out; and each link works."""
    monkeypatch.setattr(send_letters, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(send_letters, "JOINS_AT_ONCE", send_letters.AT_ONCE)
    asked = list(_of_every_kind())
    assert len(asked) == 1000
    assert {one.kind for one in asked} == set(LetterKind)
    async with system(redis, redis_url, join_letters_per_hour=1000) as on:
        moved = [
            Member(email, "", "nb", "c", moves=MOVED_AT.isoformat()) for email in addresses(_MANY)
        ]
        assert await (await on.members()).add(moved, after=0)
        async with serving(on) as service:
            await (await staff_of(on)).set(STAFF, "kari@example.org")
            await ask(on, *asked)
            await until(lambda: len(on.relay.mails) == len(asked), timeout=60)
            await until(lambda: _is_empty(redis))
            letters = Counter(str(mail.head["Subject"]) for mail in on.relay.mails)
            assert letters.keys() == {words("nb").letters[what].subject for what in What}
            links = set().union(*map(_links, on.relay.mails))
            assert len({link for link in links if _WAYS_IN.search(link)}) == 7 * _MANY
            await on.publish(original)
            assert (await on.delivery())["handed_over"] == _MANY
            await until(lambda: len(on.relay.mails) == len(asked) + _MANY)
            alerts = set().union(*map(_links, on.relay.mails[-_MANY:]))
            assert len({link for link in alerts if _WAY_OUT.search(link)}) == _MANY
            links |= {link for link in alerts if _NOTIFYS.search(link)}
            scanner, before = visitor(service, on), await _all_there_is(redis)
            for link in sorted(links):
                assert link.startswith(f"{on.settings.site}/"), link
                for method in ("HEAD", "GET"):
                    answer = await scanner.http.request(method, link, follow_redirects=True)
                    assert answer.status_code == 200 or "/redaksjon/" in link, link
            assert "Logg inn" in (await scanner.open("/min-side/")).text
            assert await _all_there_is(redis) == before
            await scanner.http.aclose()


async def _is_empty(redis: Redis) -> bool:
    return not await redis.zcard("notify:letters") and not await redis.zcard("notify:letters:joins")


async def test_who_joins_is_shown_the_alerts_that_hold_now_and_none_that_was_withdrawn(
    notify: System,
) -> None:
    other = {"id": "b2c3d4e5f6a1", "slug": "et-annet-varsel"}
    first = revision(alert(title="Et annet varsel"), **other)
    past = (Past(revision=1, at=first.at, change=None),)
    change = Change(kind="withdrawal", note="Det var feil.")
    last = revision(
        alert(title="Et annet varsel"), revision=2, change=change, history=past, **other
    )
    await notify.join(*addresses(1))
    async with serving(notify) as service:
        for alert_ in (original, first):
            await notify.publish(alert_)
            await notify.delivery_of(alert_)
        assert await _shown_on_joining(service, notify, KARI) == {original.path, first.path}
        await notify.withdraw(last)
        await notify.delivery_of(last)
        assert await _shown_on_joining(service, notify, "ola@example.org") == {original.path}


async def _shown_on_joining(service: Service, on: System, email: str) -> set[str]:
    """Where the alerts on the page after joining by code lead to."""
    person = visitor(service, on)
    await person.send("/bli-medlem/", epost=email, samtykke="ja")
    mail = await mail_to(on, email)
    page = await person.send("/bli-medlem/kode/", kode=code_of(mail))
    await person.http.aclose()
    assert page.url.path == "/bli-medlem/velkommen/"
    found = re.findall(r'<h3><a href="([^"]+)">([^<]+)</a></h3>', page.text)
    assert {title for _, title in found} <= {"Utgave 1", "Et annet varsel"}
    return {path for path, _ in found}
