"""Redis is emptied under a system that runs: it says so, and leaves readers what they have."""

from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from shared.bus.users import OPERATOR
from tests.make import alert
from tests.system.running import Up
from tests.system.steps import complete, post
from tests.wait import until
from varsel.run.embedded import redis_url


def site(up: Up) -> dict[Path, bytes]:
    """The files that readers see."""
    files = (up.data / "site").rglob("*")
    return {file: file.read_bytes() for file in files if file.is_file()}


def problems(up: Up) -> list[str]:
    return list(httpx.get(f"{up.url}/health/ready").json()["problems"])


async def all_is_written(redis: Redis) -> bool:
    """Whether render has also written what follows a page, as the picture that it is shared by."""
    return not await redis.exists("render:to_write")


@pytest.fixture
async def emptied(tmp_path: Path) -> tuple[Up, str, dict[Path, bytes]]:  # type: ignore[misc]
    """A system whose alert reached a member before all keys of its Redis went; its API key, and its
    site as it was."""
    file = tmp_path / "medlemmer.csv"
    file.write_text("email,name,lang\nkari@example.org,Kari,nb\n")
    with Up() as up:
        key = up.start().key()
        up.json("members", "import", str(file), "--consent", "Ja takk")
        await complete(up, key, post(up, key, alert()).json()["id"])
        async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
            await until(lambda: all_is_written(redis))
            before = site(up)
            await redis.delete(*[name async for name in redis.scan_iter()])
            yield up, key, before


async def test_each_service_says_that_its_data_is_gone_and_what_to_do(
    emptied: tuple[Up, str, dict[Path, bytes]],
) -> None:
    up, key, before = emptied
    services = ("ingest", "render", "notify")

    def all_say_so() -> bool:
        told = problems(up)
        return all(f"{name}: other_data" in " ".join(told) for name in services)

    await until(all_say_so)
    assert all("put the backup back" in problem for problem in problems(up))
    answer = post(up, key, alert())
    assert answer.status_code == 503
    assert "finner ikke igjen dataene sine" in answer.json()["detail"]
    assert site(up) == before
    watch = up.run("watch", "--once")
    assert watch.returncode == 0
    assert "legg tilbake sikkerhetskopien" in " ".join(watch.stdout.split())
    async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
        assert [name async for name in redis.scan_iter()] == []
