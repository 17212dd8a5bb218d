"""Flow: mail the members of a chunk in hand, for as long as the relay takes mail.

Members are claimed in groups, and their mails offered to the relay's connections, 64 at a time.
"""

import asyncio
import math
from contextlib import suppress
from itertools import islice

from cryptography.exceptions import InvalidTag
from redis.exceptions import RedisError

from services.notify.deliveries.chunk_in_hand import ChunkInHand
from services.notify.deliveries.live_page import UNSEEN, WRONG
from services.notify.deliveries.member_mails import MemberMails
from services.notify.ledger.ledger import Halted, Ledger
from services.notify.ledger.outcome import Outcome
from services.notify.ledger.states import State
from services.notify.mail.notices.notice_mail import NoticeMail
from services.notify.mail.variants import Variants
from services.notify.relay.connection import Mail
from services.notify.relay.limits import Limits
from services.notify.relay.pool import Pool
from services.notify.relay.replies import Reply
from shared import log
from shared.bus import Surroundings

UNREADABLE = "unreadable"
"""Why a delivery is held if no member's record opens, and why a single member failed whose record
does not."""
HELD = {
    "operator": math.inf,
    "stale": 0.0,
    "unsafe": 0.0,
    "too_large": 0.0,
    UNREADABLE: 0.0,
    UNSEEN: math.inf,
    WRONG: 0.0,
}
"""What holds a delivery, by its first word, and after how many seconds it is an alarm."""
_BREATH_SECONDS = 1.0
"""How long a relay that took mails and then stopped is left alone."""
_READY = 64
"""Mails that are made at a time, and how many of a chunk then wait for a connection: making all
the mails of a chunk at once would hold up the connections."""
_DOES_NOT_OPEN = (InvalidTag, TypeError, ValueError)


def held(why: str) -> Surroundings:
    """What a held delivery waits for; `why` begins with one of `HELD`."""
    return Surroundings(f"held_{why}", alarm_after=HELD[why.partition(" ")[0]])


class NobodyReadable(Exception):
    """No member's record opens: our key is wrong, and no member is to blame."""


class _Limited(Exception):
    """The relay may be given nothing more for longer than a chunk is kept in hand."""


class _Stopping(Exception):
    """This worker is to stop. Nothing more is sent; what is on its way is heard and written
    down."""


