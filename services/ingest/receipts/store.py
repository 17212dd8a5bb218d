"""What events told of pages and deliveries.

`ingest:receipt:{article}` has the page and the newest status of each delivery,
`ingest:dead:{article}` where the article's dead letters are.
"""

from dataclasses import dataclass

from redis.asyncio import Redis

from services.ingest.receipts.receipt import GivenUp
from shared.bus import Effects
from shared.bus.streams import entries, text
from shared.events import DeliveryStatus
from shared.topology import DEAD

_STATUS = "status:"


@dataclass(frozen=True)
class Seen:
    """What events told of an article."""

    page: bool
    """Its page is live."""
    deliveries: list[DeliveryStatus]
    """The newest status of each, the newest delivery first."""
    given_up: list[GivenUp]


def page_seen(article: str, revision: int, *, live: bool) -> Effects:
    """What to write when the page of `revision` is live or, if not `live`, is withdrawn."""
    key = receipt_key(article)
    return Effects(
        newer_than=(key, "page_revision", revision),
        ops=[("HSET", key, "page_revision", revision, "page", int(live))],
    )


def status_seen(status: DeliveryStatus) -> Effects:
    """What to write when a delivery has told how far it is."""
    key, fields = receipt_key(status.article), status_fields(status)
    return Effects(newer_than=(key, fields[0], status.sequence), ops=[("HSET", key, *fields)])


def status_fields(status: DeliveryStatus) -> tuple[str, int, str, str]:
    """The fields of a receipt that hold a status: the name and value of its sequence number, then
    the name and value of the status."""
    number = _number(status.delivery)
    return f"sequence:{number}", status.sequence, f"{_STATUS}{number}", status.model_dump_json()


def dead_letter_seen(article: str, stream: str, entry_id: str) -> Effects:
    """What to write when a service gave up on an event about the article."""
    return Effects(ops=[("SADD", _dead(article), f"{stream} {entry_id}")])


class Receipts:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def seen(self, article: str) -> Seen:
        """All that is known of an article."""
        record = await self._redis.hgetall(receipt_key(article))
        fields = {text(name): text(value) for name, value in record.items()}
        statuses = [
            DeliveryStatus.model_validate_json(value)
            for name, value in fields.items()
            if name.startswith(_STATUS)
        ]
        return Seen(
            page=fields.get("page") == "1",
            deliveries=sorted(statuses, key=lambda one: _number(one.delivery), reverse=True),
            given_up=await self._given_up(article),
        )

    async def _given_up(self, article: str) -> list[GivenUp]:
        """The dead letters that still exist. Those that were replayed or dropped are left out."""
        found = []
        for place in sorted(await self._redis.smembers(_dead(article))):
            stream, entry_id = text(place).split(" ")
            for _, fields in await entries(self._redis, stream, entry_id, entry_id):
                found.append(
                    GivenUp(
                        stream=stream.removesuffix(DEAD),
                        cause=fields.get(b"dead_cause", b"").decode(),
                    )
                )
        return found


def _number(delivery: str) -> int:
    """The number in a delivery's id, which is `{article}.{number}`."""
    return int(delivery.rpartition(".")[2])


def receipt_key(article: str) -> str:
    return f"ingest:receipt:{article}"


def _dead(article: str) -> str:
    return f"ingest:dead:{article}"
