"""What was confirmed is on a replica, too; and with a plain Redis nothing is waited for."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from services.ingest.app import create
from services.ingest.people.keys import create_key
from shared.bus import connect, lua
from shared.bus.errors import NotAcknowledged, surroundings
from shared.bus.failover import master_url
from shared.bus.users import BACKUP, as_user
from shared.settings import Settings
from tests.make import alert, settings
from tests.sentinels import SentinelSet, Server
from tests.server import Valkey
from tests.wait import until
from varsel.backup.cut import take_cut

SCRIPT = """-- key.counter string
-- answer done
return { 'done', redis.call('INCR', key.counter) }
"""


@contextmanager
def deaf(sentinels: SentinelSet) -> Iterator[Server]:
    """No replica hears the master, which is given."""
    master = sentinels.master()
    replicas = [server for server in sentinels.servers if server is not master]
    for server in replicas:
        server.signal(signal.SIGSTOP)
    try:
        yield master
    finally:
        for server in replicas:
            server.signal(signal.SIGCONT)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    file = tmp_path / "count.lua"
    file.write_text(SCRIPT)
    return file


async def test_what_no_replica_has_is_not_confirmed_and_neither_is_a_repeat_that_writes_nothing(
    sentinels: SentinelSet, redis: Redis
) -> None:
    async with connect(as_user(sentinels.url, "tests")) as other:
        await other.get("connects")
        with deaf(sentinels) as master:
            first = asyncio.create_task(redis.set("first", "1", nx=True, get=True))
            await until(lambda: master.ask("GET", "first"))
            with pytest.raises(NotAcknowledged):
                await other.set("first", "2", nx=True, get=True)
            with pytest.raises(NotAcknowledged) as refused:
                await first
        assert surroundings(refused.value), "else it would count as an attempt"
        assert await other.set("first", "2", nx=True, get=True) == b"1"


async def test_one_replica_that_is_down_keeps_nothing_from_being_confirmed(
    sentinels: SentinelSet, redis: Redis
) -> None:
    await redis.set("first", "1")  # both have it
    master = sentinels.master()
    next(one for one in sentinels.servers if one is not master).kill()
    await redis.set("second", "2")
    async with connect(as_user(sentinels.url, "tests")) as new:  # which has never heard of both
        assert await new.set("third", "3")


async def test_a_transaction_is_confirmed_once_a_replica_has_it(
    sentinels: SentinelSet, redis: Redis
) -> None:
    async with redis.pipeline(transaction=True) as pipe:
        pipe.incr("counter")
        pipe.incr("counter")
        assert await pipe.execute() == [1, 2]
    with deaf(sentinels):
        pipe = redis.pipeline(transaction=True)
        pipe.incr("counter")
        with pytest.raises(NotAcknowledged):
            await pipe.execute()


async def test_who_only_reads_waits_for_nobody(sentinels: SentinelSet, redis: Redis) -> None:
    await redis.hset("hash", "field", "value")
    with deaf(sentinels):
        async with redis.pipeline(transaction=False) as pipe:
            pipe.hget("hash", "field")
            pipe.exists("nothing")
            assert await pipe.execute() == [b"value", 0]


async def test_a_script_goes_on_where_the_next_master_has_never_heard_of_it(
    sentinels: SentinelSet, redis: Redis, script: Path
) -> None:
    count = lua.load(redis, script, lua.Done)
    assert (await count(keys={"counter": "counter"})).values == (1,)
    sentinels.master().kill()
    assert (await count(keys={"counter": "counter"})).values == (2,)


async def test_an_orderly_change_of_masters_is_noticed_by_nobody(
    sentinels: SentinelSet, redis: Redis
) -> None:
    before = sentinels.master()
    sentinels.fail_over()
    count = 0
    while sentinels.master() is before:
        count += 1
        await redis.set("count", count)
    assert count
    assert int(await redis.get("count")) == count


async def test_the_editor_is_told_to_try_again_and_a_repeat_is_one_article(
    sentinels: SentinelSet, redis: Redis
) -> None:
    conf: Settings = settings(site_url="https://varsel.example.org")
    key = await create_key(redis, "Test", "editor")
    service = create(conf, as_user(sentinels.url, "ingest"))
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "bare-en-gang"}
    article = alert().model_dump(mode="json")
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(service.http), base_url="http://test", headers=headers
    ) as http:
        with deaf(sentinels):
            refused = await http.post("/api/articles", json=article)
        assert refused.status_code == 503, refused.text
        assert "prøv igjen" in refused.json()["detail"]
        taken = await http.post("/api/articles", json=article)
        assert taken.status_code == 201, taken.text
    await service.bus.stop()
    for close in service.close:
        await close()
    assert len([key async for key in redis.scan_iter("ingest:article:*")]) == 1


async def test_a_backup_is_a_cut_of_the_master_of_now(
    sentinels: SentinelSet, redis: Redis, tmp_path: Path
) -> None:
    await redis.set("kept", "1")
    url = await master_url(as_user(sentinels.url, BACKUP))
    assert url == as_user(f"redis://127.0.0.1:{sentinels.master().port}/0", BACKUP)
    take_cut(url, tmp_path / "cut")
    assert (tmp_path / "cut").read_bytes()[:5] in (b"REDIS", b"VALKE")


async def test_a_plain_redis_is_asked_for_nothing_more(own_server: Valkey, script: Path) -> None:
    async with connect(own_server.url) as client:
        await lua.load(client, script, lua.Done)(keys={"counter": "counter"})
        await client.set("a", "b")
        asked = await client.info("commandstats")
    assert not {"cmdstat_wait", "cmdstat_publish"} & asked.keys()
