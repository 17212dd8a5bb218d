"""What a copy that is put back has, and what it has no more."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from services.ingest.people.invitations import Invitations
from services.ingest.people.store import People
from services.notify.journal.entries import EntryKind, JournalEntry
from services.notify.journal.journal import Journal
from services.notify.journal.keys_beside import load_keys
from services.notify.members.member import Member
from services.notify.members.opened import open_membership
from services.notify.vault.keys import WrongSecretKey
from services.notify.vault.vault import Vault
from services.render.articles.change_log import ChangeLog, UnknownChange
from shared import held, newest_backup, release
from shared.bus import data_form, streams
from shared.bus.users import BACKUP, OPERATOR, as_user
from shared.for_followers import change_id
from shared.settings import Settings
from shared.visitors.sessions import MEMBER_SESSIONS, STAFF_SESSIONS, Sessions
from tests.make import revision, settings
from tests.server import Valkey
from varsel.backup.archive import identities, new_identity, recipient
from varsel.backup.take_backup import SECRET, take_backup
from varsel.restore import adjust
from varsel.restore.between import Between
from varsel.restore.put_back import NotEmpty, SecretMissing, put_back
from varsel.run.embedded import EmbeddedServer

SECRET_KEY = "0123456789abcdef0123456789abcdef"


def quiet(*_: object) -> None:
    pass


@dataclass
class Copies:
    """A system, and backups of it."""

    valkey: Valkey
    system: Settings
    folder: Path
    taken: int = 0

    @property
    def opened_by(self) -> list[Any]:
        return identities(self.folder / "id.txt")

    async def take(self, *, with_key: bool = False) -> Path:
        self.taken += 1
        target = self.folder / f"kopi{self.taken}.age"
        public = recipient((self.folder / "id.txt").read_text().splitlines()[0].rpartition(" ")[2])
        await take_backup(target, self.system, [public], with_key=with_key, told=quiet)
        return target

    async def put_back(self, backup: Path, into: Settings) -> Between:
        return await put_back(backup, into, self.opened_by, quiet)


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[Copies]:
    new_identity(tmp_path / "id.txt")
    valkey = Valkey().start()
    system = settings(redis_url=as_user(valkey.url, BACKUP), secret_key=SECRET_KEY)
    yield Copies(valkey, system, tmp_path)
    valkey.close()


@asynccontextmanager
async def started(system: Settings) -> AsyncIterator[Redis]:
    """The embedded server of a system that was put back, as who runs it looks at it."""
    server = EmbeddedServer(system.data)
    await server.start()
    try:
        async with Redis.from_url(server.url_for(OPERATOR)) as redis:
            yield redis
    finally:
        await server.stop()


async def value_of(redis: Redis, key: bytes) -> Any:
    """What is at the key, whatever its type."""
    kind = (await redis.type(key)).decode()
    ask = {
        "string": lambda: redis.get(key),
        "hash": lambda: redis.hgetall(key),
        "set": lambda: redis.smembers(key),
        "zset": lambda: redis.zrange(key, 0, -1, withscores=True),
        "stream": lambda: redis.xrange(key),
    }
    return kind, await ask[kind]()


async def members(copies: Copies, count: int) -> None:
    async with (
        Redis.from_url(as_user(copies.valkey.url, "notify")) as redis,
        open_membership(redis, copies.system) as membership,
    ):
        people = [Member(f"medlem{n}@example.org", "", "nb", "Ja") for n in range(count)]
        await membership.add(people, after=0)


async def test_g13_a_follower_who_has_seen_more_than_the_copy_is_told_so(copies: Copies) -> None:
    """And one who has not misses nothing: places are given again, names are not."""
    early, lost, after = (revision(id=f"{name:a<12}") for name in ("tidlig", "tapt", "siden"))
    async with Redis.from_url(copies.valkey.url) as redis:
        await members(copies, 1)
        await ChangeLog(redis).put_before(early, 1)
        backup = await copies.take()
        await ChangeLog(redis).put_before(lost, 2)
        assert await ChangeLog(redis).newest("all") == change_id(lost)
    into = settings(secret_key=SECRET_KEY)
    await copies.put_back(backup, into)
    async with started(into) as back:
        log = ChangeLog(back)
        await log.put_before(after, 2)
        found = await log.after("all", change_id(early), 100)
        assert [one["data"]["change_id"] for one in found.told] == [change_id(after)]
        with pytest.raises(UnknownChange):
            await log.after("all", change_id(lost), 100)


async def test_all_of_it_is_there_and_it_is_held(copies: Copies) -> None:
    async with Redis.from_url(copies.valkey.url) as redis:
        await streams.create_topology(redis)
        await redis.hset("ingest:uploads:kari", mapping={str(n): "x" * n for n in range(300)})
        await redis.set("notify:turns", "soon", px=10**8)
        entry = await redis.xadd("deliveries", {"data": "{}"})
        await redis.xreadgroup("ingest", "ingest-1", {"deliveries": ">"})
        await members(copies, 3)
        backup = await copies.take()
        into = settings(secret_key=SECRET_KEY)
        await copies.put_back(backup, into)
        async with started(into) as back:
            theirs = {key async for key in redis.scan_iter()}
            ours = {key async for key in back.scan_iter()}
            new = {held.held_key(name).encode() for name in held.SERVICES}
            new |= {adjust.REPORT.encode(), b"ingest:audit", b"ingest:audit:head"}
            new.add(data_form.KEY.encode())
            # Noted once the copy was made.
            theirs.remove(newest_backup.KEY.encode())
            assert ours == theirs | new
            for key in theirs - {b"notify:turns"}:
                assert await value_of(back, key) == await value_of(redis, key), key
            assert 0 < await back.pttl("notify:turns") <= 10**8
            [waits] = await back.xpending_range("deliveries", "ingest", "-", "+", 10)
            assert waits["message_id"] == entry
            for name in held.SERVICES:
                assert await held.is_held(back, name)


async def test_nobody_is_let_in_by_what_the_copy_knew(copies: Copies) -> None:
    async with Redis.from_url(copies.valkey.url) as redis:
        staff = Sessions(redis, STAFF_SESSIONS, b"k" * 32)
        member = Sessions(redis, MEMBER_SESSIONS, b"k" * 32)
        sessions = [(staff, await staff.begin("kari")), (member, await member.begin("7"))]
        kari = await People(redis).add("Kari", "admin")
        invitation = await Invitations(redis).make(kari.id)
        assert await Invitations(redis).look(invitation)
        await redis.zadd("notify:letters", {"letter": 1})
        await redis.set("notify:letter:letter", "sealed")
        await redis.hset("ingest:tellings", "t", "{}")
        backup = await copies.take()
    into = settings(secret_key=SECRET_KEY)
    await copies.put_back(backup, into)
    async with started(into) as back:
        for kind, session in sessions:
            terms = kind._terms
            assert await Sessions(back, terms, b"k" * 32).look(session.id) is None
        assert await Invitations(back).look(invitation) is None
        assert not await back.exists("notify:letters", "notify:letter:letter", "ingest:tellings")
        assert [one.name for one in await People(back).all()] == ["Kari"]


async def test_what_is_not_empty_stays_as_it_is(copies: Copies) -> None:
    backup = await copies.take(with_key=True)
    into = settings()
    async with started(into) as redis:
        await redis.set("ingest:something", "mine")
    with pytest.raises(NotEmpty):
        await copies.put_back(backup, into)
    async with started(into) as redis:
        assert [key async for key in redis.scan_iter()] == [b"ingest:something"]
    assert not (into.data / SECRET).exists()
    assert not into.journal_folder.exists()


async def test_the_key_that_was_inside_is_put_where_notify_looks(copies: Copies) -> None:
    await members(copies, 2)
    into = settings()
    await copies.put_back(await copies.take(with_key=True), into)
    assert (into.data / SECRET).read_text().strip() == SECRET_KEY
    assert (into.data / SECRET).stat().st_mode & 0o777 == 0o600
    async with started(into) as redis, open_membership(redis, into) as membership:
        assert set(await membership.members.records([1, 2])) == {1, 2}


async def test_without_the_key_and_with_another_one_nothing_is_put_back(copies: Copies) -> None:
    await members(copies, 2)
    backup = await copies.take()
    for into, error in (
        (settings(), SecretMissing),
        (settings(secret_key=SECRET_KEY[::-1]), WrongSecretKey),
    ):
        with pytest.raises(error):
            await copies.put_back(backup, into)
        async with started(into) as redis:
            assert not await adjust.has_any(redis)


async def test_the_journal_that_is_there_stays_and_gets_what_it_lacks(copies: Copies) -> None:
    await members(copies, 5)
    into = settings(secret_key=SECRET_KEY)
    before = datetime.now(UTC)
    backup = await copies.take()
    async with Redis.from_url(as_user(copies.valkey.url, "notify")) as redis:
        found = await load_keys(redis, copies.system)
    journal = Journal(copies.system.journal_folder, Vault(found.vault, found.index), Redis())
    await journal.note(JournalEntry(EntryKind.LEFT, datetime.now(UTC), 3))
    await journal.note(JournalEntry(EntryKind.NUMBERS, before, 5000))
    await journal.close()
    copies.system.journal_folder.rename(into.journal_folder)
    between = await copies.put_back(backup, into)
    assert (between.journal_is_lost, between.left, between.erased) == (False, 1, 0)
    journal = Journal(into.journal_folder, Vault(found.vault, found.index), Redis())
    state = await journal.read()
    assert (set(state.gone), state.highest) == ({3}, 5000)

    lost = settings(secret_key=SECRET_KEY)
    between = await copies.put_back(backup, lost)
    assert between.journal_is_lost
    state = await Journal(lost.journal_folder, Vault(found.vault, found.index), Redis()).read()
    assert state.highest >= 5 + 1000


async def test_a_copying_that_is_ended_half_way_is_held_and_is_not_begun_upon(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Redis.from_url(copies.valkey.url) as redis:
        await redis.mset({f"ingest:filler:{number}": "x" for number in range(3000)})
    backup, into = await copies.take(with_key=True), settings()
    calls = 0
    whole = adjust._copy

    async def breaks(*given: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise RedisConnectionError
        await whole(*given)

    monkeypatch.setattr(adjust, "_copy", breaks)
    with pytest.raises(RedisConnectionError):
        await copies.put_back(backup, into)
    monkeypatch.undo()
    async with started(into) as redis:
        assert len([key async for key in redis.scan_iter()]) > len(held.SERVICES)
        for name in held.SERVICES:
            assert await held.is_held(redis, name)
    with pytest.raises(NotEmpty):
        await copies.put_back(backup, into)


async def test_a_copy_goes_into_a_redis_that_others_run(copies: Copies) -> None:
    await members(copies, 2)
    backup = await copies.take()
    other = Valkey().start()
    try:
        into = settings(redis_url=as_user(other.url, OPERATOR), secret_key=SECRET_KEY)
        await copies.put_back(backup, into)
        async with Redis.from_url(other.url) as redis:
            assert await redis.get("notify:last") == b"2"
            assert await held.is_held(redis, "notify")
    finally:
        await asyncio.to_thread(other.close)


async def test_a_copy_that_only_a_newer_release_reads_is_refused_and_nothing_is_put(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = release.FORM + 2
    newer = data_form.Release("9.0.0", form, 1, form + 1)
    async with Redis.from_url(copies.valkey.url) as redis:
        await members(copies, 1)
        with monkeypatch.context() as patched:
            patched.setattr(data_form, "THIS", newer)
            await data_form.note(redis)
            backup = await copies.take()
        with pytest.raises(data_form.DataRefused, match=rf"av Varsel 9\.0\.0 i form {form}"):
            await copies.take()
        into = settings(secret_key=SECRET_KEY)
        with pytest.raises(data_form.DataRefused, match=r"Start den nyeste versjonen"):
            await copies.put_back(backup, into)
        async with started(into) as back:
            assert [key async for key in back.scan_iter()] == []


def test_a_slow_disk_gets_no_more_at_once_than_it_takes_while_somebody_waits() -> None:
    large, small = bytes(adjust._BYTES_AT_ONCE - 1), bytes(10)
    for sizes, fitting in (
        ([large], 1), ([large, small], 1), ([small, large, small], 1), ([small, small], 2),
        ([large + large, small], 1),
    ):  # fmt: skip
        assert adjust._fitting([(b"key", record, 0) for record in sizes]) == fitting
