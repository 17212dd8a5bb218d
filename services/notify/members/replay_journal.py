"""Flow: at each start, let the journal win over whatever Redis holds.

Redis may be as it was left, with a step half done; or empty, or put back to a copy from before.
Doing it again changes nothing. Several processes may do it at once, while others work.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import TypeVar

from services.notify.journal.entries import RETURNS, EntryKind, JournalEntry, JournalState
from services.notify.journal.journal import Journal, JournalAway
from services.notify.members.member import DOES_NOT_OPEN, JOINED, Member
from services.notify.members.membership import Membership
from shared import log

T = TypeVar("T")
_AT_ONCE = 1000
"""Members' numbers in one write."""


async def replay(membership: Membership, journal: Journal) -> JournalState:
    """Read the journal and bring Redis in line with it; gives what it says. Raises redis-py's
    errors: then it is to be done again."""
    state = await journal.read()
    await _skip_numbers(membership, journal, state)
    ended = await _end_numbers(membership, state)
    ended += await _close_addresses(membership, state)
    returned = await _bring_back(membership, journal, state)
    await membership.carry_over_late()
    erased = await _erase(membership, state)
    noted = await _note_forgotten(membership, state)
    if ended or returned or erased or noted:
        log.get("notify").info(
            "journal_replayed", ended=ended, returned=returned, erased=erased, noted=noted
        )
    return state


async def _skip_numbers(membership: Membership, journal: Journal, state: JournalState) -> None:
    """Let no number be given twice."""
    members = membership.members
    while (last := await members.last()) < state.highest:
        await membership.endings.skip(range(last + 1, min(last + _AT_ONCE, state.highest) + 1))
    if last > state.highest:
        await journal.note_late(JournalEntry(EntryKind.NUMBERS, datetime.now(UTC), last))


async def _end_numbers(membership: Membership, state: JournalState) -> int:
    """End the numbers that ended; gives how many had not."""
    ended = 0
    for numbers in _parts(sorted(state.gone)):
        left = await membership.members.left(numbers)
        how = await membership.endings.how_left(numbers)
        for number in numbers:
            at = state.gone[number].at
            if number not in left or (number in how and how[number].by_list):
                await membership.end_one(number, at)
                ended += 1
            elif number not in how and not state.is_erased(number):
                await membership.endings.set_left(number, at)
    return ended


async def _close_addresses(membership: Membership, state: JournalState) -> int:
    """Let the address of whoever is gone lead to their number, so that no list brings them back;
    and end whoever is a member at such an address by an earlier number. A later one came back
    after the journal was read. Gives how many were ended."""
    ended = 0
    for indexes in _parts(filter(state.is_gone, sorted(state.holders))):
        held = await membership.endings.holders(indexes)
        left = await membership.members.left([one for one in held if one and one > 0])
        for index, number in zip(indexes, held, strict=True):
            holder = state.holders[index]
            if number is None:
                await membership.endings.hold(index, holder.number)
            elif 0 < number < holder.number and number not in left:
                await membership.end_one(number, holder.at)
                ended += 1
            elif state.is_erased(number) and not state.is_erased(holder.number):
                await membership.endings.lead(index, number, to=holder.number)
    return ended


async def _bring_back(membership: Membership, journal: Journal, state: JournalState) -> int:
    """Let those be members whose last word is that they came back, if their new number is lost and
    an earlier record is there. Gives how many they are."""
    returned = 0
    returns = (
        entry
        for entry in state.holders.values()
        if entry.kind in RETURNS and entry.number not in state.gone
    )
    for entries in _parts(returns):
        numbers = [entry.number for entry in entries]
        known = set(await membership.members.records(numbers))
        known.update(await membership.endings.how_left(numbers))
        for entry in entries:
            if entry.number not in known:
                returned += await _bring_one_back(membership, journal, state, entry)
    return returned


async def _bring_one_back(
    membership: Membership, journal: Journal, state: JournalState, entry: JournalEntry
) -> bool:
    members = membership.members
    (held,) = await membership.endings.holders([entry.index])
    for number in dict.fromkeys([held or 0, entry.earlier]):
        record = (await members.records([number])).get(number) if number > 0 else None
        if record is None:
            continue
        try:
            member = members.open(number, record)
        except DOES_NOT_OPEN:
            continue
        if members.index_of(member.email) != entry.index:
            continue
        if not await members.left([number]):
            return False
        earlier = [entry.number]  # it is in their mails, and is to lead to them
        if state.is_erased(number):
            at = entry.at.isoformat()
            member = Member(member.email, "", member.lang, member.consent, how=JOINED, confirmed=at)
        else:
            earlier += await members.numbers_of(number)
        await _give_number(membership, journal, entry, member, earlier)
        return True
    if held and await members.left([abs(held)]):
        # The record is lost, but not that they came back: the next list may bring them.
        await membership.endings.lead(entry.index, held, to=None)
    return False


async def _give_number(
    membership: Membership,
    journal: Journal,
    entry: JournalEntry,
    member: Member,
    earlier: list[int],
) -> None:
    while True:
        last = await membership.members.last()
        if await _is_member(membership, entry):
            return  # another process that starts was faster
        new = last + 1
        # If it is away, health is red; a member who is due alerts does not wait for it.
        with suppress(JournalAway):
            await journal.reserve(new)
        await journal.note_late(
            JournalEntry(entry.kind, entry.at, new, entry.index, earlier=entry.earlier)
        )
        undone = entry.kind is EntryKind.RETURNED and len(earlier) > 1
        before = {new: earlier[1]} if undone else {}
        if await membership.members.add(
            [member], after=last, earlier={new: earlier}, before=before
        ):
            break
    for number in before.values():
        await membership.carry_over(number, new)


async def _is_member(membership: Membership, entry: JournalEntry) -> bool:
    (held,) = await membership.endings.holders([entry.index])
    return held is not None and held > 0 and not await membership.members.left([held])


async def _erase(membership: Membership, state: JournalState) -> int:
    """Drop what is there of the erased; gives how many numbers. Of a number whose record had
    expired before, when it left is still there."""
    erased = 0
    for numbers in _parts(sorted(filter(state.is_erased, state.gone))):
        there = (await membership.members.records(numbers)).keys()
        for number in there | (await membership.endings.how_left(numbers)).keys():
            await membership.erase_one(number)
            erased += 1
    closed = [index for index, entry in state.holders.items() if state.is_erased(entry.number)]
    for indexes in _parts(closed):
        held = await membership.endings.holders(indexes)
        earlier = [
            number
            for number, index in zip(held, indexes, strict=True)
            if number and 0 < number < state.holders[index].number
        ]
        for number in await membership.members.records(earlier):
            await membership.erase_one(number)
            erased += 1
    return erased


async def _note_forgotten(membership: Membership, state: JournalState) -> int:
    """Write down who has left and is not in the journal: from before there was one, or when it
    could not be written. Gives how many."""
    members, noted = membership.members, 0
    async for left in membership.endings.every_left(await members.last()):
        kept = await members.records(sorted(left - state.gone.keys()))
        how = await membership.endings.how_left(kept)
        for number in kept:
            if number in how and how[number].by_list:
                continue
            if number not in how:
                await membership.endings.set_left(number, datetime.now(UTC))
            await membership.note_left(number)
            noted += 1
    return noted


def _parts(some: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(some)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
