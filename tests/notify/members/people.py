"""Members on a real Redis with a real journal, and Redis put back to what it held before."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from redis.asyncio import Redis

from services.notify.journal.entries import JournalState
from services.notify.journal.journal import Journal
from services.notify.letters.store import Letters
from services.notify.members.many import ManyMembers
from services.notify.members.member import Member, seal
from services.notify.members.membership import Membership
from services.notify.members.numbers import Cut, place
from services.notify.members.replay_journal import replay
from services.notify.members.store import Members
from services.notify.vault.vault import Vault

VAULT = Vault(b"v" * 32, b"i" * 32)


def member(email: str, **fields: str) -> Member:
    return Member(email, "Kari Canary", "nb", "consent")._replace(**fields)


async def ended(redis: Redis, members: Members, number: int, at: datetime | None = None) -> None:
    """A register does not have the member any more."""
    records = await members.records([number])
    await ManyMembers(redis, members).end(records, at or datetime.now(UTC))


async def move_to(membership: Membership, number: int, record: bytes, email: str) -> bool:
    """A member proves another address, as on «Min side»; the letter to the old one waits then."""
    was = membership.members.open(number, record)
    letters = Letters(membership.members.redis, VAULT, b"l" * 32)
    told = partial(letters.of_move, number, was)
    return await membership.move(number, record, was._replace(email=email), told)


async def seven_days_later(members: Members, number: int) -> None:
    """No change of the member's address can be undone any more."""
    newest, *_ = await members.numbers_of(number)
    for sealed in (await members.records([newest])).values():
        record = members.open(newest, sealed)._replace(moves="")
        bucket, field = place(newest)
        await members.redis.hset(
            f"notify:members:{bucket}", str(field), seal(VAULT, newest, record)
        )


@dataclass
class People:
    redis: Redis
    folder: Path
    journal: Journal = field(init=False)
    membership: Membership = field(init=False)

    def __post_init__(self) -> None:
        self.journal = Journal(self.folder, VAULT, self.redis)
        self.membership = Membership(self.redis, VAULT, self.journal)

    async def start(self) -> JournalState:
        """As a process does that starts."""
        await self.journal.close()
        self.journal = Journal(self.folder, VAULT, self.redis)
        self.membership = Membership(self.redis, VAULT, self.journal)
        return await replay(self.membership, self.journal)

    async def add(self, *emails: str) -> list[int]:
        """Members of a list."""
        last = await self.membership.members.last()
        assert await self.membership.add([member(email) for email in emails], after=last)
        return list(range(last + 1, last + 1 + len(emails)))

    async def mailed(self) -> Counter[str]:
        """How many mails an alert to all would be to each address now; and the promise that its
        audience is as many (G6)."""
        members = self.membership.members
        last, leaves = await self.redis.mget("notify:last", "notify:leaves")
        cut = Cut(int(last or 0), int(leaves or 0))
        audience = await members.audience(cut, range(1, cut.last + 1))
        everybody = [
            members.open(number, record).email for number, record in audience.reachable.items()
        ]
        assert len(everybody) + len(audience.suppressed) == cut.last - cut.leaves
        return Counter(everybody)

    async def copy(self) -> dict[bytes, bytes]:
        """A copy of Redis."""
        return {key: await self.redis.dump(key) or b"" async for key in self.redis.scan_iter()}

    async def put_back(self, copy: dict[bytes, bytes]) -> None:
        await self.redis.flushall()
        for key, value in copy.items():
            await self.redis.restore(key, 0, value)
