"""The member pages on a real Redis, asked over HTTP."""

import ipaddress
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from services.notify.bounces.store import Bounces
from services.notify.choices.store import Choices
from services.notify.identity import identity_of
from services.notify.journal.journal import Journal
from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.store import Letters
from services.notify.letters.tickets import Tickets
from services.notify.member_pages import app as member_pages
from services.notify.member_pages.visit import PageParts
from services.notify.members.member import Member
from services.notify.members.membership import Membership, OnChange
from services.notify.members.store import count
from services.notify.passkeys.store import MemberPasskeys
from services.notify.vault.tokens import Tokens
from services.notify.vault.vault import Vault
from shared.subject import Subject
from tests.make import settings
from tests.visitor import Visitor

MEMBERS = 3
ONE, NEW = "medlem1@example.org", "ny@example.org"
"""The address of member 1, and one of nobody."""
SITE_NAME = "Foreningen <Eksempel>"
SITE = "https://varsel.example.org"


@dataclass
class Pages:
    redis: Redis
    http: httpx.AsyncClient
    parts: PageParts
    browsers: int = 0

    @property
    def tokens(self) -> Tokens:
        return self.parts.tokens

    def path(self, number: int) -> str:
        return f"/member/unsubscribe/{self.tokens.seal(number)}"

    async def members(self) -> int:
        return await count(self.redis)

    def browser(self) -> "Browser":
        """Another browser, with no cookie yet and an address of its own."""
        self.browsers += 1
        address = str(ipaddress.IPv4Address("198.18.0.0") + self.browsers)
        return Browser(asked(self.parts, address), self.parts)

    async def logged_in(self, email: str = ONE) -> "Browser":
        """A browser that a member has just logged in with."""
        browser = self.browser()
        assert f"e-post til {email}" in text_of(await browser.log_in(email))
        return browser


@dataclass
class Browser(Visitor):
    """A person at a browser, whose letters come by themselves."""

    parts: PageParts

    async def log_in(self, email: str) -> httpx.Response:
        """Log in by a letter's code; the member's page."""
        await self.send("/min-side/", epost=email)
        letter = await newest_letter(self.parts)
        return await self.send("/min-side/kode/", kode=letter.code)


@dataclass(frozen=True)
class SentLetter:
    asked: Asked
    token: str
    code: str

    @property
    def path(self) -> str:
        """Where its link leads."""
        folder = {
            LetterKind.JOIN: "bli-medlem/bekreft",
            LetterKind.MOVED: "min-side/angre",
            LetterKind.PASSKEY_ADDED: "min-side/steng",
            LetterKind.PASSKEY_REMOVED: "min-side/steng",
        }
        return f"/{folder.get(self.asked.kind, 'min-side/inn')}/{self.token}"


async def sent_letters(parts: PageParts) -> list[SentLetter]:
    """What waits, as the sender makes letters of it; it waits no more."""
    holds, _ = await parts.letters.take(1000, joins_at_most=1000, joins_an_hour=1000)
    sent = []
    for hold in holds:
        letter = await parts.letters.read(hold)
        assert letter
        asked = await _looked_up(parts, letter.asked)
        token, code = await parts.tickets.make(asked, letter=letter.id, made=letter.made)
        await parts.letters.finish(hold, asks=letter.asks)
        sent.append(SentLetter(asked, token, code))
    return sent


async def newest_letter(parts: PageParts) -> SentLetter:
    [letter] = await sent_letters(parts)
    return letter


async def _looked_up(parts: PageParts, asked: Asked) -> Asked:
    """As the sender: if one is a member already, a request to join becomes a log-in."""
    [found] = await parts.members.find([asked.email])
    if asked.kind is LetterKind.JOIN and found and not found.left and not found.moved:
        return Asked(LetterKind.LOGIN, asked.email, number=found.number, browser=asked.browser)
    if asked.kind is LetterKind.LOGIN:
        assert found, "a letter without a link"
        return replace(asked, number=found.number)
    return asked


def text_of(page: httpx.Response) -> str:
    """What a page says, without its markup."""
    text = re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])
    return re.sub(r"\s+", " ", text).replace("&lt;", "<").replace("&gt;", ">")


def made_parts(redis: Redis, folder: Path, **overrides: Any) -> PageParts:
    """All that the pages stand on."""
    vault = Vault(b"v" * 32, b"i" * 32)
    choices = Choices(redis, vault)
    passkeys = MemberPasskeys(redis, vault)
    on_change = OnChange(
        returned=[choices.carry_over],
        erased=[choices.gone],
        nothing_left=[passkeys.forget],
    )
    membership = Membership(redis, vault, Journal(folder / "journal", vault, redis), on_change)
    return PageParts(
        redis=redis,
        settings=settings(**({"site_name": SITE_NAME, "site_url": SITE} | overrides)),
        identity=identity_of(redis),
        membership=membership,
        bounces=Bounces(redis, vault),
        choices=choices,
        letters=Letters(redis, vault, b"l" * 32),
        tickets=Tickets(redis, vault, b"l" * 32),
        tokens=Tokens(b"t" * 32),
        passkeys=passkeys,
        vault=vault,
        key=b"p" * 32,
    )


def asked(parts: PageParts, address: str = "192.0.2.1") -> httpx.AsyncClient:
    """Asks the pages from this address, and keeps cookies."""
    transport = httpx.ASGITransport(member_pages.create(parts), client=(address, 1))
    return httpx.AsyncClient(transport=transport, base_url=parts.settings.site)


async def know_subjects(redis: Redis, *names: str) -> None:
    """Subjects that members can choose, as the stream `reference` tells of them."""
    for name in names:
        subject = Subject(id=name.lower().replace("ø", "o"), name=name)
        await redis.hset("notify:subjects", subject.id, subject.model_dump_json())


@pytest.fixture
async def pages(redis: Redis, tmp_path: Path) -> AsyncIterator[Pages]:
    """Three members, numbered from 1, and their pages."""
    parts = made_parts(redis, tmp_path)
    new = [Member(f"medlem{n}@example.org", "Kåre", "nb", "c") for n in range(1, MEMBERS + 1)]
    assert await parts.membership.add(new, after=0)
    async with asked(parts) as http:
        yield Pages(redis, http, parts)


@pytest.fixture
def everything(redis: Redis) -> Callable[[], Awaitable[dict[bytes, bytes | None]]]:
    """All keys of Redis with what is in them."""

    async def read() -> dict[bytes, bytes | None]:
        return {key: await redis.dump(key) async for key in redis.scan_iter()}

    return read
