"""Bounces in Redis: mail that waits to be read, the marks, and what staff are told."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, cast

from cryptography.exceptions import InvalidTag
from redis.asyncio import Redis

from services.notify.bounces.marks import SURGE, Mark
from services.notify.ledger.delivery import LISTENING
from services.notify.members.numbers import CHUNK
from services.notify.vault.return_paths import SentMail
from services.notify.vault.vault import Vault
from shared.bus import lua

MAIL = "notify:bounces:mail"
"""Hash: id → a mail that is not read yet, sealed."""
DUE = "notify:bounces:due"
"""Sorted set: the same ids, by when somebody may take them, in milliseconds since 1970."""
TOLD = "notify:bounces:told"
"""Hash: what staff should hear → how often it came; and with ` at` after it when last."""
SURGES = "notify:bounces:surges"
"""Hash: keyed hash of a domain → the domain and what came back, sealed."""
READ = "notify:bounces:mailbox"
"""Hash: how far the mailbox was read: `life` and the `last` mail's number; and the numbers of those
that are `kept` and still to be removed from it, with commas."""
MOST_WAITING = 2000
"""Mails that wait to be read. Beyond them others are told to come again: they take up to 128 MB."""
LISTENS_SECONDS = 180
"""How long somebody is taken to listen who has said so."""
LEASE_SECONDS = 20.0
"""How long one process has a mail that it took."""
_HERE = Path(__file__).parent


class MailboxPlace(NamedTuple):
    """Where a mail was read in a mailbox."""

    life: str
    """The number of the mailbox's life (UIDVALIDITY)."""
    uid: int


class MailKeeping(StrEnum):
    """The answers of keep.lua."""

    DONE = "done"
    FULL = "full"


class MailTaking(StrEnum):
    """The answer of take_returned.lua."""

    TAKEN = "taken"


class WaitingMail(NamedTuple):
    """A mail that somebody sent to one of our return paths."""

    id: str
    sent: SentMail | None = None
    """Our mail that it is about; none if it is about none, or cannot be opened."""
    content: bytes = b""
    leaves: int | None = None
    """The number of the member who asks to leave by it."""


@dataclass(frozen=True)
class Surge:
    """Mail to one domain that came back at once."""

    domain: str
    members: int
    at: datetime


class TooManyWait(Exception):
    """Too many mails wait to be read."""


