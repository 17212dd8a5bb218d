"""Flow: somebody of the staff asks something of an article's newest delivery."""

from datetime import UTC, datetime

from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.ingest.deliveries import wish as wishes
from services.ingest.deliveries.store import DeliveryWishes
from services.ingest.deliveries.wish import AskedWish
from services.ingest.people.person import Person
from services.ingest.receipts.store import Receipts
from shared import log
from shared.event_data import DeliveryCommand, DeliveryStatus, DeliveryWish
from shared.events import DeliveryWanted
from shared.trace import new_traceparent

_SAID: dict[DeliveryCommand, str] = {
    "hold": "delivery_held",
    "resume": "delivery_resumed",
    "cancel": "delivery_cancelled",
    "again": "delivery_tried_again",
}
"""In the audit trail."""


class AskOfDelivery:
    def __init__(self, redis: Redis, *, approvals: int) -> None:
        """`approvals` is how many an alert takes."""
        self._receipts = Receipts(redis)
        self._wishes = DeliveryWishes(redis)
        self._trail = Trail(redis)
        self._approvals = approvals

    async def __call__(
        self, article: str, delivery: str, command: DeliveryCommand, seen: str, who: Person
    ) -> AskedWish:
        """Ask `command` of the article's `delivery`; gives the wish, which notify hears at once.

        `seen` is the delivery's cause as they saw it: what they let go on is that. Problem 403 if
        they may not, 409 if it makes no sense, or the delivery is another one by now; redis-py's
        errors.
        """
        wishes.refuse(who.role, command, approvals=self._approvals)
        while True:
            status = await self._newest(article)
            if status.delivery != delivery:
                raise wishes.superseded()
            if command not in wishes.possible(status):
                raise wishes.not_possible(status)
            if command == "resume" and status.cause != seen:
                raise wishes.changed()
            if wish := await self._ask(status, command, who):
                log.get("ingest").info("delivery_asked", delivery=delivery, wish=command)
                return wish

    async def _newest(self, article: str) -> DeliveryStatus:
        seen = await self._receipts.seen(article)
        if not seen.deliveries:
            raise wishes.no_delivery()
        return seen.deliveries[0]

    async def _ask(
        self, status: DeliveryStatus, command: DeliveryCommand, who: Person
    ) -> AskedWish | None:
        """The wish; None if somebody else was faster."""
        before = await self._wishes.newest(status.article, status.delivery)
        now = datetime.now(UTC)
        last = max(before.sequence if before else 0, status.heeded)
        wish = AskedWish(
            command=command,
            sequence=wishes.next_sequence(last, now),
            by=who.id,
            name=who.name,
            at=now,
        )
        asked = await self._wishes.ask(
            before,
            wish,
            _event(status, wish, now),
            await self._trail.prepare([_told(status, wish)]),
        )
        return wish if asked else None


def _event(status: DeliveryStatus, wish: AskedWish, now: datetime) -> DeliveryWanted:
    return DeliveryWanted(
        id=f"{status.delivery}.{wish.sequence}.delivery.wanted",
        source="/varsel/ingest",
        subject=status.article,
        time=now,
        traceparent=new_traceparent(),
        data=DeliveryWish(
            delivery=status.delivery,
            command=wish.command,
            sequence=wish.sequence,
            seen=status.cause,
            by=wish.by,
        ),
    )


def _told(status: DeliveryStatus, wish: AskedWish) -> TrailAction:
    return TrailAction(
        actor=wish.name,
        what=_SAID[wish.command],
        article=status.article,
        revision=status.revision,
        detail={
            "delivery": status.delivery,
            "kind": status.kind,
            "person": wish.by,
            "sequence": wish.sequence,
            "open": status.open,
        },
    )
