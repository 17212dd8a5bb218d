"""Flow: members join, leave, come back, move and are erased.

The journal is written first, then Redis: what a process that dies leaves half done, the journal's
replay ends at the next start (see replay_journal.py). Leaving and erasing do not wait for a journal
that cannot be written; whatever gives somebody a number does.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.journal.entries import EntryKind, JournalEntry
from services.notify.journal.journal import Journal
from services.notify.members.addresses import identity
from services.notify.members.endings import Endings, Left, Moving
from services.notify.members.member import DOES_NOT_OPEN, Member
from services.notify.members.moves import moves_of, undo_until, with_moves
from services.notify.members.returning import may_undo
from services.notify.members.store import Members, leave
from services.notify.outbox.accepted_letter import AcceptedLetter
from services.notify.vault.vault import Vault

CARRY_SECONDS = 10.0
"""Between two looks for members who came back and whose choices did not follow."""
_ONE_STEP = timedelta(microseconds=1)
"""The least by which two times differ."""


MakesLetterOfMove = Callable[[datetime], AcceptedLetter]
"""The letter to the old address of a member who moved at that moment."""


class TooLate(LookupError):
    """The leaving was too long ago to be undone by a link."""


class UndoIsOpen(Exception):
    """Whoever has the member's former address can still have the member back, so nothing is erased
    until then."""

    def __init__(self, until: datetime) -> None:
        super().__init__("a change of the address can still be undone")
        self.until = until


@dataclass(frozen=True)
class OnChange:
    """What other rooms do as members come and go. Each may be called again for what is done."""

    returned: list[Callable[[int, int], Awaitable[object]]] = field(default_factory=list)
    """Somebody undid their leaving: the number before, and the new one."""
    erased: list[Callable[[int], Awaitable[object]]] = field(default_factory=list)
    """The number is about to be erased, and has left: nothing may tell of it any more."""
    nothing_left: list[Callable[[int], Awaitable[object]]] = field(default_factory=list)
    """No number of its member has a record any more: what the member has under this one goes."""


class Membership:
    """All that gives a number, and ends one. Its methods raise redis-py's errors besides."""

    def __init__(
        self, redis: Redis, vault: Vault, journal: Journal, on_change: OnChange | None = None
    ) -> None:
        self._redis = redis
        self._journal = journal
        self.members = Members(redis, vault)
        self.endings = Endings(redis, vault, self.members)
        self.on_change = on_change or OnChange()

    async def join(self, member: Member) -> int:
        """The number of somebody who has confirmed that they want to be a member: the one that
        they have, or a new one. Lifts leaving and erasure. JournalAway if it has to wait."""
        while True:
            last = await self.members.last()
            (found,) = await self.members.find([member.email])
            if found and not found.left and not found.moved:
                return found.number
            earlier: dict[int, list[int]] = {}
            if found:
                await self._note_return(EntryKind.JOINED, last + 1, member.email, found.number)
                if not found.erased and not found.moved:
                    earlier[last + 1] = await self.members.numbers_of(found.number)
                    moves = await self._moves(found.number)
                    member = with_moves(member, moves, datetime.now(UTC))
            if await self.add([member], after=last, earlier=earlier):
                return last + 1

    async def add(
        self,
        members: Sequence[Member],
        *,
        after: int,
        staff: bool = False,
        earlier: Mapping[int, Sequence[int]] | None = None,
        before: Mapping[int, int] | None = None,
    ) -> bool:
        """`Members.add`, with the numbers reserved before; JournalAway if they cannot be."""
        await self._journal.reserve(after + len(members))
        return await self.members.add(
            members, after=after, staff=staff, earlier=earlier or {}, before=before or {}
        )

    async def bring_back(
        self, members: Sequence[Member], *, after: int, earlier: Mapping[int, int]
    ) -> bool:
        """Take in people of a list: as `add`, but `earlier` has, by the new number, the one that an
        address led to, of those who were members and whom `returning.barred` does not bar."""
        every = {new: await self.members.numbers_of(before) for new, before in earlier.items()}
        at = datetime.now(UTC)
        await self._journal.note(
            *(
                JournalEntry(
                    EntryKind.IMPORTED,
                    at,
                    new,
                    self.members.index_of(members[new - after - 1].email),
                    earlier=before,
                )
                for new, before in earlier.items()
            )
        )
        return await self.add(members, after=after, earlier=every)

    async def leave(self, number: int) -> int:
        """End the subscription that a number's member has now, and give its number; also if the
        number is an older one of theirs, as in an old mail. Idempotent; LookupError if it was never
        given."""
        if not 1 <= number <= await self.members.last():
            raise LookupError("no member has this number")
        newest, *_ = await self.members.numbers_of(number)
        how = await self._how_left(newest)
        if not await self.members.left([newest]) or (how and how.by_list):
            await self.note_left(newest)
            await self.end_one(newest)
        return newest

    async def come_back(self, number: int) -> int:
        """Undo a leaving: the member's new number. If they are a member, the one that they have.
        LookupError if there is nothing to bring back, TooLate if it was too long ago, JournalAway
        if it has to wait."""
        while True:
            last = await self.members.last()
            numbers = await self.members.numbers_of(number)
            newest, new = numbers[0], last + 1
            if not 1 <= newest <= last:
                raise LookupError("no member has this number")
            if not await self.members.left([newest]):
                return newest
            record = (await self.members.records([newest])).get(newest)
            how = await self._how_left(newest)
            if record is None or how is None:
                raise LookupError("nothing is left of this member")
            if not may_undo(how, datetime.now(UTC)):
                raise TooLate("the leaving cannot be undone any more")
            member = self.members.open(newest, record)
            await self._note_return(EntryKind.RETURNED, new, member.email, newest)
            if await self.add([member], after=last, earlier={new: numbers}, before={new: newest}):
                await self.carry_over(newest, new)
                return new

    async def carry_over(self, before: int, new: int) -> None:
        """Have other rooms carry over what they know of a member's number `before` to the `new`
        one. If the process dies on the way, or Redis, it is done later."""
        for hook in self.on_change.returned:
            await hook(before, new)
        await self.members.has_returned(new)

    async def carry_over_late(self) -> None:
        """Do that for members for whom it was not done."""
        for new, before in (await self.members.returning()).items():
            await self.carry_over(before, new)

    async def keep_carrying_over(self) -> None:
        """The same every few seconds, until cancelled: Redis may have died and not this process."""
        while True:
            await asyncio.sleep(CARRY_SECONDS)
            with suppress(RedisError):  # the bus tells
                await self.carry_over_late()

    async def erase(self, number: int) -> None:
        """End the subscription, and drop the records of all numbers of its member. Idempotent;
        LookupError if the number was never given, UndoIsOpen if their address was changed lately:
        whoever took it could take all the rest from its owner."""
        if not 1 <= number <= await self.members.last():
            raise LookupError("no member has this number")
        numbers = await self.members.numbers_of(number)
        if until := await self.undo_until(number):
            raise UndoIsOpen(until)
        await self._journal.note_late(
            *[await self._ending(EntryKind.ERASED, one) for one in numbers]
        )
        for one in numbers:
            await self.erase_one(one)

    async def undo_until(self, number: int) -> datetime | None:
        """Until when the last change of the address of the number's member can be undone; none if
        there is nothing to undo."""
        return undo_until(await self._moves(number), datetime.now(UTC))

    async def note_left(self, number: int) -> None:
        """Have the journal say that somebody left."""
        await self._journal.note_late(await self._ending(EntryKind.LEFT, number))

    async def end_one(self, number: int, at: datetime | None = None) -> None:
        """End one number, whose journal entry is written."""
        await leave(self._redis, number, at=at)

    async def erase_one(self, number: int, *, is_expired: bool = False) -> None:
        """Drop what is known of one number, whose journal entry is written. If its record has
        expired only, a list may bring the member back as if they had left only, and a later number
        of theirs stays as it is. The record goes last, so that an erasure that was broken off can
        be seen."""
        await self.end_one(number)
        for hook in self.on_change.erased:
            await hook(number)
        for one in await self._with_nothing_left(number) if is_expired else [number]:
            for hook in self.on_change.nothing_left:
                await hook(one)
        await self.endings.erase(number, is_expired=is_expired)

    async def _with_nothing_left(self, number: int) -> list[int]:
        """All numbers of a number's member if none but this one has a record; else none."""
        numbers = await self.members.numbers_of(number)
        others = await self.members.records([one for one in numbers if one != number])
        return [] if others else numbers

    async def change(self, number: int, before: bytes, after: Member) -> bool:
        """Give a member another record with the same address, if theirs is still the sealed one
        `before`, and they have not left; else false. ValueError if the address is another."""
        was = self.members.open(number, before)
        if identity(was.email) != identity(after.email):
            raise ValueError("the address changes by a move only")
        return number in await self.members.replace({number: (before, after)})

    async def move(
        self, number: int, before: bytes, after: Member, told: MakesLetterOfMove
    ) -> bool:
        """Give a member a record with another address, as `addresses.parse` gives it, that they
        have proved to be theirs; false, without effect, if another member has it, or the record is
        not the sealed one `before` any more. In one step with it the letter is accepted that `told`
        makes. What was left or erased at that address is lifted. JournalAway if it has to wait."""
        was = self.members.open(number, before)
        if identity(was.email) == identity(after.email):
            return await self.change(number, before, after)
        return await self._move(number, before, after, moves_of(was), told)

    async def undo_move(self, number: int, before: bytes, email: str, began: datetime) -> bool:
        """Give a member the address back that they had before the change of the moment `began`.
        That one and all after it are undone. Else as `move`, but nobody is told."""
        was = self.members.open(number, before)
        rest = [one for one in moves_of(was) if one < began]
        after = was._replace(email=email)
        if identity(was.email) == identity(email):
            return await self.change(number, before, with_moves(after, rest, datetime.now(UTC)))
        return await self._move(number, before, after, rest, None)

    async def _move(
        self,
        number: int,
        before: bytes,
        after: Member,
        moves: list[datetime],
        told: MakesLetterOfMove | None,
    ) -> bool:
        was = self.members.open(number, before)
        index = self.members.index_of(after.email)
        (other,) = await self.endings.holders([index])
        if other is not None and other > 0:
            if not await self.members.left([other]):
                return False
            moves = moves + await self._moves(other)
        at = max([await self._now_after(abs(other or 0)), *(one + _ONE_STEP for one in moves)])
        await self._journal.note(
            JournalEntry(EntryKind.MOVED, at, number, self.members.index_of(was.email)),
            JournalEntry(EntryKind.MOVED, at, number, index),
        )
        moved = await self.endings.move(
            number,
            before,
            with_moves(after, [*moves, at] if told else moves, at),
            moves_from=was.email,
            other=other,
            letter=told(at) if told else None,
        )
        return moved is Moving.DONE

    async def _moves(self, number: int) -> list[datetime]:
        """The changes of the address that are in force, of the number's member."""
        newest, *_ = await self.members.numbers_of(number)
        for sealed in (await self.members.records([newest])).values():
            with suppress(*DOES_NOT_OPEN):
                return moves_of(self.members.open(newest, sealed))
        return []

    async def _ending(self, kind: EntryKind, number: int) -> JournalEntry:
        record = (await self.members.records([number])).get(number)
        index = b""
        if record is not None:
            # A damaged record keeps nobody from leaving: the number alone says who they are.
            with suppress(*DOES_NOT_OPEN):
                index = self.members.index_of(self.members.open(number, record).email)
        return JournalEntry(kind, datetime.now(UTC), number, index)

    async def _note_return(self, kind: EntryKind, number: int, email: str, earlier: int) -> None:
        at = await self._now_after(earlier)
        await self._journal.note(
            JournalEntry(kind, at, number, self.members.index_of(email), earlier=earlier)
        )

    async def _now_after(self, number: int) -> datetime:
        """Now, or just after the number's leaving if that is later by another process's clock: of
        two entries the later wins."""
        how = await self._how_left(number)
        now = datetime.now(UTC)
        return max(now, how.at + _ONE_STEP) if how else now

    async def _how_left(self, number: int) -> Left | None:
        return (await self.endings.how_left([number])).get(number)
