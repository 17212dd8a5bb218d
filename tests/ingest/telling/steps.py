"""What tests look at of those who are to be told."""

from redis.asyncio import Redis

from services.ingest.people.store import People
from services.ingest.receipts.staff_facts import StaffFactsOf
from services.ingest.telling.store import DUE, Tellings
from services.ingest.telling.tell_people import TellPeople
from shared.events import PeopleToBeTold, from_fields
from shared.staff import WordToStaff


def teller(redis: Redis) -> TellPeople:
    return TellPeople(Tellings(redis), StaffFactsOf(redis))


async def words(redis: Redis) -> list[WordToStaff]:
    """All that staff are to be told so far."""
    events = [from_fields(fields) for _, fields in await redis.xrange("control")]
    return [event.data for event in events if isinstance(event, PeopleToBeTold)]


async def told(redis: Redis) -> list[tuple[str, list[str]]]:
    """The same, as what and the names of whom."""
    records = await People(redis).records()
    return [
        (word.about, sorted(records[person].name for person in word.people))
        for word in await words(redis)
    ]


async def look(redis: Redis) -> list[tuple[str, list[str]]]:
    """Have what is due told; all that was told so far."""
    await teller(redis).look()
    return await told(redis)


async def time_passes(redis: Redis, article: str) -> None:
    """What waiting would do: all that may have to be told of the article is due."""
    for id_ in await redis.zrange(DUE, 0, -1):
        if id_.decode().startswith(article):
            await redis.zadd(DUE, {id_: 1})
