"""What staff ask of deliveries, as ingest tells it."""

from datetime import UTC, datetime

from redis.asyncio import Redis

from shared.bus import Bus, Entry
from shared.bus.entry import Place
from shared.event_data import DeliveryCommand, DeliveryWish
from shared.events import DeliveryWanted, to_fields
from shared.trace import new_traceparent
from tests.notify.steps import DELIVERY


def wanted(
    command: DeliveryCommand, sequence: int = 1, *, seen: str = "", delivery: str = DELIVERY
) -> DeliveryWanted:
    return DeliveryWanted(
        id=f"{delivery}.{sequence}.delivery.wanted",
        source="/varsel/ingest",
        subject=delivery.partition(".")[0],
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=DeliveryWish(
            delivery=delivery, command=command, sequence=sequence, seen=seen, by="00112233445566"
        ),
    )


async def ask(redis: Redis, event: DeliveryWanted) -> None:
    await redis.xadd("control", to_fields(event))


async def handed(redis: Redis, bus: Bus, event: DeliveryWanted) -> Entry:
    """An entry of the event, as its reader has it."""
    await ask(redis, event)
    found = await redis.xreadgroup("notify", "notify-1", {"control": ">"}, count=1)
    ((_, ((entry, _),)),) = found
    return Entry(Place("control", "notify", "notify-1", entry.decode()), event, bus._commit)
