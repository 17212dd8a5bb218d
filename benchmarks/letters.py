"""How long a log-in letter takes in the middle of a delivery, from when it is asked for until the
relay has it and that is written down (promise G14).

`python -m benchmarks.letters COUNT` measures one number of members, as 1000000 (some minutes).
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from statistics import median

import uvloop

from benchmarks.deliveries import alert_of, site, with_relay
from benchmarks.million import take_in
from benchmarks.sink import sink
from benchmarks.world import World, end, world
from services.notify import app as notify
from services.notify.ledger.delivery import delivery_key
from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.store import QUEUE, Letters
from services.notify.vault import keys
from services.notify.vault.secret_key import secret_key
from services.notify.vault.vault import Vault
from shared.bus.users import as_user
from shared.events import PagePublished, to_fields
from shared.revision import Revision
from shared.settings import Settings
from shared.trace import new_traceparent

MEMBERS = 20_000
WAYS = ("", "&connections=1", "&per_second=100")
"""Of reaching the relay: with a connection for letters, between two mails, and with a limit, of
which a twentieth is kept for letters."""
MOST_WITH_A_LIMIT = 2_000
"""Members of the delivery with a limit, which takes so many hundredths of a second."""
LETTERS = 20
"""In one delivery, spread over it."""


async def measure(members: int = MEMBERS) -> AsyncIterator[tuple[str, str, str]]:
    for said in WAYS:
        count = min(members, MOST_WITH_A_LIMIT) if "per_second" in said else members
        revision = alert_of()
        async with world() as here, site(revision) as check:
            await take_in(here, count)
            with sink() as port:
                settings = with_relay(here.settings, port, check)
                url = type(settings.smtp_url)(f"{settings.smtp_url.get_secret_value()}{said}")
                settings = settings.model_copy(update={"smtp_url": url})
                took = await _letters_in_a_delivery(here, settings, revision, count)
        yield (
            f"a log-in letter in the middle of a delivery to {count} members, relay with "
            f"«{said or 'nothing'}» more, from asked for to handed over: median and longest of "
            f"{len(took)}",
            f"{median(took) * 1000:.0f} and {max(took) * 1000:.0f} ms",
            "≤ 2 s",
        )


async def _letters_in_a_delivery(
    here: World, settings: Settings, revision: Revision, members: int
) -> list[float]:
    """Seconds of each letter."""
    service = notify.create(settings, as_user(here.redis_url, "notify"))
    for open_ in service.open:
        await open_()
    await service.bus.start()
    loops = [asyncio.ensure_future(loop()) for loop in service.loops]
    found = await keys.load(here.redis, secret_key(settings))
    letters = Letters(here.redis, Vault(found.vault, found.index), found.letters)
    event = PagePublished.about(revision, traceparent=new_traceparent())
    await here.redis.xadd("pages", to_fields(event))  # type: ignore[arg-type]
    took: list[float] = []
    delivery = delivery_key(f"{revision.id}.1")
    for nth in range(1, LETTERS + 1):
        while int(await here.redis.hget(delivery, "handed_over") or 0) < members * nth / (
            LETTERS + 2
        ):
            await asyncio.sleep(0.005)
        begun = time.perf_counter()
        await letters.ask(
            Asked(LetterKind.LOGIN, f"medlem{members - nth}@example.org", browser=str(nth))
        )
        while await here.redis.zcard(QUEUE):
            await asyncio.sleep(0.002)
        if await here.redis.hget(delivery, "state") != b"complete":
            took.append(time.perf_counter() - begun)
    await end(loops)
    await service.bus.stop()
    for close in service.close:
        await close()
    return took


async def _main(members: int) -> None:
    async for figure, value, wanted in measure(members):
        print(f"| {figure} | {value} | {wanted} |")


if __name__ == "__main__":
    uvloop.run(_main(int(sys.argv[1])))
