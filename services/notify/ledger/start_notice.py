"""Starts the delivery of a notice to members in Redis, all or nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from services.notify.identity import IDENTITY
from services.notify.ledger import delivery as deliveries
from services.notify.ledger.article import alert_key, article_key
from services.notify.ledger.start import first_events
from services.notify.members import store as members
from services.notify.members.numbers import CHUNK
from shared.bus import Bus, Entry
from shared.events import NoticeApproved


class NoticeWord(StrEnum):
    """The answers of start_notice.lua."""

    GONE = "gone"
    STARTED = "started"
    AGAIN = "again"


@dataclass(frozen=True)
class NoticeStart:
    """What became of an approved notice."""

    word: NoticeWord
    delivery: str
    audience: int = 0
    """Of the delivery that started."""


def notice_delivery(notice: str) -> str:
    """The id of a notice's delivery."""
    return f"{notice}.1"


class NoticeStarter:
    """Starts the deliveries of notices, for the reader of `control` on `bus`."""

    def __init__(self, bus: Bus) -> None:
        self._script = bus.fenced(Path(__file__).with_name("start_notice.lua"), NoticeWord)

    async def start(self, entry: Entry, event: NoticeApproved, *, held: str) -> NoticeStart:
        """Start the notice's delivery, unless it has one, and acknowledge the entry. `held` holds
        it from its start, if it is not ''. redis-py's errors."""
        notice = event.data
        delivery = notice_delivery(notice.id)
        now = datetime.now(UTC)
        started = now.replace(microsecond=0)  # a mail's Date has whole seconds
        answer = await self._script(
            entry,
            keys={
                "article": article_key(notice.id),
                "alert": alert_key(notice.id),
                "delivery": deliveries.delivery_key(delivery),
                "ledger": deliveries.ledger_key(delivery),
                "last": members.LAST,
                "later": members.LATER,
                "deliveries": deliveries.DELIVERIES,
                "chunks": "chunks",
                "events": deliveries.EVENTS,
                "identity": IDENTITY,
                "listening": deliveries.LISTENING,
            },
            args={
                "article": notice.id,
                "delivery": delivery,
                "content": notice.content.model_dump_json(),
                "page_at": notice.approved_at.isoformat(),
                "started": started.isoformat(),
                "started_at": int(started.timestamp()),
                "chunk_size": CHUNK,
                "held": held,
                "to_all": notice.content.members is None,
                "members": ",".join(map(str, notice.content.members or ())),
            }
            | first_events(notice.id, 1, delivery, now, event.traceparent),
        )
        audience = int(answer.values[0]) if answer.word is NoticeWord.STARTED else 0
        return NoticeStart(answer.word, delivery, audience)
