"""Flow: send the letters that are due, for as long as the service runs."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from cryptography.exceptions import InvalidTag
from redis.exceptions import RedisError

from services.notify.letters import metrics, store
from services.notify.letters.asked import Asked, LetterKind, StaffAddress
from services.notify.letters.decide import What, decide
from services.notify.letters.hand_over import HandOver
from services.notify.letters.judge import Became, judge
from services.notify.letters.letter_mail import LetterMail
from services.notify.letters.store import Letter, LetterHold, Letters
from services.notify.letters.tickets import Tickets
from services.notify.mail.text import Letterhead
from services.notify.members.member import Member
from services.notify.members.moves import moves_of
from services.notify.members.store import Members
from services.notify.relay.replies import Reply
from shared import log
from shared.bus.epoch import EpochOver
from shared.bus.errors import cause
from shared.frame.kept import KeptIdentity

AT_ONCE = 16
"""Letters in hand in one process."""
JOINS_AT_ONCE = 2
"""Of them letters to strangers, such as to people who join, so that a log-in letter never stands
behind many."""
LOOK_SECONDS = 0.5
"""Between two looks at Redis, at most: other processes accept letters too."""
_LONGEST_PAUSE_SECONDS = 5.0
"""Between two tries while Redis is away, or the relay's limits are used up."""
_LIMIT_LOOK_SECONDS = 1.0
"""Between two looks at the relay's limits: a letter that found no room has the next for two
seconds."""
_FAILED_PAUSE_SECONDS = 300.0
"""After an error of our own with a letter."""
_STOP_SECONDS = 3.0
"""How long the relay's answers are waited for at the end; without one, a letter comes again."""
_LIMITED = (LetterKind.JOIN, LetterKind.LOGIN, LetterKind.MOVE, LetterKind.WELCOME_BACK)
"""What strangers can bring about: so many an hour go to an address (`store.AN_HOUR`)."""

T = TypeVar("T")


@dataclass(frozen=True)
class LetterSources:
    """Where a sender finds the letters that wait, and what goes into one."""

    letters: Letters
    tickets: Tickets
    staff_address: Callable[[str], Awaitable[StaffAddress | None]]
    """Gives the address of a person of the staff, none if there is none."""


