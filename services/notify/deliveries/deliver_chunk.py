"""Flow: mail the members of one chunk, and write down what became of each.

A chunk is up to 1,000 members' numbers. Its event comes again until none of its members is open.
A worker serves two chunks at a time, so that the relay's connections always have mail.
"""

import random
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from redis.exceptions import RedisError

from services.notify.deliveries.chunk_in_hand import Addressees, ChunkInHand
from services.notify.deliveries.chunk_pass import ChunkPass
from services.notify.deliveries.mail_chunk import UNREADABLE, MailChunk, NobodyReadable, held
from services.notify.deliveries.page_hold import PageHold
from services.notify.deliveries.recorder import ChunkRecord, Recorder
from services.notify.journal.given_ids import GivenIds
from services.notify.ledger import chain
from services.notify.ledger import delivery as deliveries
from services.notify.ledger.control import NotPossible, control
from services.notify.ledger.delivery import delivery_key
from services.notify.ledger.ledger import ChunkLost, Hold, Ledger, Progress
from services.notify.ledger.put_off import PutOff
from services.notify.ledger.states import State
from services.notify.mail.not_mailable import NotMailable
from services.notify.members.store import Audience
from services.notify.relay.replies import PUT_OFF
from shared import log
from shared.bus import Bus, Entry, Surroundings
from shared.events import ChunkPlanned

GIVEN_UP = timedelta(days=4)
"""Mails that are put off for so long after the delivery's start have failed: RFC 5321, section
4.5.4.1, asks for at least 4 to 5 days."""
DEFERRED_ALARM_SECONDS = 900.0
"""How long a relay may put mails off before it is an alarm: greylisting takes minutes."""
TAKEN_OVER_ALARM_SECONDS = 60.0
"""How long another worker may have a chunk before it is an alarm."""


