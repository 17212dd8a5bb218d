"""The links and codes in letters: made from the letter's id, kept in Redis only as keyed hashes.

A link works once, for as long as its letter lives (48 hours; 7 days to undo a move). The code of
six digits beside it works for 15 minutes, only in the browser that asked, with five tries. Using
one uses up both. Asking for the same letter again resets nothing.
"""

import base64
import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import cast

from cryptography.exceptions import InvalidTag
from redis.asyncio import Redis

from services.notify.letters.asked import Asked, from_bytes, to_bytes
from services.notify.vault.vault import Vault
from shared.bus import lua

CODE_LIFE = timedelta(minutes=15)
TRIES = 5
"""Of a code; after so many wrong ones it is void."""
_DIGITS = 6
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

    asked: Asked
    """Without the browser. Of a log-in `number` is the member's; a request to join by who is a
    member already has become a log-in."""


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
        kept = to_bytes(replace(asked, browser=""))
        await self._keep(
            keys={
                "ticket": _key(ticket),
                "codes": self._codes(asked.browser) if asked.browser else None,
            },
            args={
                "ticket": ticket,
                "sealed": self._vault.seal(kept, _place(ticket)),
                "code": self._code(asked.browser, code) if asked.browser else "",
                "until_ms": _ms(made + asked.kind.life),
                "code_until_ms": _ms(made + CODE_LIFE),
            },
        )
        return token, code if asked.browser else ""

    async def look(self, token: str) -> Ticket | None:
        """What a link stands for, if it still works. Changes nothing: programs open links too."""
        if not _TOKEN.fullmatch(token):
            return None
        ticket = self._ticket(token)
        sealed = cast("bytes | None", await self._redis.hget(_key(ticket), "sealed"))
        return self._open(ticket, sealed)

    async def use_link(self, token: str) -> Ticket | None:
        """The same, and use the link up; none if it does not work, or no longer."""
        return await self._used(self._ticket(token)) if _TOKEN.fullmatch(token) else None

    async def use_code(self, browser: str, code: str) -> Ticket | None:
        """What the code stands for in this browser, and use it and its link up; none if it is
        wrong, void or used. A wrong one is a try for each letter that the browser asked for."""
        if not browser:
            return None
        answer = await self._try_code(
            keys={"codes": self._codes(browser)},
            args={"code": self._code(browser, code), "tries": TRIES},
        )
        if answer.word is Tried.WRONG:
            return None
        return await self._used(answer.values[0].decode())

    async def _used(self, ticket: str) -> Ticket | None:
        answer = await self._use(keys={"ticket": _key(ticket)})
        return self._open(ticket, answer.values[0]) if answer.word is Used.USED else None

    def _open(self, ticket: str, sealed: bytes | None) -> Ticket | None:
        if sealed is None:
            return None
        try:
            return Ticket(from_bytes(self._vault.open(sealed, _place(ticket))))
        except InvalidTag:  # the vault's key is another one
            return None

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
