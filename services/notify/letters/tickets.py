"""The links and codes in letters: made from the letter's id, kept in Redis only as keyed hashes.

A link works once, for as long as its letter lives (48 hours; 7 days to undo a move). The code of
six digits beside it works for 15 minutes, only in the browser that asked, with five tries. Using
one uses up both. Asking for the same letter again resets nothing; once it is used, a new letter is
what comes.
"""

import base64
import hmac
import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import cast

from cryptography.exceptions import InvalidTag
from redis.asyncio import Redis

from services.notify.letters.asked import Asked, from_bytes, to_bytes
from services.notify.letters.store import letter_key
from services.notify.members.addresses import identity
from services.notify.vault.vault import Vault
from shared.bus import lua

CODE_LIFE = timedelta(minutes=15)
"""From when a letter was asked for: so long its code can be typed."""
TRIES = 5
"""Of a code; after so many wrong ones it is void."""
_DIGITS = 6
"""Digits of a code."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
"""256 bits as base64url."""
_HERE = Path(__file__).parent


class Tried(StrEnum):
    """The answers of try_code.lua."""

    RIGHT = "right"
    WRONG = "wrong"


class Used(StrEnum):
    """The answers of use_ticket.lua."""

    USED = "used"
    NONE = "none"


@dataclass(frozen=True)
class Ticket:
    """What a link or a code stands for: what its letter was asked for."""

    id: str = field(repr=False)
    """The hash of its link."""
    letter: str
    """The id of its letter."""
    asked: Asked
    """Without the browser. Of a log-in `number` is the member's; a request to join by a
    member has become a log-in."""


@dataclass(frozen=True)
class LivingLink:
    """A link in a letter that works, without what opens it."""

    ticket: Ticket
    until: datetime

    @property
    def asked(self) -> Asked:
        return self.ticket.asked


class Tickets:
    """Makes, looks at and uses tickets; `key` is the vault's for letters."""

    def __init__(self, redis: Redis, vault: Vault, key: bytes) -> None:
        self._redis = redis
        self._vault = vault
        self._key = key
        self._keep = lua.load(redis, _HERE / "keep_ticket.lua", lua.Done)
        self._try_code = lua.load(redis, _HERE / "try_code.lua", Tried)
        self._use = lua.load(redis, _HERE / "use_ticket.lua", Used)

    async def make(self, asked: Asked, *, letter: str, made: datetime) -> tuple[str, str]:
        """The token of the link and the code of a letter, which work from now on.

        `letter` is its id, `made` when it was first asked for, from which both count. They are the
        same each time. The code is empty if no browser asked.
        """
        seed = f"{letter} {made.timestamp():.3f} {asked.kind}"
        token = base64.urlsafe_b64encode(self._digest(f"link {seed}")).decode().rstrip("=")
        code = f"{int.from_bytes(self._digest(f'code {seed}')) % 10**_DIGITS:0{_DIGITS}}"
        ticket = self._ticket(token)
        await self._note_whose(ticket, asked, made + asked.kind.life)
        kept = to_bytes(replace(asked, browser=""))
        await self._keep(
            keys={
                "ticket": _key(ticket),
                "codes": self._codes(asked.browser) if asked.browser else None,
            },
            args={
                "ticket": ticket,
                "letter": letter,
                "sealed": self._vault.seal(kept, _place(ticket)),
                "code": self._code(asked.browser, code) if asked.browser else "",
                "until_ms": _ms(made + asked.kind.life),
                "code_until_ms": _ms(made + CODE_LIFE),
            },
        )
        return token, code if asked.browser else ""

    async def of(self, email: str, numbers: Collection[int]) -> list[LivingLink]:
        """The links that work of letters to this address, or about a member with one of these
        numbers; the first to end first."""
        now = datetime.now(UTC)
        ids: dict[str, datetime] = {}
        for whose in self._whose(email, numbers):
            found = await self._redis.zrange(whose, 0, -1, withscores=True)
            for id_, until_ms in cast("list[tuple[bytes, float]]", found):
                ids[id_.decode()] = datetime.fromtimestamp(until_ms / 1000, UTC)
        tickets = [(await self._found(id_), until) for id_, until in ids.items() if until > now]
        links = [LivingLink(ticket, until) for ticket, until in tickets if ticket]
        return sorted(links, key=lambda link: link.until)

    async def _note_whose(self, ticket: str, asked: Asked, until: datetime) -> None:
        """So that whoever it is about can see that there is such a link. It comes first: none
        works that nobody is told of."""
        seconds = round((until - datetime.now(UTC)).total_seconds())
        if seconds <= 0:
            return
        async with self._redis.pipeline(transaction=False) as pipe:
            for whose in self._whose(asked.email, [asked.number] if asked.number else []):
                pipe.zremrangebyscore(whose, "-inf", _ms(datetime.now(UTC)))
                pipe.zadd(whose, {ticket: _ms(until)})
                pipe.expire(whose, seconds, nx=True)
                pipe.expire(whose, seconds, gt=True)
            await pipe.execute()

    def _whose(self, email: str, numbers: Collection[int]) -> list[str]:
        said = [f"address {identity(email)}", *(f"member {number}" for number in numbers)]
        return [f"notify:links-of:{self._digest(f'links {one}').hex()[:32]}" for one in said]

    async def look(self, token: str) -> Ticket | None:
        """What a link stands for, if it still works. Changes nothing: programs open links too."""
        if not _TOKEN.fullmatch(token):
            return None
        return await self._found(self._ticket(token))

    async def by_code(self, browser: str, code: str) -> Ticket | None:
        """What the code stands for in this browser, if it still works. A wrong one is a try for
        each letter that the browser asked for; the right one is none."""
        if not browser:
            return None
        answer = await self._try_code(
            keys={"codes": self._codes(browser)},
            args={
                "code": self._code(browser, code),
                "tries": TRIES,
                "kept_ms": CODE_LIFE // timedelta(milliseconds=1),
            },
        )
        if answer.word is Tried.WRONG:
            return None
        return await self._found(answer.values[0].decode())

    async def use(self, ticket: Ticket) -> bool:
        """Use up a link and the code beside it, once what they are for is done. False if somebody
        else has: of two who use it at once one succeeds."""
        answer = await self._use(
            keys={"ticket": _key(ticket.id), "letter": letter_key(ticket.letter)}
        )
        return answer.word is Used.USED

    async def _found(self, id_: str) -> Ticket | None:
        found = await self._redis.hmget(_key(id_), ["sealed", "letter"])
        sealed, letter = cast("list[bytes | None]", found)
        if sealed is None or letter is None:
            return None
        try:
            asked = from_bytes(self._vault.open(sealed, _place(id_)))
        except InvalidTag:  # the vault's key is another one
            return None
        return Ticket(id_, letter.decode(), asked)

    def _ticket(self, token: str) -> str:
        return self._digest(f"ticket {token}").hex()

    def _codes(self, browser: str) -> str:
        return f"notify:codes:{self._digest(f'browser {browser}').hex()[:32]}"

    def _code(self, browser: str, code: str) -> str:
        return self._digest(f"code of {browser} {code}").hex()

    def _digest(self, said: str) -> bytes:
        return hmac.digest(self._key, said.encode(), "sha256")


def _key(ticket: str) -> str:
    return f"notify:ticket:{ticket}"


def _place(ticket: str) -> str:
    return f"ticket:{ticket}"


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
