"""Letters in Redis: accepted, taken with a lease, and finished one try at a time.

A letter is a hash, sealed, and an entry in one of two queues: letters for those who join, and
others to strangers, come after the rest. A sender takes it under a name of its own; once another
has taken it, the first changes nothing any more.
"""

import asyncio
import hmac
import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import cast

from cryptography.exceptions import InvalidTag
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.letters.asked import Asked, LetterKind, from_bytes, to_bytes
from services.notify.members.addresses import identity
from services.notify.members.member import Member
from services.notify.outbox.accepted_letter import AcceptedLetter
from services.notify.vault.vault import Vault
from shared.bus import lua

QUEUE = "notify:letters"
JOINS = "notify:letters:joins"
JOINED = "notify:letters:joined"
HELD = "notify:letters:held"
SAME_SECONDS = 900
"""How long asking again from the same browser is asking for the same letter."""
LEASE_SECONDS = 10.0
"""How long a letter is a sender's own; it is kept for longer while the sender lives."""
MOST_WAITING = 50_000
"""Letters that wait in a queue, at most: about 40 MB."""
AN_HOUR = 3
"""Letters to an address that strangers can ask for."""
_HERE = Path(__file__).parent


class Full(RedisError):
    """Too many letters wait, and this one was not kept. For whoever asks it is the same as a Redis
    that is away: nothing was accepted, whoever's the address is."""


class Asking(StrEnum):
    """The answers of ask_letter.lua."""

    NEW = "new"
    SAME = "same"
    FULL = "full"


class LetterTaking(StrEnum):
    """The answer of take_letters.lua."""

    TAKEN = "taken"


class LetterFinish(StrEnum):
    """The answers of finish_letter.lua."""

    DONE = "done"
    LOST = "lost"


class PutWithJoins(StrEnum):
    """The answers of put_with_joins.lua."""

    DONE = "done"
    LOST = "lost"
    FULL = "full"


class Admitted(StrEnum):
    """The answers of admit.lua."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True)
class LetterHold:
    """A letter in a sender's hands."""

    id: str
    queue: str
    owner: str
    """The sender's name for this taking."""

    @property
    def is_join(self) -> bool:
        return self.queue == JOINS


@dataclass(frozen=True)
class Letter:
    """A letter to be sent, as it is kept."""

    id: str
    asked: Asked
    made: datetime
    """When it was first asked for: its link and code count from then."""
    asked_at: datetime
    """When it was last asked for."""
    asks: int
    """How often it was asked for. Each is a mail of its own."""
    tries: int
    """Tries behind it."""


