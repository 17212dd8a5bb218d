"""A process that asks something of a delivery, and is killed with SIGKILL on its way.

Usage: python -m tests.ingest.deliveries.asker REDIS_URL ARTICLE COMMAND STEP; see doomed.py. It
ends with 0 if it was done before that.
"""

import asyncio
import sys
from typing import cast

from services.ingest.deliveries.ask_of_delivery import AskOfDelivery
from services.ingest.people.person import Person
from shared.bus import connect
from shared.event_data import DeliveryCommand
from tests.doomed import doom

KARI = Person("0123456789ab", "Kari Eksempel", "approver")


async def main(url: str, article: str, command: str, step: str) -> None:
    async with connect(url) as redis:
        await redis.ping()
        doom(int(step))
        ask = AskOfDelivery(redis, approvals=1)
        await ask(article, f"{article}.1", cast("DeliveryCommand", command), "", KARI)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
