"""What is written to the journal and no other deed brings: somebody who had left joins again, or
comes with a list, and the first number after a start is given."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.journal.entries import EntryKind
from services.notify.members.numbers import place
from services.notify.members.store import LAST, Members
from shared.oslo import oslo_today
from tests.chaos.deeds.by_letter import JoiningDeed
from tests.chaos.deeds.of_members import leave, somebody
from tests.chaos.deeds.reader import Reader
from tests.chaos.deeds.telling import vault_of
from tests.chaos.gate import in_journal
from tests.chaos.journal import journal_of
from tests.chaos.system import Chaos
from tests.wait import until


async def _not_back(chaos: Chaos, number: int) -> str:
    """What is not so of somebody who left with this number and is a member again."""
    async with chaos.redis as redis:
        members = Members(redis, await vault_of(redis))
        email = chaos.members[number - 1]
        [found] = await members.find([email])
        if not found or found.left or found.number == number:
            return "not back"
        if not await members.left([number]):
            return "back as two"
        holder = (await journal_of(chaos, redis)).holders.get(members.index_of(email))
    return "" if holder and holder.number == found.number else "not in the journal"


class JoinsAgainDeed:
    """Somebody who left joins again, by the letter's link."""

    name = "second joining"
    kinds = in_journal(EntryKind.JOINED)

    async def prepare(self, chaos: Chaos) -> str:
        number = await somebody(chaos)
        await leave(chaos, number)
        return f"{number} {len(chaos.sink.taken)}"

    async def do(self, chaos: Chaos, about: str) -> None:
        number, before = map(int, about.split())
        email = chaos.members[number - 1]
        async with Reader(chaos) as person:
            await person.send("/bli-medlem/", epost=email, samtykke="ja")
            await person.send((await person.letter(email, before)).link)

    async def lacks(self, chaos: Chaos, about: str) -> str:
        return await _not_back(chaos, int(about.split(maxsplit=1)[0]))


class ComesWithListDeed:
    """Somebody who left days ago comes with a list of those who have agreed since: the operator
    runs the command again if it was killed."""

    name = "return by a list"
    kinds = in_journal(EntryKind.IMPORTED)

    async def prepare(self, chaos: Chaos) -> str:
        number = await somebody(chaos)
        await leave(chaos, number)
        days_ago = datetime.now(UTC) - timedelta(days=3)
        async with chaos.redis as redis:
            await _left_at(redis, number, days_ago)
        return str(number)

    async def do(self, chaos: Chaos, about: str) -> None:
        email = chaos.members[int(about) - 1]
        await chaos.take_in([email], "--consented-on", oslo_today().isoformat())

    async def lacks(self, chaos: Chaos, about: str) -> str:
        return await _not_back(chaos, int(about))


async def _left_at(redis: Redis, number: int, at: datetime) -> None:
    bucket, field = place(number)
    await redis.hset(f"notify:left_at:{bucket}", str(field), at.isoformat())


class FirstNumberDeed(JoiningDeed):
    """Somebody joins right after a start, which gives none of the numbers that were reserved
    before."""

    def __init__(self) -> None:
        super().__init__("first")
        self.name = "first joining"
        self.kinds = in_journal(EntryKind.NUMBERS)

    async def prepare(self, chaos: Chaos) -> str:
        [worker] = chaos.workers()
        life = worker.life
        chaos.kill(worker.name)
        await until(lambda: worker.life != life)
        await chaos.ready()
        return await super().prepare(chaos)

    async def lacks(self, chaos: Chaos, about: str) -> str:
        if missing := await super().lacks(chaos, about):
            return missing
        with suppress(RedisError):
            async with chaos.redis as redis:
                given = int(await redis.get(LAST) or 0)
                reserved = (await journal_of(chaos, redis)).highest
            return "" if given <= reserved else "a number that is not in the journal"
        return "Redis is away"


JOURNAL_DEEDS = (JoinsAgainDeed(), ComesWithListDeed(), FirstNumberDeed())