class Letters:
    """The letters that wait; `key` is the vault's for letters."""

    def __init__(self, redis: Redis, vault: Vault, key: bytes) -> None:
        self._redis = redis
        self._vault = vault
        self._key = key
        self.news = asyncio.Event()
        """Set when this process has accepted a letter, so that its sender need not wait."""
        self._ask = lua.load(redis, _HERE / "ask_letter.lua", Asking)
        self._take = lua.load(redis, _HERE / "take_letters.lua", LetterTaking)
        self._keep_hold = lua.load(redis, _HERE / "keep_hold.lua", lua.Done)
        self._finish = lua.load(redis, _HERE / "finish_letter.lua", LetterFinish)
        self._put_with_joins = lua.load(redis, _HERE / "put_with_joins.lua", PutWithJoins)
        self._admit = lua.load(redis, _HERE / "admit.lua", Admitted)

    async def ask(self, asked: Asked) -> None:
        """Accept a letter: once this returns it is kept, and is sent whichever process dies.

        Takes the same work and time whoever's address it is. Asked again by the same browser within
        15 minutes, it is the same letter, unless its link or code was used. RedisError if it was
        not accepted; `Full` is one.
        """
        asked = asked if asked.at else replace(asked, at=datetime.now(UTC))
        letter = self._id(asked)
        answer = await self._ask(
            keys={
                "letter": letter_key(letter),
                "queue": JOINS if asked.kind is LetterKind.JOIN else QUEUE,
                "joins": JOINS,
                "held": HELD,
                "whose": self._whose(asked),
            },
            args={
                "id": letter,
                "sealed": self._vault.seal(to_bytes(asked), _place(letter)),
                "same_ms": SAME_SECONDS * 1000,
                "life_ms": round(asked.kind.life.total_seconds() * 1000),
                "most": MOST_WAITING,
            },
        )
        if answer.word is Asking.FULL:
            raise Full("too many letters wait")
        self.news.set()

    def accepted(self, asked: Asked, name: str) -> AcceptedLetter:
        """What a script of another room keeps so that this letter is accepted, in one step with
        what it follows from. The same `name` is the same letter. `asked` has its time."""
        letter = self._hash(f"letter {name}")
        sealed = self._vault.seal(to_bytes(asked), _place(letter))
        life_ms = _ms(asked.kind.life.total_seconds())
        return AcceptedLetter(
            letter, letter_key(letter), QUEUE, self._whose(asked), sealed, life_ms
        )

    def of_move(self, number: int, before: Member, at: datetime) -> AcceptedLetter:
        """The letter that tells the former address that it was changed at this moment."""
        asked = Asked(LetterKind.MOVED, before.email, lang=before.lang, number=number, at=at)
        return self.accepted(asked, f"moved {number} {at.isoformat()}")

    async def take(
        self, at_most: int, *, joins_at_most: int, joins_an_hour: int
    ) -> tuple[list[LetterHold], float | None]:
        """Letters that are due, the caller's for `LEASE_SECONDS`, joining letters last; and the
        seconds until the next one is due, or none if there is no next."""
        owner = os.urandom(8).hex()
        answer = await self._take(
            keys={"queue": QUEUE, "joins": JOINS, "joined": JOINED, "held": HELD},
            args={
                "owner": owner,
                "lease_ms": _ms(LEASE_SECONDS),
                "at_most": at_most,
                "joins_at_most": joins_at_most,
                "joins_an_hour": joins_an_hour,
            },
        )
        due_in, *rows = answer.values
        holds = [
            LetterHold(letter.decode(), JOINS if is_join else QUEUE, owner)
            for letter, is_join in zip(rows[::2], rows[1::2], strict=True)
        ]
        return holds, None if due_in < 0 else due_in / 1000

    async def read(self, hold: LetterHold) -> Letter | None:
        """The letter in hand; none if its time has run out. cryptography's InvalidTag if it was
        sealed with another key."""
        kept = cast("dict[bytes, bytes]", await self._redis.hgetall(letter_key(hold.id)))
        if b"sealed" not in kept:
            return None
        return Letter(
            hold.id,
            from_bytes(self._vault.open(kept[b"sealed"], _place(hold.id))),
            _moment(kept[b"made"]),
            _moment(kept[b"asked"]),
            int(kept[b"asks"]),
            int(kept.get(b"tries", 0)),
        )

    async def waiting_of(self, email: str, numbers: Collection[int]) -> list[Letter]:
        """The letters that wait and go to this address, or that a member with one of these numbers
        asked for, the oldest first; of each of these the newest, if there are many (see
        outbox/accept_letter.lua). Takes as long however many wait."""
        ids: dict[bytes, None] = {}
        for key in self._whose_keys(email, numbers):
            found_ids = cast("list[bytes]", await self._redis.zrange(key, 0, -1))
            ids |= dict.fromkeys(found_ids)
        async with self._redis.pipeline(transaction=False) as pipe:
            for id_ in ids:
                pipe.zscore(QUEUE, id_)
                pipe.zscore(JOINS, id_)
            due = await pipe.execute()
        waiting = [id_ for id_, *two in zip(ids, due[::2], due[1::2], strict=True) if any(two)]
        found = []
        for id_ in waiting:
            with suppress(InvalidTag):  # of another key
                if letter := await self.read(LetterHold(id_.decode(), QUEUE, "")):
                    found.append(letter)
        return sorted(found, key=lambda letter: letter.made)

    async def keep_hold(self, holds: Sequence[LetterHold]) -> set[str]:
        """Keep what is in hand for one more lease. Gives the ids of those that still were."""
        kept: set[str] = set()
        for queue in {hold.queue for hold in holds}:
            mine = [hold for hold in holds if hold.queue == queue]
            answer = await self._keep_hold(
                keys={"queue": queue, "held": HELD},
                args={
                    "ids": [hold.id for hold in mine],
                    "owners": [hold.owner for hold in mine],
                    "lease_ms": _ms(LEASE_SECONDS),
                },
            )
            kept.update(mine[int(place) - 1].id for place in answer.values)
        return kept

    async def finish(
        self,
        hold: LetterHold,
        *,
        asks: int = 0,
        again_in: float | None = None,
        is_tried: bool = True,
        is_mail: bool = True,
    ) -> bool:
        """A try is over: the letter is sent or given up, or comes again in so many seconds. `asks`:
        see `Letter`. If it was not tried after all, it comes again in its turn. If no mail was
        ever made of it, it does not count among those of the hour. False, without effect, if the
        letter was lost to another sender."""
        answer = await self._finish(
            keys={
                "letter": letter_key(hold.id),
                "queue": hold.queue,
                "held": HELD,
                "joined": JOINED,
            },
            args={
                "id": hold.id,
                "owner": hold.owner,
                "asks": asks,
                "pause_ms": None if again_in is None else _ms(again_in),
                "is_tried": is_tried,
                "is_mail": is_mail,
                "same_ms": SAME_SECONDS * 1000,
            },
        )
        return answer.word is LetterFinish.DONE

    async def put_with_joins(self, hold: LetterHold) -> bool:
        """A letter in hand is to a stranger: it waits with those for people who join, and is
        counted as they are. False, without effect, if too many wait there."""
        answer = await self._put_with_joins(
            keys={"letter": letter_key(hold.id), "queue": QUEUE, "joins": JOINS, "held": HELD},
            args={"id": hold.id, "owner": hold.owner, "most": MOST_WAITING},
        )
        return answer.word is not PutWithJoins.FULL

    async def admit(self, letter: Letter) -> bool:
        """Whether this letter is one of the `AN_HOUR` that may go to its address, and, if a member
        asks for mail at another address, of those that the member may ask for. Welcomes count by
        themselves: whoever holds a member's old mail can bring them about, and must keep no log-in
        letter from the member."""
        kind, name = letter.asked.kind, f"{letter.id} {letter.asks}"
        of = "welcome" if kind is LetterKind.WELCOME_BACK else "address"
        whose = [f"{of} {identity(letter.asked.email)}"]
        if kind is LetterKind.MOVE:
            whose.append(f"member {letter.asked.number}")
        return all([await self._is_admitted(one, name) for one in whose])

    async def may_undo(self, numbers: Sequence[int], left: int) -> bool:
        """Whether a person with these numbers may undo that they left as `left`, with a button:
        `AN_HOUR` such leavings, since each return uses up a number. To press again, after a return
        that had to wait, is no other leaving."""
        return await self._is_admitted(f"undo {min(numbers)}", str(left))

    async def _is_admitted(self, whose: str, name: str) -> bool:
        answer = await self._admit(
            keys={"sent": f"notify:letters:to:{self._hash(whose)}"},
            args={"name": name, "most": AN_HOUR},
        )
        return answer.word is Admitted.YES

    def _id(self, asked: Asked) -> str:
        """The letter's id: the same if the same browser asks for the same again."""
        if not asked.browser:
            return os.urandom(16).hex()
        return self._hash(f"letter {to_bytes(replace(asked, at=None)).decode()}")

    def _whose(self, asked: Asked) -> list[str]:
        if asked.kind is LetterKind.STAFF:
            return []
        return self._whose_keys(asked.email, [asked.number] if asked.number else [])

    def _whose_keys(self, email: str, numbers: Collection[int]) -> list[str]:
        said = [f"of address {identity(email)}", *(f"of member {number}" for number in numbers)]
        return [f"notify:letters:of:{self._hash(one)}" for one in said]

    def _hash(self, said: str) -> str:
        return hmac.digest(self._key, said.encode(), "sha256").hex()[:32]


async def waiting(redis: Redis) -> tuple[int, int, float]:
    """How many letters wait, how many of those who join do, and for how many seconds the first of
    the others has been due."""
    async with redis.pipeline(transaction=False) as pipe:
        pipe.zcard(QUEUE)
        pipe.zcard(JOINS)
        pipe.zrange(QUEUE, 0, 0, withscores=True)
        pipe.time()
        count, joins, first, (seconds, micros) = await pipe.execute()
    since = seconds + micros / 1e6 - first[0][1] / 1000 if first else 0.0
    return count, joins, max(since, 0.0)


def letter_key(letter: str) -> str:
    """The letter itself."""
    return f"notify:letter:{letter}"


def _place(letter: str) -> str:
    return f"letter:{letter}"


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _moment(ms: bytes) -> datetime:
    return datetime.fromtimestamp(int(ms) / 1000, UTC)
