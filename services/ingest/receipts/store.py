"""What events told of pages and deliveries.

`ingest:receipt:{article}` has the page and the newest status of each delivery,
`ingest:posts:{article}` the newest attempt of each post to a follower, `ingest:dead:{article}`
where the article's dead letters are.
"""

from dataclasses import dataclass, field
from datetime import datetime

from redis.asyncio import Redis

from services.ingest.receipts import pace as paces
from services.ingest.receipts.pace import Sample
from services.ingest.receipts.receipt import GivenUp
from shared.bus import Effects
from shared.bus.entry import Op
from shared.bus.streams import entries, text
from shared.event_data import DeliveryStatus, OutsideLook, Post
from shared.topology import DEAD

_STATUS = "status:"
_PACE = "pace:"
_LOOK = "look"
_ATTEMPT, _POST = "attempt:", "post:"


@dataclass(frozen=True)
class Seen:
    """What events told of an article."""

    page: bool
    """Its page is live."""
    deliveries: list[DeliveryStatus]
    """The newest status of each, the newest delivery first."""
    given_up: list[GivenUp]
    pace: list[Sample] = field(default_factory=list)
    """How far the newest delivery was, by its last statuses."""
    look: OutsideLook | None = None
    """What was seen when the page was last asked for as readers do; None if nobody has looked at it
    since it is as it is."""


def page_seen(article: str, revision: int, *more: Op, live: bool) -> Effects:
    """What to write when the page of `revision` is live or, if not `live`, is withdrawn, with
    `more` of other rooms."""
    key = receipt_key(article)
    return Effects(
        newer_than=(key, "page_revision", revision),
        ops=[("HSET", key, "page_revision", revision, "page", int(live)), *more],
    )


def look_seen(look: OutsideLook) -> Effects:
    """What to write when notify has looked at a page as readers do."""
    key, at = receipt_key(look.article), int(look.at.timestamp() * 1000)
    return Effects(
        newer_than=(key, "looked_at", at),
        ops=[("HSET", key, "looked_at", at, _LOOK, look.model_dump_json())],
    )


def status_seen(status: DeliveryStatus, pace: list[Sample], *more: Op) -> Effects:
    """What to write when a delivery has told how far it is, with `more` of other rooms; `pace` are
    its samples by then."""
    key, fields = receipt_key(status.article), status_fields(status)
    kept = (_pace_field(status.delivery), paces.written(pace))
    return Effects(
        newer_than=(key, fields[0], status.sequence),
        ops=[("HSET", key, *fields, *kept), *more],
    )


def status_fields(status: DeliveryStatus) -> tuple[str, int, str, str]:
    """The fields of a receipt that hold a status: the name and value of its sequence number, then
    the name and value of the status."""
    number = _number(status.delivery)
    return f"sequence:{number}", status.sequence, f"{_STATUS}{number}", status.model_dump_json()


def post_seen(post: Post) -> Effects:
    """What to write when an attempt to carry a feed update to a follower is over."""
    key = _posts(post.article)
    return Effects(
        newer_than=(key, f"{_ATTEMPT}{post.post}", post.attempt),
        ops=[
            ("HSET", key, f"{_ATTEMPT}{post.post}", post.attempt),
            ("HSET", key, f"{_POST}{post.post}", post.model_dump_json()),
        ],
    )


def dead_letter_seen(article: str, stream: str, entry_id: str, *more: Op) -> Effects:
    """What to write when a service gave up on an event about the article, with `more` of other
    rooms."""
    return Effects(ops=[("SADD", _dead(article), f"{stream} {entry_id}"), *more])


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
        statuses.sort(key=lambda one: _number(one.delivery), reverse=True)
        newest = _pace_field(statuses[0].delivery) if statuses else ""
        return Seen(
            page=fields.get("page") == "1",
            deliveries=statuses,
            given_up=await self._given_up(article),
            pace=paces.read(fields.get(newest, "")),
            look=_look(fields),
        )

    async def pace_with(self, status: DeliveryStatus, at: datetime) -> list[Sample]:
        """The samples of a delivery, once it has told at this time how far it is."""
        field = _pace_field(status.delivery)
        before = await self._redis.hget(receipt_key(status.article), field)
        settled = status.audience - status.open
        return paces.with_next(paces.read(text(before or b"")), at, settled)

    async def posts(self, article: str) -> list[Post]:
        """The newest attempt of each post about the article's newest revision that was posted."""
        record = await self._redis.hgetall(_posts(article))
        found = [
            Post.model_validate_json(value)
            for name, value in record.items()
            if text(name).startswith(_POST)
        ]
        newest = max((post.revision for post in found), default=0)
        mine = [post for post in found if post.revision == newest]
        return sorted(mine, key=lambda post: (post.follower, post.post))

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


def _look(fields: dict[str, str]) -> OutsideLook | None:
    if _LOOK not in fields:
        return None
    look = OutsideLook.model_validate_json(fields[_LOOK])
    is_of_it = look.revision >= int(fields.get("page_revision", 0))
    return look if is_of_it and look.withdrawn == (fields.get("page") == "0") else None


def _number(delivery: str) -> int:
    """The number in a delivery's id, which is `{article}.{number}`."""
    return int(delivery.rpartition(".")[2])


def _pace_field(delivery: str) -> str:
    return f"{_PACE}{_number(delivery)}"


def receipt_key(article: str) -> str:
    return f"ingest:receipt:{article}"


def _posts(article: str) -> str:
    return f"ingest:posts:{article}"


def _dead(article: str) -> str:
    return f"ingest:dead:{article}"
