"""A process that handles a wish about a delivery, and is killed with SIGKILL on its way.

Usage: python -m tests.notify.deliveries.wishes.heeder REDIS_URL FOLDER STEP; see doomed.py. It ends
with 0 if it was done before that.
"""

import asyncio
import sys
from pathlib import Path

from services.notify.deliveries.heed_wish import HeedWish
from services.notify.journal.entries import JournalState
from services.notify.journal.given_ids import GivenIds
from services.notify.journal.journal import Journal
from shared.bus import Bus, Entry
from shared.bus.entry import Place
from shared.events import from_fields
from tests.doomed import doom
from tests.notify.members.people import VAULT


async def main(url: str, folder: str, step: str) -> None:
    bus = Bus(url, service="notify", consumer="notify-1")
    journal = Journal(Path(folder), VAULT, bus.redis)
    ((_, ((entry, fields),)),) = await bus.redis.xreadgroup("notify", "notify-1", {"control": "0"})
    place = Place("control", "notify", "notify-1", entry.decode())
    heed = HeedWish(bus, GivenIds(journal, JournalState()))
    doom(int(step))
    await heed(Entry(place, from_fields(fields), bus._commit))
    await bus.redis.aclose()
    await journal.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