class MailChunk:
    """One worker's way to mail a chunk; `limits` and `pool` are the relay's."""

    def __init__(self, *, ledger: Ledger, mails: MemberMails, limits: Limits, pool: Pool) -> None:
        self._ledger = ledger
        self._mails = mails
        self._limits = limits
        self._pool = pool
        self._log = log.get("notify")

    def takes_nobody(self, trouble: Reply) -> None:
        """Tell the relay's connections that it takes no mail, whoever it is for."""
        self._pool.takes_nobody(trouble)

    async def __call__(self, chunk: ChunkInHand) -> Surroundings | None:
        """Mail everybody in the chunk who is untried, as long as the relay takes anybody.

        Gives what keeps the others waiting if it is not the relay itself: a hold, the relay's
        limits, or that this worker is to stop. Whatever happens, every mail that was offered has
        been heard of afterwards. ChunkLost if another worker has the chunk, NotMailable if the
        alert's text may be mailed to nobody, NobodyReadable if no member's record opens.
        """
        try:
            if chunk.put_off or self._pool.refusal():
                await chunk.hold.check()  # else nothing tells of a halt, if nobody is asked
            while chunk.untried:
                if not await self._mail_most(chunk):
                    break
                await chunk.all_heard()
            if chunk.unreadable and not await self._is_theirs(chunk):
                raise NobodyReadable
        except Halted as halted:
            await chunk.all_heard()
            if halted.why.partition(" ")[0] in HELD:
                return held(halted.why)
            if halted.why == "cancelled":
                chunk.cancel()
            else:
                chunk.leave_to_newer()
        except _Limited:
            await self._ledger.moves(chunk.record.delivery.id)
            return Surroundings("relay_limit", alarm_after=math.inf)
        except _Stopping:
            return Surroundings("stopping")
        finally:
            await chunk.all_heard()
            for number in chunk.unreadable:
                chunk.write_down(Outcome(number, State.PLANNED))
            with suppress(RedisError):  # then they count as used
                unused = chunk.granted.intersection(chunk.untried)
                await self._limits.give_back(chunk.grant, len(unused))
        return None

    async def _is_theirs(self, chunk: ChunkInHand) -> bool:
        """Whether it is for each unreadable member to answer that they are, since others can be
        read; then they have failed. If nobody can, our key is wrong."""
        theirs = chunk.readable or await self._reads_others(chunk)
        while theirs and chunk.unreadable:
            number = chunk.unreadable.pop()
            self._log.error("member_unreadable", delivery=chunk.record.delivery.id, member=number)
            chunk.write_down(Outcome(number, State.FAILED, UNREADABLE))
        return theirs

    async def _reads_others(self, chunk: ChunkInHand) -> bool:
        """Whether a mail can be made for any of a hundred members, from all over the list."""
        delivery = chunk.record.delivery
        variants = await self._mails.build(delivery, chunk.revision)
        for number, sealed in (await self._mails.some_records(delivery)).items():
            with suppress(*_DOES_NOT_OPEN):
                self._mails.fill(variants, number, sealed, reached_earlier=False)
                return True
        return False

    async def _mail_most(self, chunk: ChunkInHand) -> bool:
        """Offer the mail of everybody who is untried; false if the relay has stopped taking
        mail."""
        while chunk.untried:
            if chunk.is_stopping():
                raise _Stopping
            if refusal := self._pool.refusal():
                chunk.attempt.keep_out(refusal)
            elif pause := self._pool.pause():
                await self._rest(chunk, pause)
            if chunk.attempt.stopped:
                await chunk.all_heard()
                if not chunk.attempt.start_again():
                    return False
                await asyncio.sleep(_BREATH_SECONDS)
            if self._limits.are_set:
                await chunk.hold.check()  # a delivery that is halted is to use up no limit
            grant = chunk.grant = await self._limits.take(len(chunk.untried))
            if self._limits.are_set:
                chunk.granted = set(islice(chunk.untried, grant.mails))
            await self._offer(chunk, grant.mails)
            chunk.patience -= grant.wait_seconds
            if chunk.patience < 0:
                raise _Limited
            await self._rest(chunk, grant.wait_seconds)
        return True

    async def _rest(self, chunk: ChunkInHand, seconds: float) -> None:
        """Wait so many seconds, or until this worker is to stop."""
        looks = math.ceil(seconds)
        for _ in range(looks):
            if not chunk.is_stopping():
                await asyncio.sleep(seconds / looks)

    async def _offer(self, chunk: ChunkInHand, count: int) -> None:
        """Claim the next `count` members, and offer the mails of those who may be mailed."""
        claimed = await chunk.hold.claim(list(islice(chunk.untried, count)))
        chunk.claimed(claimed.numbers)
        chunk.revision = claimed.revision
        for _ in range(count):
            chunk.untried.popleft()
        for place in range(0, len(claimed.numbers), _READY):
            await chunk.heard_all_but(_READY)
            if self._pool.pause():  # after it the text may be another
                chunk.put_back(claimed.numbers[place:])
                return
            try:
                variants = await self._mails.build(chunk.record.delivery, claimed.revision)
            except Exception:
                chunk.put_back(claimed.numbers[place:])
                raise
            part = claimed.numbers[place : place + _READY]
            mails = [mail for number in part if (mail := self._mail(chunk, variants, number))]
            chunk.expect(mails)
            self._pool.offer(mails)

    def _mail(
        self, chunk: ChunkInHand, variants: Variants | NoticeMail, number: int
    ) -> Mail | None:
        """The member's mail; none if their record cannot be read, which must hold up no others."""
        try:
            mail = self._mails.fill(
                variants,
                number,
                chunk.reachable[number],
                reached_earlier=number in chunk.reached_earlier,
            )
        except _DOES_NOT_OPEN:
            chunk.unreadable.append(number)
            return None
        chunk.readable = True
        return Mail(number, mail.to, mail.content, chunk.heard, chunk.may_go, mail.sender)
