"""What ingest knows of pages and deliveries, from events: `ingest:receipt:{article}` has the page
and the newest status of each delivery, `ingest:dead:{article}` where its dead letters are."""

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
    """What was seen of an article."""

    page: bool
    deliveries: list[DeliveryStatus]
    """The newest status of each, the newest delivery first."""
    given_up: list[GivenUp]


def page_seen(article: str, revision: int, *, live: bool) -> Effects:
    """The page of `revision` is live, or is withdrawn."""
    key = receipt_key(article)
    return Effects(
        newer_than=(key, "page_revision", revision),
        ops=[("HSET", key, "page_revision", revision, "page", int(live))],
    )


def status_seen(status: DeliveryStatus) -> Effects:
    """A delivery told how far it is."""
    key, fields = receipt_key(status.article), status_fields(status)
    return Effects(newer_than=(key, fields[0], status.sequence), ops=[("HSET", key, *fields)])


def status_fields(status: DeliveryStatus) -> tuple[str, int, str, str]:
    """What a receipt keeps of a status: names and values, its sequence first."""
    number = _number(status.delivery)
    return f"sequence:{number}", status.sequence, f"{_STATUS}{number}", status.model_dump_json()


def dead_letter_seen(article: str, stream: str, entry_id: str) -> Effects:
    return Effects(ops=[("SADD", _dead(article), f"{stream} {entry_id}")])


class Receipts:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def seen(self, article: str) -> Seen:
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
        """The dead letters that still exist: one that was replayed or dropped is none any more."""
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
    """Which delivery of its article it is: ids are `{article}.{number}`."""
    return int(delivery.rpartition(".")[2])


def receipt_key(article: str) -> str:
    return f"ingest:receipt:{article}"


def _dead(article: str) -> str:
    return f"ingest:dead:{article}"
