"""Servers and Sentinels that speak TLS alone are read from and written to, also by the next master;
and nobody is talked to for whom no authority vouches."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from shared.bus import Timing, connect, lua
from shared.bus.errors import surroundings
from shared.bus.users import as_user
from tests import tls
from tests.bus.helpers import Running, commit_page, page_ids, publish, published, settled
from tests.expects import skip_or_fail
from tests.sentinels import SentinelSet, Tls
from tests.wait import until

BEFORE, AFTER = 10, 10
SCRIPT = """-- key.counter string
-- answer done
return { 'done', redis.call('INCR', key.counter) }
"""


@pytest.fixture(scope="module")
def sentinels() -> Iterator[SentinelSet]:
    program = shutil.which("redis-server", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if not program:
        skip_or_fail("redis", "no redis-server, which speaks TLS where the wheel's does not")
    certificate = tls.authority().certificate("127.0.0.1")
    running = SentinelSet(tls=Tls(program, tls.authority().file, certificate))
    try:
        yield running.start()
    finally:
        running.close()


async def test_events_are_read_and_scripts_run_over_tls_before_and_after_a_master_s_death(
    sentinels: SentinelSet, tmp_path: Path
) -> None:
    assert sentinels.url.startswith("rediss+sentinel://")
    (tmp_path / "count.lua").write_text(SCRIPT)
    async with (
        connect(as_user(sentinels.url, "tests")) as redis,
        Running(sentinels.url, commit_page, timing=Timing()) as bus,
    ):
        count = lua.load(redis, tmp_path / "count.lua", lua.Done)
        assert (await count(keys={"counter": "counter"})).values == (1,)
        await publish(redis, *(published(number) for number in range(BEFORE)))
        await until(lambda: settled(redis, BEFORE))
        sentinels.master().kill()
        assert (await count(keys={"counter": "counter"})).values == (2,)
        await publish(redis, *(published(BEFORE + number) for number in range(AFTER)))
        await until(lambda: settled(redis, BEFORE + AFTER))
        await until(lambda: bus.problems() == [])
        assert len(await page_ids(redis)) == BEFORE + AFTER


async def test_nobody_is_talked_to_for_whom_no_authority_vouches(sentinels: SentinelSet) -> None:
    trusting_others = sentinels.url.partition("?")[0]
    async with connect(as_user(trusting_others, "tests")) as redis:
        with pytest.raises(RedisConnectionError) as refused:
            await redis.set("told", "a stranger")
    assert surroundings(refused.value)
