"""How much room is left is told in time, and by who can see it."""

import os
import shutil
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.ingest import app as ingest
from services.render import app as render
from shared import disk
from shared.bus.users import as_user
from shared.disk import Disk
from tests.make import settings
from varsel.run.dispatch import Dispatch

numbers = st.integers(0, 2**60)


@given(free=numbers, used=numbers)
def test_what_is_full_is_low_and_both_at_their_share_of_what_is_in_all(
    free: int, used: int
) -> None:
    found = Disk("site", free, free + used)
    exact = free * 100, free + used
    if free + used:
        assert found.is_low == (exact[0] <= 10 * exact[1]) or found.share == pytest.approx(0.10)
        assert found.is_full == (exact[0] <= 3 * exact[1]) or found.share == pytest.approx(0.03)
    assert found.is_low or not found.is_full


def test_a_file_system_without_a_size_is_never_full() -> None:
    assert not Disk("site", 0, 0).is_low


def test_the_numbers_are_those_of_the_disk_also_of_a_folder_that_is_not_made_yet(
    tmp_path: Path,
) -> None:
    [there, later] = disk.look({"site": tmp_path, "redis": tmp_path / "not" / "yet"})
    real = shutil.disk_usage(tmp_path)
    for found in (there, later):
        assert found.free == pytest.approx(real.free, rel=0.05)
        assert found.size == pytest.approx(real.used + real.free, rel=0.05)


def test_a_folder_that_cannot_be_looked_at_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "statvfs", refused)
    assert disk.look({"site": tmp_path}) == []


def statvfs(*, blocks: int, bfree: int, bavail: int) -> os.statvfs_result:
    return os.statvfs_result((4096, 4096, blocks, bfree, bavail, 0, 0, 0, 0, 255))


LOW = statvfs(blocks=1000, bfree=150, bavail=92)
"""92 of 942 blocks, 9 %: root's own do not count."""
FULL = statvfs(blocks=1000, bfree=60, bavail=29)


@pytest.mark.parametrize(
    ("seen", "problems", "warnings"),
    [
        (statvfs(blocks=1000, bfree=200, bavail=190), [], []),
        (LOW, [], ["ingest: disk pictures 9 % free", "ingest: disk redis 9 % free",
                   "render: disk site 9 % free"]),
        (FULL, ["ingest: disk pictures 2 % free", "ingest: disk redis 2 % free",
                "render: disk site 2 % free"], []),
    ],
)  # fmt: skip
async def test_health_warns_of_a_disk_that_fills_and_is_red_before_it_is_full(
    seen: os.statvfs_result,
    problems: list[str],
    warnings: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conf = settings()
    services = [one.create(conf, "unix:///nowhere") for one in (ingest, render)]
    monkeypatch.setattr(os, "statvfs", lambda _: seen)
    transport = httpx.ASGITransport(Dispatch(services))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        answer = (await http.get("/health/ready")).json()
        metrics = (await http.get("/metrics")).text  # also while Redis is away
    assert [one for one in answer["problems"] if "disk" in one] == problems
    assert answer["warnings"] == warnings
    free = float(seen.f_bavail * seen.f_frsize)
    assert f'varsel_disk_free_bytes{{folder="site",service="render"}} {free}' in metrics


async def test_each_service_tells_of_its_disks_where_watch_reads(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    conf = settings()
    for service in (ingest.create(conf, as_user(redis_url, "ingest")),
                    render.create(conf, as_user(redis_url, "render"))):  # fmt: skip
        await disk.tell(service.bus.redis, service.name, service.folders)
        assert 0 < await redis.ttl(disk.key(service.name)) <= 120
        await service.bus.redis.aclose()
    found = disk.told(await redis.mget([disk.key(name) for name in disk.TELLERS]))
    assert [one.folder for one in found] == ["pictures", "redis", "site"]


def test_where_others_run_redis_nobody_speaks_for_its_disk() -> None:
    conf = settings(redis_url="redis://ingest@redis:6379")
    assert list(ingest.create(conf, conf.redis_url).folders) == ["pictures"]
