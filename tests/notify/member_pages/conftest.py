"""The member pages on a real Redis, asked over HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest
from redis.asyncio import Redis

from services.notify.journal.journal import Journal
from services.notify.member_pages import app as member_pages
from services.notify.members.member import Member
from services.notify.members.membership import Membership
from services.notify.members.store import Members, count
from services.notify.vault.tokens import Tokens
from services.notify.vault.vault import Vault
from tests.make import settings

MEMBERS = 3
SITE_NAME = "Foreningen <Eksempel>"


@dataclass
class Pages:
    redis: Redis
    http: httpx.AsyncClient
    tokens: Tokens

    def path(self, number: int) -> str:
        return f"/member/unsubscribe/{self.tokens.seal(number)}"

    async def members(self) -> int:
        return await count(self.redis)


def asked(redis: Redis, tokens: Tokens) -> httpx.AsyncClient:
    mine, vault = settings(site_name=SITE_NAME), Vault(b"v" * 32, b"i" * 32)
    membership = Membership(redis, vault, Journal(mine.journal_folder, vault))
    app = member_pages.create(membership, tokens, mine)
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="https://varsel.example.org"
    )


@pytest.fixture
async def pages(redis: Redis) -> AsyncIterator[Pages]:
    """Three members, numbered from 1, and their pages."""
    members = Members(redis, Vault(b"v" * 32, b"i" * 32))
    new = [Member(f"medlem{n}@example.org", "Kåre", "nb", "c") for n in range(MEMBERS)]
    assert await members.add(new, after=0)
    tokens = Tokens(b"t" * 32)
    async with asked(redis, tokens) as http:
        yield Pages(redis, http, tokens)


@pytest.fixture
def everything(redis: Redis) -> Callable[[], Awaitable[dict[bytes, bytes | None]]]:
    """All keys of Redis with what is in them."""

    async def read() -> dict[bytes, bytes | None]:
        return {key: await redis.dump(key) async for key in redis.scan_iter()}

    return read