class DeliverChunk:
    """Handles the events of `chunks`."""

    def __init__(
        self,
        bus: Bus,
        *,
        ledger: Ledger,
        recorder: Recorder,
        addressees: Addressees,
        mail_chunk: MailChunk,
        page_hold: PageHold,
        given: GivenIds,
    ) -> None:
        self._bus = bus
        self._ledger = ledger
        self._recorder = recorder
        self._addressees = addressees
        self._mail_chunk = mail_chunk
        self._page_hold = page_hold
        self._given = given
        self._log = log.get("notify")

    async def __call__(self, entry: Entry) -> None:
        """Handle an event of `chunks`. Surroundings while members of the chunk are open."""
        if not isinstance(entry.event, ChunkPlanned):
            raise TypeError("no event of chunks")
        chunk = entry.event.data
        delivery = await deliveries.find(self._bus.redis, chunk.delivery)
        if delivery.superseded:
            return
        # Before the first mail: whoever started the delivery may have been killed before they did.
        await self._given.note_delivery(delivery.id)
        put_off = await self._ledger.put_off(chunk)
        await self._page_hold.hold_if_stale(delivery, put_off)
        await self._page_hold.look_again(delivery)
        progressed = deliveries.progressed(delivery, entry.event.traceparent)
        record = ChunkRecord(delivery, Progress(progressed))
        self._recorder.follow(record)
        try:
            before = await chain.earlier(self._bus.redis, delivery)
            async with self._ledger.hold(
                entry, chunk, article=delivery.article, before=before
            ) as hold:
                await self._ledger.never_sent(
                    (*before, delivery.id),
                    delivery.cut.chunk(chunk.chunk),
                    entry.event.traceparent,
                )
                await self._deliver(hold, record, put_off)
        except ChunkLost:
            raise Surroundings("chunk_taken_over", alarm_after=TAKEN_OVER_ALARM_SECONDS) from None

    async def _hold_unmailable(self, delivery: str, why: str) -> Surroundings:
        """Hold the delivery: no member is to blame. A person mends the text, or the key."""
        with suppress(NotPossible):  # it is held, or ended
            await control(self._bus.redis, delivery, "hold", why=why)
            self._log.error("delivery_not_mailable", delivery=delivery, reason=why)
        return held(why)

    async def _has_reached_any(self, delivery: str) -> bool:
        """Whether the relay took its mail for anybody: then no size keeps the others from it."""
        return int(await self._bus.redis.hget(delivery_key(delivery), "handed_over") or 0) > 0

    async def _deliver(self, hold: Hold, record: ChunkRecord, put_off: PutOff) -> None:
        """Mail whom there is to mail, write down what became of them, and tell. Surroundings if
        members stay open."""
        now = datetime.now(UTC)
        chunk, audience = await self._take_in_hand(hold, record, put_off, now)
        attempt = chunk.attempt
        try:
            chunk.suppress(audience.suppressed)
            try:
                waits = await self._mail_chunk(chunk)
            except NotMailable as error:
                waits = await self._hold_unmailable(record.delivery.id, error.why)
            except NobodyReadable:
                waits = await self._hold_unmailable(record.delivery.id, UNREADABLE)
            concluded = attempt.conclude()
            for outcome in concluded:
                chunk.write_down(outcome)
        finally:
            await self._recorder.settle(record)
            with suppress(RedisError):  # the next pass tells
                await self._tell_how_it_ended(record, attempt)
        if waits:
            raise waits
        if attempt.mail_is_too_large and not await self._has_reached_any(record.delivery.id):
            raise await self._hold_unmailable(record.delivery.id, "too_large")
        if attempt.relay_is_down:
            raise Surroundings("relay_down")
        if not chunk.put_off and any(outcome.tries == PUT_OFF for outcome in concluded):
            again = put_off.again(now, random.random())
            await self._ledger.keep_put_off(record.status, hold.chunk, again)
        still_open = any(outcome.state is not State.FAILED for outcome in concluded)
        if chunk.put_off or chunk.untried or still_open:
            raise Surroundings("relay_deferred", alarm_after=DEFERRED_ALARM_SECONDS)
        self._log.info(
            "chunk_delivered",
            delivery=record.delivery.id,
            chunk=hold.chunk.chunk,
            handed_over=attempt.handed_over,
            failed=attempt.failed,
            suppressed=len(audience.suppressed),
        )

    async def _tell_how_it_ended(self, record: ChunkRecord, attempt: ChunkPass) -> None:
        """Tell the sums, and how the relay stands to us, if the attempt has shown it."""
        refused = None
        if attempt.relay_is_down and attempt.trouble:
            self._mail_chunk.takes_nobody(attempt.trouble)
            refused = attempt.trouble.words
        elif attempt.was_let_in:
            refused = ""
        await self._ledger.record(record.status, [], last=True, refused=refused)

    async def _take_in_hand(
        self, hold: Hold, record: ChunkRecord, put_off: PutOff, now: datetime
    ) -> tuple[ChunkInHand, Audience]:
        """Read who of the chunk is open. Members whom nobody has tried yet come first; members whom
        the relay put off wait until their time has come."""
        delivery = record.delivery
        in_chunk = delivery.cut.chunk(hold.chunk.chunk)
        open_ = await self._ledger.still_open(delivery.id, in_chunk)
        reached_earlier = await self._ledger.reached_earlier(delivery, in_chunk)
        tries = await self._ledger.tries(delivery.id, open_.begun)
        wait = {n for n in open_.begun if now < put_off.due and tries.get(n) == PUT_OFF}
        due = [*open_.planned, *(n for n in open_.begun if n not in wait)]
        audience = await self._addressees.of(
            delivery, due, reached_earlier=reached_earlier, now=now
        )
        # In no order: addresses that are dead are often neighbours, and many refusals in a row are
        # what a relay that refuses us looks like.
        numbers = random.sample(list(audience.reachable), len(audience.reachable))
        numbers.sort(key=set(open_.begun).__contains__)
        overdue = now - delivery.again_at >= GIVEN_UP
        chunk = ChunkInHand(
            hold=hold,
            record=record,
            recorder=self._recorder,
            attempt=ChunkPass(numbers, tries=tries, overdue=overdue),
            reachable=audience.reachable,
            reached_earlier=reached_earlier,
            untried=deque(numbers),
            put_off=wait,
            is_stopping=lambda: self._bus.is_stopping,
        )
        hold.when_superseded = chunk.take_back
        return chunk, audience
