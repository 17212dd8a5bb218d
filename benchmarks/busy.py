"""A whole system (`varsel up`, a process of its own) in mid-delivery to many members, for
measurements of what an operator does meanwhile."""

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from benchmarks.million import take_in
from benchmarks.sink import sink
from benchmarks.world import World
from services.notify.ledger.delivery import count_handed_over
from shared.bus.users import OPERATOR
from shared.settings import Settings
from tests import make
from tests.system.running import REPO, VARSEL, Up
from tests.system.steps import post
from varsel.run.embedded import EmbeddedServer, redis_url


@dataclass
class Busy:
    up: Up
    redis: Redis
    members: int
    article: str

    @property
    def delivery(self) -> str:
        return f"{self.article}.1"

    async def handed_over(self) -> int:
        """-1 while Redis is away."""
        try:
            return await count_handed_over(self.redis, self.delivery)
        except (RedisError, OSError):
            return -1

    async def reach(self, part: float) -> None:
        """Wait until such a part of the members has its mail."""
        await until(self.handed_over, lambda count: count >= part * self.members)

    def take_backup(self, file: Path, recipient: str) -> None:
        """Write one by the command, while all runs, in the place of the one before; blocks. In a
        session of its own, as a service or cron has it."""
        file.unlink(missing_ok=True)
        options = ("--recipient", recipient, "--without-key")
        done = subprocess.run(
            [*VARSEL, "backup", str(file), *options],
            env=self.up.env, cwd=REPO, capture_output=True, text=True, start_new_session=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


async def until(read: Callable[[], Awaitable[int]], is_so: Callable[[int], bool]) -> float:
    """Wait until what is read is so; the moment of that."""
    while not is_so(await read()):
        await asyncio.sleep(0.01)
    return time.perf_counter()


@asynccontextmanager
async def busy(members: int) -> AsyncIterator[Busy]:
    """One whose delivery has just begun."""
    with sink() as port:
        relay = f"smtp://127.0.0.1:{port}?starttls=none"
        settings = {
            "VARSEL_SMTP_URL": relay,
            "VARSEL_MAIL_FROM": "varsel@example.org",
            "VARSEL_ALERT_APPROVALS": "0",
        }
        with Up(**settings) as up:
            up.start()
            url = redis_url(up.data, OPERATOR)
            async with Redis.from_url(url) as redis:
                await take_in(World(Settings(data=up.data), url, redis), members)
                article = post(up, up.key(), make.alert()).json()["id"]
                here = Busy(up, redis, members, article)
                await here.reach(0.02)
                yield here


async def load_seconds(data: Path) -> float:
    """How long the server alone takes to load what is in the folder, once nobody has that open."""
    server = EmbeddedServer(data)
    begun = time.perf_counter()
    await server.start()
    taken = time.perf_counter() - begun
    await server.stop()
    return taken
