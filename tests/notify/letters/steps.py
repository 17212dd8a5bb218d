"""What tests of letters have notify do, and what they look at in the mails."""

import re
from datetime import datetime
from email.message import EmailMessage
from functools import partial

from redis.asyncio import Redis

from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.store import JOINS, QUEUE, Letters
from services.notify.letters.tickets import Ticket, Tickets
from services.notify.members.moves import moves_of
from services.notify.members.opened import open_membership
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from tests.notify.relay_server import TakenMail
from tests.notify.system import System
from tests.wait import until

_TOKEN = re.compile(r"/(?:inn|bekreft|angre)/([A-Za-z0-9_-]{43})")
_CODE = re.compile(r"^ {4}(\d{6})$", re.MULTILINE)


def login(email: str = "kari@example.org", *, browser: str = "b1") -> Asked:
    return Asked(LetterKind.LOGIN, email, browser=browser)


def join(email: str = "ny@example.org", *, browser: str = "b2") -> Asked:
    return Asked(LetterKind.JOIN, email, name="Ny", consent="c", browser=browser)


async def letters_of(up: System) -> Letters:
    """As another process of notify has them."""
    found = await keys.load(up.redis, secret_key(up.settings))
    return Letters(up.redis, Vault(found.vault, found.index), found.letters)


async def tickets_of(up: System) -> Tickets:
    found = await keys.load(up.redis, secret_key(up.settings))
    return Tickets(up.redis, Vault(found.vault, found.index), found.letters)


async def use_link(tickets: Tickets, token: str) -> Ticket | None:
    """As a page does with a link that somebody presses."""
    return await _used(tickets, await tickets.look(token))


async def use_code(tickets: Tickets, browser: str, code: str) -> Ticket | None:
    """The same with a code."""
    return await _used(tickets, await tickets.by_code(browser, code))


async def _used(tickets: Tickets, found: Ticket | None) -> Ticket | None:
    return found if found and await tickets.use(found) else None


async def move(up: System, number: int, email: str) -> datetime:
    """A member proves another address; gives the moment that names the change."""
    async with open_membership(up.redis, up.settings) as membership:
        record = (await membership.members.records([number]))[number]
        was = membership.members.open(number, record)
        told = partial((await letters_of(up)).of_move, number, was)
        assert await membership.move(number, record, was._replace(email=email), told)
        record = (await membership.members.records([number]))[number]
        return moves_of(membership.members.open(number, record))[-1]


async def undo(up: System, number: int, email: str, began: datetime) -> None:
    """Whoever has the address of before undoes that."""
    async with open_membership(up.redis, up.settings) as membership:
        record = (await membership.members.records([number]))[number]
        assert await membership.undo_move(number, record, email, began)


async def ask(up: System, *asked: Asked) -> None:
    letters = await letters_of(up)
    for one in asked:
        await letters.ask(one)


def mails_to(up: System, email: str) -> list[TakenMail]:
    return [mail for mail in up.relay.mails if mail.recipient == email]


async def mail_to(up: System, email: str, *, nth: int = 1) -> EmailMessage:
    """The nth mail that the relay takes for this address."""
    await until(lambda: len(mails_to(up, email)) >= nth)
    return mails_to(up, email)[nth - 1].message


def said(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part
    return str(part.get_content()).replace("\r\n", "\n")


def token_of(message: EmailMessage) -> str:
    (found,) = set(_TOKEN.findall(said(message)))
    return str(found)


def code_of(message: EmailMessage) -> str:
    (found,) = _CODE.findall(said(message))
    return str(found)


async def nothing_waits(redis: Redis) -> None:
    async def empty() -> bool:
        return not await redis.zcard(QUEUE) and not await redis.zcard(JOINS)

    await until(empty, timeout=30.0)
