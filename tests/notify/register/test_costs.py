"""What a list asks of Redis, counted: `python -m benchmarks register` measures the time."""

import io

from redis.asyncio import Redis

from services.notify.register.import_members import import_members
from tests.notify.system import System


async def test_a_list_runs_few_scripts_however_many_rows_it_has(notify: System) -> None:
    few, many = [await _scripts(notify, count, name) for count, name in ((500, "a"), (5_000, "b"))]
    assert few > 0
    assert many <= 10 * few, (few, many)
    assert many < 5_000 / 50, "a script for each few rows"


async def _scripts(notify: System, count: int, name: str) -> int:
    """How many scripts are run for so many new rows."""
    rows = "".join(f"{name}{n}@example.org;Kari Li\n" for n in range(count))
    before = await _run(notify.redis)
    source = io.BytesIO(f"E-post;Navn\n{rows}".encode())
    report = await import_members(notify.redis, notify.settings, source, consent="Ja")
    assert report.taken == count
    return await _run(notify.redis) - before


async def _run(redis: Redis) -> int:
    told = await redis.info("commandstats")
    return sum(int(of["calls"]) for name, of in told.items() if name.startswith("cmdstat_evalsha"))
