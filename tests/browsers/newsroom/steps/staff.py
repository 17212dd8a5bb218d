"""People of the staff who are logged in, without a walk through the door."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from playwright.sync_api import Browser, BrowserContext, Error, Page
from redis.asyncio import Redis

from services.ingest.newsroom.visit import key_of
from services.ingest.people.person import Role
from services.ingest.people.store import People
from shared.bus.users import OPERATOR
from shared.visitors.cookies import STAFF_COOKIES
from shared.visitors.sessions import STAFF_SESSIONS, Sessions
from tests.system.running import Up
from varsel.run.embedded import redis_url

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: Playwright has this one's event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def store(up: Up) -> Redis:
    """The system's Redis, for who may see all of it."""
    return Redis.from_url(redis_url(up.data, OPERATOR))


async def begun(redis: Redis, name: str, role: Role = "approver") -> str:
    """The cookie of a new session of the person with this name, who is added if they are new."""
    people = People(redis)
    person = await people.named(name) or await people.add(name, role)
    sessions = Sessions(redis, STAFF_SESSIONS, await key_of(redis))
    return (await sessions.begin(person.id)).id


def session(up: Up, name: str, role: Role = "approver") -> str:
    """The same, for tests."""

    async def begin() -> str:
        async with store(up) as redis:
            return await begun(redis, name, role)

    return run(begin())


def log_in(context: BrowserContext, up: Up, cookie: str) -> None:
    """Give a browser the cookie of a session."""
    whole = {"name": STAFF_COOKIES.session, "value": cookie, "url": up.url}
    context.add_cookies([whole])  # type: ignore[list-item]


@contextmanager
def browser_of(browser: Browser, up: Up, cookie: str, **options: Any) -> Iterator[BrowserContext]:
    """A browser in which the session with this cookie is logged in; `options` are those of
    Playwright's contexts."""
    context = browser.new_context(base_url=up.url, locale="nb-NO", **options)
    log_in(context, up, cookie)
    yield context
    context.close()


_INTERRUPTED = ("interrupted by another navigation", "net::ERR_ABORTED")


def go(page: Page, address: str) -> None:
    """Go to an address from a page that follows an article: it may load itself at that moment."""
    try:
        page.goto(address)
    except Error as interrupted:
        if not any(said in interrupted.message for said in _INTERRUPTED):
            raise
        page.wait_for_load_state()
        page.goto(address)
