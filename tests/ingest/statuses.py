"""What notify tells of deliveries, as tests of ingest have it told."""

from datetime import UTC, datetime
from typing import Any

from redis.asyncio import Redis

from shared.event_data import DeliveryStatus
from shared.events import DeliveryProgressed, Event, to_fields
from shared.trace import new_traceparent


def about(status: DeliveryStatus, kind: type = DeliveryProgressed) -> Any:
    return kind(
        id=f"{status.delivery}.{status.sequence}",
        source="/varsel/notify",
        subject=status.article,
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=status,
    )


def status(article: str, sequence: int, handed_over: int, **overrides: Any) -> DeliveryStatus:
    fields: dict[str, Any] = {
        "delivery": f"{article}.1",
        "article": article,
        "revision": 1,
        "state": "sending",
        "audience": 10,
        "handed_over": handed_over,
        "failed": 0,
        "suppressed": 0,
        "open": 10 - handed_over,
        "sequence": sequence,
    }
    return DeliveryStatus.model_validate(fields | overrides)


async def publish(redis: Redis, stream: str, event: Event, **extra: str) -> str:
    return (await redis.xadd(stream, to_fields(event) | extra)).decode()
