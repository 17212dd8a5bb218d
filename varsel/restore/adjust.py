"""What is changed in a copy before it is put back.

It holds all services, ends what an old copy must not bring back to life, and sees to it that
nothing is numbered twice and that nothing which the copy had begun goes on by itself.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from redis.asyncio import Redis

from services.ingest.lifecycle.store import SCHEDULE, Articles
from services.ingest.people.store import INVITATIONS
from services.ingest.telling import store as tellings
from services.notify.journal.entries import EntryKind, JournalEntry, JournalState
from services.notify.journal.journal import Journal
from services.notify.ledger.delivery import DELIVERIES, ledger_key
from services.notify.ledger.start import delivery_name
from services.notify.ledger.start_notice import notice_delivery
from services.notify.letters import store as letters
from services.notify.staff.store import LINKS
from shared import held
from shared.bus import lua
from shared.bus.streams import entries
from shared.events import NoticeApproved, from_fields
from shared.revision import Revision
from shared.visitors.sessions import MEMBER_SESSIONS, STAFF_SESSIONS
from varsel.backup.contents import under_way
from varsel.restore.between import in_doubt

REPORT = "restored"
"""A string: what a person is to see, as `Between`, until they let the system go on."""
_ENDED = (
    *(f"{terms.place}:" for terms in (MEMBER_SESSIONS, STAFF_SESSIONS)),
    *(f"{terms.of}:" for terms in (MEMBER_SESSIONS, STAFF_SESSIONS)),
    *("ingest:trial:", "ingest:oidc:", "ingest:challenge:", "notify:challenge:"),
    *("notify:ticket:", "notify:codes:", "notify:links-of:", letters.letter_key("")),
)
"""How keys begin that let somebody in, or are letters that nobody waits for any more."""
_ENDED_WHOLE = (
    *(INVITATIONS, LINKS, letters.QUEUE, letters.JOINS, letters.HELD),
    *tellings.KEYS.values(),
)
_HERE = Path(__file__).parent
_KEYS_AT_ONCE = 1000
"""Keys of one command."""
_BYTES_AT_ONCE = 16 * 2**20
"""Of records in one write, which is synced to disk before its answer: at 10 MB/s, 1.6 of the 5
seconds for which it is waited for."""


async def end_ways_in(redis: Redis) -> None:
    """End all sessions, invitations, links and codes, and drop letters and tellings that wait."""
    ended = [one async for one in _keys(redis) if one.startswith(tuple(s.encode() for s in _ENDED))]
    for start in range(0, len(ended), _KEYS_AT_ONCE):
        await redis.unlink(*ended[start : start + _KEYS_AT_ONCE])
    await redis.unlink(*_ENDED_WHOLE)


async def doubt_ledgers(redis: Redis) -> list[str]:
    """Note that whoever is open in a delivery may have been mailed since; gives the deliveries."""
    found = await under_way(redis)
    for delivery in found:
        ledger = cast("bytes | None", await redis.get(ledger_key(delivery)))
        if ledger is not None:
            await redis.set(ledger_key(delivery), in_doubt(ledger))
    return found


async def hold_what_was_coming(redis: Redis, journal: Journal, known: JournalState) -> None:
    """Have the journal say of each delivery that the copy would still start that it was started:
    then notify holds it when it comes, for a person to decide. JournalAway if it cannot."""
    there = {
        one.decode() for one in cast("list[bytes]", await redis.zrange(DELIVERIES, 0, -1))
    } | known.deliveries
    coming = {one async for one in _coming(redis)} - there
    now = datetime.now(UTC)
    if coming:
        await journal.note(
            *(JournalEntry(EntryKind.DELIVERY, now, id=id_) for id_ in sorted(coming))
        )


async def revisions(redis: Redis) -> dict[str, int]:
    """The newest revision of each article."""
    articles = Articles(redis)
    lives = [await articles.life(article) for article in await articles.ids()]
    return {life.id: life.revision for life in lives if life}


async def skip_revisions(redis: Redis, until: Mapping[str, int]) -> None:
    """Let no revision be numbered as one that readers may have."""
    articles = Articles(redis)
    for article, last in until.items():
        await articles.skip_revisions(article, last)


async def has_any(redis: Redis) -> bool:
    """Whether there is a key."""
    async for _ in _keys(redis):
        return True
    return False


async def copy_into(redis: Redis, target: Redis) -> None:
    """Put all of the copy into the empty `target`; that it is held comes first. redis-py's errors:
    ResponseError if the two servers do not understand each other."""
    await held.hold(target)
    dump = lua.load(redis, _HERE / "dump_many.lua", lua.Done)
    restore = lua.load(target, _HERE / "restore_many.lua", lua.Done)
    keys = [key async for key in _keys(redis)]
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        await _copy(dump, restore, keys[start : start + _KEYS_AT_ONCE])


async def _copy(
    dump: lua.Script[lua.Done], restore: lua.Script[lua.Done], keys: list[bytes]
) -> None:
    records = (await dump(keys={"keys": keys})).values[0]
    there = [
        (key, record, max(life_ms, 0))
        for key, record, life_ms in zip(keys, records[::2], records[1::2], strict=True)
        if record is not None  # else its time came meanwhile
    ]
    while there:
        names, written, lives = zip(*there[: _fitting(there)], strict=True)
        await restore(keys={"keys": names}, args={"records": written, "lives": lives})
        there = there[len(names) :]


def _fitting(there: Sequence[tuple[bytes, bytes, int]]) -> int:
    """How many of the first ones a slow disk takes while a client waits for its answer; at least
    one."""
    size = 0
    for number, (_, record, _) in enumerate(there):
        size += len(record)
        if size > _BYTES_AT_ONCE and number:
            return number
    return len(there)


async def _coming(redis: Redis) -> AsyncIterator[str]:
    """The deliveries that an event on a stream, or an article in the schedule, may start."""
    for stream in ("articles", "pages", "control"):
        for _, fields in await entries(redis, stream):
            event = from_fields(fields)
            if isinstance(event, NoticeApproved):
                yield notice_delivery(event.data.id)
            elif isinstance(event.data, Revision):
                yield delivery_name(event.data)
    articles = Articles(redis)
    for one in cast("list[bytes]", await redis.zrange(SCHEDULE, 0, -1)):
        if life := await articles.life(one.decode()):
            yield f"{life.id}.{life.revision}"


async def _keys(redis: Redis) -> AsyncIterator[bytes]:
    async for key in redis.scan_iter(count=_KEYS_AT_ONCE):
        yield key