class Bounces:
    """Everything of bounces in Redis. The methods raise redis-py's errors."""

    def __init__(self, redis: Redis, vault: Vault) -> None:
        self._redis = redis
        self._vault = vault
        self._keep = lua.load(redis, _HERE / "keep.lua", MailKeeping)
        self._take = lua.load(redis, _HERE / "take_returned.lua", MailTaking)
        self._handled = lua.load(redis, _HERE / "handled.lua", lua.Done)

    async def keep(self, sent: SentMail, content: bytes, place: MailboxPlace | None = None) -> None:
        """Keep a mail until it is handled: it is in Redis, sealed, when this returns. From one
        `place` in the mailbox it is kept once, however often it is read there. TooManyWait if there
        are too many."""
        await self._keep_text(" ".join(map(str, sent)).encode() + b"\n" + content, place)

    async def keep_leaving(self, number: int, place: MailboxPlace | None = None) -> None:
        """Keep that a member asked by mail to leave, as `keep`."""
        await self._keep_text(f"{number}".encode(), place)

    async def _keep_text(self, text: bytes, place: MailboxPlace | None) -> None:
        name = secrets.token_hex(8)
        answer = await self._keep(
            keys={"mail": MAIL, "due": DUE, "read": READ if place else None},
            args={
                "id": name,
                "sealed": self._vault.seal(text, f"bounce:{name}"),
                "most": MOST_WAITING,
                "life": place.life if place else "",
                "uid": place.uid if place else 0,
            },
        )
        if answer.word is MailKeeping.FULL:
            raise TooManyWait

    async def listens(self) -> None:
        """Note that somebody hears, now, what comes to the bounce address."""
        await self._redis.set(LISTENING, "", ex=LISTENS_SECONDS)

    async def take(self, at_most: int) -> list[WaitingMail]:
        """Mails that nobody handles, the caller's for `LEASE_SECONDS`."""
        answer = await self._take(
            keys={"mail": MAIL, "due": DUE},
            args={"lease_ms": int(LEASE_SECONDS * 1000), "at_most": at_most},
        )
        rows = answer.values
        return [self._opened(n.decode(), s) for n, s in zip(rows[::2], rows[1::2], strict=True)]

    def _opened(self, name: str, sealed: bytes) -> WaitingMail:
        try:
            head, _, content = self._vault.open(sealed, f"bounce:{name}").partition(b"\n")
        except InvalidTag:
            return WaitingMail(name)
        numbers = list(map(int, head.split()))
        if len(numbers) == 1:
            return WaitingMail(name, leaves=numbers[0])
        return WaitingMail(name, SentMail(*numbers), content)

    async def handled(self, heard: Mapping[str, str]) -> None:
        """Forget these mails, by their ids: all that follows from them is done. Of each the value
        is what staff are told; empty if nothing. Idempotent."""
        await self._handled(
            keys={"mail": MAIL, "due": DUE, "told": TOLD},
            args={"ids": list(heard), "told": list(heard.values())},
        )

    async def waiting(self) -> int:
        """How many mails wait to be read."""
        return int(await self._redis.hlen(MAIL))

    def domain(self, email: str) -> str:
        """What stands for the domain of an address in Redis."""
        return self._vault.index(f"domain:{email.rpartition('@')[2]}".encode()).hex()

    def address(self, email: str) -> str:
        """What stands for an address in a mark."""
        return self._vault.index(f"bounced:{email}".encode())[:8].hex()

    async def mark(self, number: int, domain: str, mark: Mark) -> None:
        """Keep a mark of the member, and that it came from the domain. Idempotent: the first one of
        a delivery stays."""
        heard = _heard(domain)
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.hsetnx(_marks(number), _field(number, mark.delivery), mark.as_text())
            pipe.zadd(heard, {_field(number, mark.delivery): mark.at}, nx=True)
            pipe.expire(heard, 2 * int(SURGE.total_seconds()))
            await pipe.execute()

    async def heard(self, domain: str, *, now: datetime) -> list[tuple[int, str]]:
        """The member and delivery of each mail to the domain that came back within `SURGE`."""
        since = (now - SURGE).timestamp()
        found = await self._redis.zrangebyscore(_heard(domain), since, "+inf")
        return [_of_field(field) for field in cast("list[bytes]", found)]

    async def void(self, which: Iterable[tuple[int, str]], domain: str, surge: Surge) -> None:
        """Take these marks back, since they came of a surge, and keep what staff are told of it."""
        sealed = self._vault.seal(
            f"{surge.members} {int(surge.at.timestamp())} {surge.domain}".encode(),
            f"surge:{domain}",
        )
        async with self._redis.pipeline(transaction=False) as pipe:
            for number, delivery in which:
                pipe.hdel(_marks(number), _field(number, delivery))
            pipe.hset(SURGES, domain, sealed)
            at = int(surge.at.timestamp() * 1000)
            pipe.hset(TOLD, mapping={"surge": surge.members, "surge at": at})
            await pipe.execute()

    async def surges(self) -> list[Surge]:
        """The last surge of each domain that had one."""
        found = cast("dict[bytes, bytes]", await self._redis.hgetall(SURGES))
        return [self._surge(domain.decode(), sealed) for domain, sealed in found.items()]

    def _surge(self, domain: str, sealed: bytes) -> Surge:
        members, at, name = self._vault.open(sealed, f"surge:{domain}").decode().split(" ")
        return Surge(name, int(members), datetime.fromtimestamp(int(at), UTC))

    async def marks(self, numbers: Sequence[int]) -> dict[int, list[Mark]]:
        """The marks of those of `numbers` who have any."""
        wanted = set(numbers)
        marks = await self._in_chunks({number // CHUNK for number in wanted})
        return {number: mine for number, mine in marks.items() if number in wanted}

    async def all_marks(self, last: int) -> dict[int, list[Mark]]:
        """The marks of all members who have any, by number; `last` is the greatest one."""
        return await self._in_chunks(range(last // CHUNK + 1))

    async def _in_chunks(self, chunks: Iterable[int]) -> dict[int, list[Mark]]:
        found: dict[int, list[Mark]] = {}
        async with self._redis.pipeline(transaction=False) as pipe:
            for chunk in chunks:
                pipe.hgetall(_marks(chunk * CHUNK))
            hashes = cast("list[dict[bytes, bytes]]", await pipe.execute())
        for fields in hashes:
            for field, text in fields.items():
                number, delivery = _of_field(field)
                found.setdefault(number, []).append(Mark.of_text(delivery, text.decode()))
        return found

    async def forget_old(self, last: int, *, before: datetime) -> None:
        """Forget the marks and surges that came before that moment; `last` is the greatest
        number."""
        old = before.timestamp()
        for number, marks in (await self.all_marks(last)).items():
            fields = [_field(number, mark.delivery) for mark in marks if mark.at < old]
            if fields:
                await self._redis.hdel(_marks(number), *fields)
        for surge in await self.surges():
            if surge.at < before:
                await self._redis.hdel(SURGES, self.domain(f"@{surge.domain}"))

    async def forget(self, number: int) -> None:
        """Forget all marks of a member: their mail is known to arrive."""
        found = cast("list[bytes]", await self._redis.hkeys(_marks(number)))
        if fields := [field for field in found if _of_field(field)[0] == number]:
            await self._redis.hdel(_marks(number), *fields)


async def told(redis: Redis) -> dict[str, tuple[int, int]]:
    """What staff should hear: how often it came, and when last, in milliseconds since 1970. Needs
    no keys; raises redis-py's errors."""
    return told_of(cast("dict[bytes, bytes]", await redis.hgetall(TOLD)))


def told_of(found: Mapping[bytes, bytes]) -> dict[str, tuple[int, int]]:
    """The same from the fields of `TOLD`."""
    fields = {name.decode(): int(value) for name, value in found.items()}
    return {
        what: (count, fields.get(f"{what} at", 0))
        for what, count in fields.items()
        if not what.endswith(" at")
    }


def _marks(number: int) -> str:
    chunk = number // CHUNK
    return f"notify:bounces:marks:{chunk}"


def _heard(domain: str) -> str:
    return f"notify:bounces:heard:{domain}"


def _field(number: int, delivery: str) -> str:
    return f"{number} {delivery}"


def _of_field(field: bytes) -> tuple[int, str]:
    number, _, delivery = field.decode().partition(" ")
    return int(number), delivery
