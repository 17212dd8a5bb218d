"""Notes what the events of `deliveries` say.

The receipt gets how far a delivery is, what readers see of the page and what became of the posts to
followers, whoever tells staff that it stands is to look, the audit trail gets how many a complete
delivery has reached, and a preview or a sketch the mail that it would be. An alert that cannot be
mailed is stopped if it waits for its time.
"""

from enum import StrEnum
from pathlib import Path

from services.ingest.audit.entries import TrailAction
from services.ingest.lifecycle.advance_article import AdvanceArticle
from services.ingest.receipts.previews import mail_previewed
from services.ingest.receipts.staff_facts import STANDING
from services.ingest.receipts.staff_reach import reach_counted
from services.ingest.receipts.stop_unmailable import stop_unmailable
from services.ingest.receipts.store import (
    Receipts,
    look_seen,
    post_seen,
    receipt_key,
    status_fields,
    status_seen,
)
from services.ingest.sketches.store import mail_sketched
from services.ingest.telling.store import look_at_mail
from shared.bus import Bus, Entry
from shared.event_data import DeliveryStatus
from shared.events import (
    DeliveryEvent,
    MailPreviewed,
    MailSketched,
    PageLookedAt,
    PostEvent,
    StaffReachCounted,
)

_HERE = Path(__file__).parent


class Noted(StrEnum):
    """The answers of note_completed.lua."""

    GONE = "gone"
    DONE = "done"
    OLDER = "older"
    MOVED = "moved"


class NoteDelivery:
    def __init__(self, bus: Bus, advance: AdvanceArticle) -> None:
        self._advance = advance
        self._trail = advance.trail
        self._receipts = Receipts(bus.redis)
        self._completed = bus.fenced(_HERE / "note_completed.lua", Noted)

    async def __call__(self, entry: Entry) -> None:
        event = entry.event
        if isinstance(event, MailPreviewed):
            if event.data.refused:
                await stop_unmailable(self._advance, event.data)
            await entry.commit(mail_previewed(event.data))
        elif isinstance(event, MailSketched):
            await entry.commit(mail_sketched(event.data))
        elif isinstance(event, DeliveryEvent):
            # Not only `delivery.completed`: if a delivery is superseded, a later progress may come
            # first, and that one counts.
            if event.data.state == "complete":
                await self._complete(entry, event.data)
            else:
                look = look_at_mail(
                    event.data.article, event.time, stands=event.data.state in STANDING
                )
                pace = await self._receipts.pace_with(event.data, event.time)
                await entry.commit(status_seen(event.data, pace, look))
        elif isinstance(event, PostEvent):
            await entry.commit(post_seen(event.data))
        elif isinstance(event, PageLookedAt):
            await entry.commit(look_seen(event.data))
        elif isinstance(event, StaffReachCounted):
            await entry.commit(reach_counted(event.data, event.time))

    async def _complete(self, entry: Entry, status: DeliveryStatus) -> None:
        noted = Noted.MOVED
        sequence_field, sequence, status_field, text = status_fields(status)
        while noted is Noted.MOVED:
            prepared = await self._trail.prepare([_reached(status)])
            answer = await self._completed(
                entry,
                keys={"receipt": receipt_key(status.article)} | prepared.keys,
                args={
                    "sequence_field": sequence_field,
                    "sequence": sequence,
                    "status_field": status_field,
                    "status": text,
                }
                | prepared.args,
            )
            noted = answer.word
        entry.settled = True


def _reached(status: DeliveryStatus) -> TrailAction:
    return TrailAction(
        actor="notify",
        what="reached",
        article=status.article,
        revision=status.revision,
        detail={
            "delivery": status.delivery,
            "kind": status.kind,
            "mode": status.mode,
            "cause": status.cause,
            "audience": status.audience,
            "handed_over": status.handed_over,
            "failed": status.failed,
            "suppressed": status.suppressed,
        },
    )
