"""Reads what the page of a member does not show, for the document: logins, letters, notices, what
came back, and what the relay said."""

from collections.abc import Awaitable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, cast

from cryptography.exceptions import InvalidTag
from redis.asyncio import Redis

from services.notify.bounces.marks import Mark
from services.notify.bounces.store import Bounces
from services.notify.ledger.delivery import (
    bounces_key,
    failures_key,
    replies_key,
    tries_key,
)
from services.notify.ledger.outcome import reply_place
from services.notify.letters.asked import LetterKind
from services.notify.letters.store import Letter, Letters
from services.notify.letters.tickets import LivingLink, Tickets
from services.notify.member_pages.history.read_history import (
    HistoryStep,
    MailedAlert,
    MailedNotice,
    notices_of,
)
from services.notify.member_pages.visit import LoggedIn
from services.notify.members.endings import Endings, Left
from services.notify.members.member import Member
from services.notify.members.membership import Membership
from services.notify.members.moves import moves_of
from services.notify.members.store import STAFF
from services.notify.vault.vault import Vault
from shared.visitors.sessions import MEMBER_SESSIONS, SessionSeen, ended_at, sessions_of


@dataclass(frozen=True)
class RelayWords:
    """What else is kept of one delivery to a member."""

    codes: str = ""
    """With which the relay refused the mail."""
    reply: str = ""
    """Its words."""
    came_back: str = ""
    """The code with which the mail came back."""
    refusals: int = 0
    """How often the relay refused it while it took others."""


class MemberRooms(Protocol):
    """The rooms that are asked for it."""

    @property
    def membership(self) -> Membership: ...
    @property
    def bounces(self) -> Bounces: ...
    @property
    def letters(self) -> Letters: ...
    @property
    def tickets(self) -> Tickets: ...


@dataclass(frozen=True)
class Rest:
    """What is kept of a member besides the record and deliveries."""

    is_staff: bool
    endings: dict[int, Left]
    """By the number that was left."""
    earlier: dict[int, Member]
    """The records of older numbers."""
    marks: list[tuple[int, Mark]]
    sessions: list[SessionSeen]
    logged_out_at: datetime | None
    letters: list[Letter]
    links: list[LivingLink]
    notices: list[MailedNotice]
    relay: dict[str, RelayWords]
    """By the delivery."""


async def read_rest(
    rooms: MemberRooms, vault: Vault, person: LoggedIn, alerts: Iterable[MailedAlert]
) -> Rest:
    """All of it; redis-py's errors."""
    members, endings = rooms.membership.members, rooms.membership.endings
    redis, numbers = members.redis, await members.numbers_of(person.number)
    email = person.member.email
    notices = await notices_of(redis, numbers, datetime.now(UTC))
    steps = [step for alert in alerts for step in alert.steps]
    steps += [notice.step for notice in notices]
    return Rest(
        is_staff=await _is_staff(redis, numbers),
        endings=await _endings(endings, numbers),
        earlier={
            number: members.open(number, sealed)
            for number, sealed in (await members.records(numbers)).items()
            if number != person.number
        },
        marks=[
            (n, mark) for n, mine in (await rooms.bounces.marks(numbers)).items() for mark in mine
        ],
        sessions=await sessions_of(redis, MEMBER_SESSIONS, [str(n) for n in numbers]),
        logged_out_at=await ended_at(redis, MEMBER_SESSIONS, str(person.number)),
        letters=await rooms.letters.waiting_of(email, numbers),
        links=[
            link
            for link in await rooms.tickets.of(email, numbers)
            if link.asked.kind is not LetterKind.MOVED or link.asked.at in moves_of(person.member)
        ],
        notices=notices,
        relay=await _relay_words(redis, vault, steps, numbers),
    )


async def _is_staff(redis: Redis, numbers: Sequence[int]) -> bool:
    found = redis.smismember(STAFF, [str(number) for number in numbers])
    return any(await cast("Awaitable[list[int]]", found))


async def _endings(endings: Endings, numbers: Collection[int]) -> dict[int, Left]:
    return dict(sorted((await endings.how_left(numbers)).items()))


async def _relay_words(
    redis: Redis, vault: Vault, steps: Sequence[HistoryStep], numbers: Sequence[int]
) -> dict[str, RelayWords]:
    fields = [str(number) for number in numbers]
    found = {}
    for step in steps:
        async with redis.pipeline(transaction=False) as pipe:
            for key in (failures_key, bounces_key, tries_key, replies_key):
                pipe.hmget(key(step.delivery), fields)
            codes, came_back, tries, replies = await pipe.execute()
        reply = ""
        for number, sealed in zip(numbers, replies, strict=True):
            if sealed:
                with suppress(InvalidTag):  # sealed with another key
                    reply = vault.open(sealed, reply_place(step.delivery, number)).decode()
        found[step.delivery] = RelayWords(
            codes=_first(codes),
            reply=reply,
            came_back=_first(came_back),
            refusals=int(_first(tries) or 0),
        )
    return found


def _first(found: Iterable[bytes | None]) -> str:
    return next((one.decode() for one in found if one), "")