class SendLetters:
    """One process's sender. Any number of processes may have one."""

    def __init__(
        self,
        *,
        sources: LetterSources,
        members: Members,
        hand_over: HandOver,
        head: Letterhead,
        identity: KeptIdentity,
        joins_an_hour: int,
        is_over: Callable[[], bool],
    ) -> None:
        """`is_over` says whether Redis holds other data than the service began with."""
        self._letters = sources.letters
        self._tickets = sources.tickets
        self._staff_address = sources.staff_address
        self._members = members
        self._hand_over = hand_over
        self._head = head
        self._identity = identity
        self._joins_an_hour = joins_an_hour
        self._is_over = is_over
        self._log = log.get("notify")
        self._in_hand: dict[str, LetterHold] = {}
        self._own_until: dict[str, float] = {}
        """Until when each letter in hand is surely ours, by the clock of `time.monotonic`."""
        self._not_before = self._joins_not_before = 0.0
        """When the next letter, and the next joining letter, may be taken, by the same clock."""
        self._stopping = False
        self._redis_away = False

    async def run(self) -> None:
        """Send letters until cancelled. Whatever is not known to be sent then comes again."""
        self._stopping = False
        sending: set[asyncio.Task[None]] = set()
        keeping = asyncio.create_task(self._keep_holds())
        try:
            while True:
                self._letters.news.clear()
                wait = await self._insist(partial(self._take, sending))
                await self._pause(wait, sending)
        finally:
            self._stopping = True
            await _let_end(sending, _STOP_SECONDS)
            keeping.cancel()

    def problem(self) -> str:
        """What keeps letters from the relay, in words; empty if nothing does."""
        return self._hand_over.problem()

    async def _take(self, sending: set[asyncio.Task[None]]) -> float:
        """Take what is due and begin to send it. Gives the seconds until there may be more."""
        now = time.monotonic()
        room = AT_ONCE - len(sending)
        if now < self._not_before or not room:
            return max(self._not_before - now, LOOK_SECONDS)
        joins = 0
        if now >= self._joins_not_before:
            joins = JOINS_AT_ONCE - sum(hold.is_join for hold in self._in_hand.values())
        holds, due_in = await self._letters.take(
            room, joins_at_most=joins, joins_an_hour=self._joins_an_hour
        )
        for hold in holds:
            self._in_hand[hold.id] = hold
            self._own_until[hold.id] = now + store.LEASE_SECONDS
            task = asyncio.create_task(self._send(hold.id))
            sending.add(task)
            task.add_done_callback(sending.discard)
        if holds:
            return 0.0 if len(holds) == room else LOOK_SECONDS
        return LOOK_SECONDS if due_in is None else min(due_in, LOOK_SECONDS)

    async def _pause(self, seconds: float, sending: set[asyncio.Task[None]]) -> None:
        """Wait so long, or until a letter is accepted here, or, with all hands full, until one of
        them is free."""
        news = asyncio.create_task(self._letters.news.wait())
        full = sending if len(sending) >= AT_ONCE else set()
        if full:
            seconds = _LONGEST_PAUSE_SECONDS
        try:
            await asyncio.wait(full or {news}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()

    async def _keep_holds(self) -> None:
        """Keep what is in hand while this process lives."""
        while True:
            await asyncio.sleep(store.LEASE_SECONDS / 4)
            asked_at = time.monotonic()
            holds = list(self._in_hand.values())
            try:
                kept = await self._letters.keep_hold(holds) if holds else set()
            except RedisError:
                continue  # the holds run out by themselves
            for letter in kept & self._own_until.keys():
                self._own_until[letter] = asked_at + store.LEASE_SECONDS

    def _may_go(self, letter: str) -> bool:
        ours = time.monotonic() < self._own_until.get(letter, 0.0)
        return ours and not self._stopping and not self._is_over()

    async def _send(self, id_: str) -> None:
        hold = self._in_hand[id_]
        try:
            await self._try(id_)
        except RedisError as error:
            self._tell_of_redis(error)  # the hold runs out, and the letter comes again
        except Exception as error:
            self._log.error("letter_failed", cause=type(error).__name__)
            await self._end(id_, again_in=_FAILED_PAUSE_SECONDS)
        finally:
            if self._in_hand.get(id_) is hold:  # else it was taken anew meanwhile
                del self._in_hand[id_]
                self._own_until.pop(id_, None)

    async def _try(self, id_: str) -> None:
        """One try at a letter, from looking up whose address it is to writing down what became of
        it."""
        try:
            letter = await self._letters.read(self._in_hand[id_])
        except InvalidTag:
            await self._give_up(id_, None, "", "unreadable")
            return
        if letter is None:
            await self._give_up(id_, None, "", "overdue")
            return
        if datetime.now(UTC) - letter.made >= letter.asked.kind.life:
            await self._give_up(id_, letter, letter.asked.kind, "overdue")
            return
        hold = self._in_hand[id_]
        if not hold.is_join and await self._is_to_stranger(letter.asked):
            if not await self._insist(partial(self._letters.put_with_joins, hold)):
                await self._give_up(id_, letter, What.NO_MEMBER, "too_many")
            return
        limits, grant = await self._hand_over.grant(is_join=hold.is_join)
        if not grant.mails:
            await self._wait_for_limits(id_, grant.wait_seconds)
        elif not await self._use_grant(id_, letter):
            await limits.give_back(grant, 1)

    async def _use_grant(self, id_: str, letter: Letter) -> bool:
        """Send a letter that the relay's limits allow; false if the relay got nothing of it."""
        if letter.asked.kind is LetterKind.MOVED and not await self._is_in_force(letter.asked):
            await self._give_up(id_, letter, letter.asked.kind, "undone")
            return False
        if letter.asked.kind in _LIMITED and not await self._letters.admit(letter):
            await self._give_up(id_, letter, letter.asked.kind, "too_many")
            return False
        made = await self._make(letter)
        if made is None:
            await self._give_up(id_, letter, letter.asked.kind, "no_address")
            return False
        what, mail = made
        if self._in_hand[id_].is_join and self._hand_over.is_in_the_way:
            # It goes all the same, but the next one waits: a delivery may take days.
            self._joins_not_before = time.monotonic() + _LONGEST_PAUSE_SECONDS
        head = self._head.dressed(await self._identity.newest())
        reply = await self._hand_over.send(
            mail.email, [mail.content(head)], partial(self._may_go, id_)
        )
        await self._conclude(id_, letter, what, reply)
        return reply is not None and reply.is_about_mail

    async def _make(self, letter: Letter) -> tuple[What, LetterMail] | None:
        """The letter that this request becomes; its link and code work from now on. None if it is
        to a person of the staff who has no address, or no longer."""
        asked = letter.asked
        if asked.kind is LetterKind.STAFF:
            to = await self._staff_address(asked.staff)
            if to is None:
                return None
            asked = replace(asked, email=to.email, lang=to.lang)
        number, member = await self._member(asked)
        what, ticket = decide(asked, number)
        token = code = ""
        if ticket:
            token, code = await self._tickets.make(ticket, letter=letter.id, made=letter.made)
        is_theirs = member is not None and what in (What.LOG_IN, What.ALREADY_MEMBER)
        return what, LetterMail(
            what=what,
            id=letter.id,
            asks=letter.asks,
            asked_at=letter.asked_at,
            made=letter.made,
            # As the member spelled it, not as whoever asks does.
            email=member.email if member and is_theirs else asked.email,
            lang=member.lang if member and is_theirs else asked.lang,
            life=(ticket or asked).kind.life,
            token=token,
            code=code,
            article=asked.article,
        )

    async def _is_in_force(self, asked: Asked) -> bool:
        """Whether a change of the address that a letter tells of was not undone meanwhile: then it
        would say what is not so, perhaps to whoever had taken the address."""
        newest, *_ = await self._members.numbers_of(asked.number)
        sealed = (await self._members.records([newest])).get(newest)
        return sealed is not None and asked.at in moves_of(self._members.open(newest, sealed))

    async def _is_to_stranger(self, asked: Asked) -> bool:
        """Whether whoever typed an address has a letter sent to somebody who never heard of us: so
        many an hour go, of these and of letters to join with together."""
        if asked.kind is not LetterKind.LOGIN:
            return False
        number, _ = await self._member(asked)
        return decide(asked, number).what is What.NO_MEMBER

    async def _member(self, asked: Asked) -> tuple[int | None, Member | None]:
        """The member whose address this is now, and their number; none if there is none, or if it
        is not asked. Those who left can log in, to see what is kept, delete it, or come back."""
        if asked.kind is LetterKind.STAFF:
            return None, None
        (found,) = await self._members.find([asked.email])
        if found is None or found.moved or (found.left and asked.kind is not LetterKind.LOGIN):
            return None, None
        sealed = (await self._members.records([found.number])).get(found.number)
        if sealed is None:
            return None, None
        return found.number, self._members.open(found.number, sealed)

    async def _wait_for_limits(self, id_: str, seconds: float) -> None:
        """The relay may be given nothing more for a while: no letter is tried meanwhile."""
        longest = (
            _LIMIT_LOOK_SECONDS if seconds < _LONGEST_PAUSE_SECONDS else _LONGEST_PAUSE_SECONDS
        )
        not_before = time.monotonic() + min(max(seconds, 0.01), longest)
        if self._in_hand[id_].is_join:
            self._joins_not_before = not_before
        else:
            self._not_before = not_before
        await self._end(id_, again_in=0.0, is_tried=False)

    async def _conclude(self, id_: str, letter: Letter, what: What, reply: Reply | None) -> None:
        """Write down what became of a try, and tell."""
        if reply is None and not self._may_go(id_):
            # It is another sender's, or this process stops: it was not sent, and comes again.
            await self._end(id_, again_in=0.0, is_tried=False)
            return
        verdict = judge(reply, tries=letter.tries, chance=random.random())
        if verdict.became is Became.REFUSED:
            await self._give_up(id_, letter, what, "refused", reply)
            return
        codes = reply.short if reply else ""
        if verdict.became is Became.AGAIN:
            await self._end(id_, again_in=verdict.pause_seconds)
            metrics.became(what, "again")
            self._log.warning("letter_put_off", letter=what, tries=letter.tries + 1, codes=codes)
            return
        await self._end(id_, asks=letter.asks)
        seconds = (datetime.now(UTC) - letter.asked_at).total_seconds()
        metrics.became(what, "sent")
        if what not in (What.CONFIRM_JOINING, What.NO_MEMBER):
            metrics.sent(seconds)
        self._log.info("letter_sent", letter=what, tries=letter.tries + 1, ms=round(seconds * 1000))

    async def _give_up(
        self, id_: str, letter: Letter | None, what: str, reason: str, reply: Reply | None = None
    ) -> None:
        # Of a letter that is no more nobody knows whether it was tried: it counts no longer.
        is_new = letter is None or (letter.asks == 1 and letter.tries == 0)
        asks = letter.asks if letter else 0
        await self._end(id_, asks=asks, is_mail=reply is not None or not is_new)
        metrics.became(what or "unknown", reason)
        codes = reply.short if reply else ""
        self._log.warning("letter_given_up", letter=what, reason=reason, codes=codes)

    async def _end(
        self,
        id_: str,
        *,
        asks: int = 0,
        again_in: float | None = None,
        is_tried: bool = True,
        is_mail: bool = True,
    ) -> None:
        """Write down that a try is over, whenever Redis takes it."""
        finish = partial(
            self._letters.finish,
            self._in_hand[id_],
            asks=asks,
            again_in=again_in,
            is_tried=is_tried,
            is_mail=is_mail,
        )
        await self._insist(finish)

    async def _insist(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask Redis until it answers, with growing pauses and one line in the log. EpochOver if it
        holds other data."""
        pause = LOOK_SECONDS
        while True:
            try:
                found = await ask()
            except EpochOver:
                raise
            except RedisError as error:
                self._tell_of_redis(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            else:
                self._redis_away = False
                return found

    def _tell_of_redis(self, error: RedisError) -> None:
        if not self._redis_away:
            self._log.warning("letters_wait_for_redis", cause=cause(error))
        self._redis_away = True


async def _let_end(sending: set[asyncio.Task[None]], seconds: float) -> None:
    """Wait until all have ended, at most so long, though this task is cancelled meanwhile; then
    cancel them."""
    ends_at = time.monotonic() + seconds
    while sending and (left := ends_at - time.monotonic()) > 0:
        try:
            await asyncio.wait(sending, timeout=left)
        except asyncio.CancelledError:
            continue
    for task in list(sending):
        task.cancel()
