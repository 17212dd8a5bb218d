"""Which ids of deliveries and posts were given, and what staff asked of deliveries, also by a Redis
that is lost.

Two mails with one Message-ID are one to a mail program, and two posts with one id are one to a
follower. From a copy of Redis the same ids would be given again, perhaps to other texts.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from services.notify.journal.entries import EntryKind, JournalEntry, JournalState
from services.notify.journal.journal import Journal


class GivenIds:
    """The ids in `journal`; `state` is what it said at the start."""

    def __init__(self, journal: Journal, state: JournalState) -> None:
        self._journal = journal
        self._before = state
        self._noted = state.deliveries | state.posts
        self._heard = dict(state.wishes)

    def was_started(self, delivery: str) -> bool:
        """Whether the delivery was started before this process was. If Redis does not know it, it
        was put back to a copy from before."""
        return delivery in self._before.deliveries

    def post(self, post: str) -> str:
        """The id that a post gets: its own, or one that nobody has had if that was given before."""
        while post in self._before.posts:
            post += "-again"
        return post

    async def note_forgotten(
        self, *, deliveries: Iterable[str], posts: Iterable[str], wishes: Mapping[str, int]
    ) -> int:
        """Write down what Redis knows of these and the journal does not: whoever did them was
        killed before it was written, or its disk was full. Of `wishes` the value is the number of
        the newest that a delivery has heard. Gives how many there were."""
        now = datetime.now(UTC)
        entries = [
            JournalEntry(kind, now, id=one)
            for kind, ids in ((EntryKind.DELIVERY, deliveries), (EntryKind.POST, posts))
            for one in sorted(set(ids) - self._noted)
        ]
        entries += [
            JournalEntry(EntryKind.WISH, now, number=sequence, id=delivery)
            for delivery, sequence in wishes.items()
            if sequence > self._heard.get(delivery, 0)
        ]
        if entries:
            await self._journal.note_late(*entries)
            self._noted.update(entry.id for entry in entries if entry.kind is not EntryKind.WISH)
            self._heard.update((e.id, e.number) for e in entries if e.kind is EntryKind.WISH)
        return len(entries)

    async def note_delivery(self, delivery: str) -> None:
        """Write down that a delivery has started. After it has: else a kill in between would have
        it held, as one that members were mailed. After a kill here the next start writes it."""
        await self._note(EntryKind.DELIVERY, [delivery])

    async def note_posts(self, posts: Iterable[str]) -> None:
        """Write down that these posts are planned."""
        await self._note(EntryKind.POST, posts)

    def wish_heard(self, delivery: str) -> int:
        """The number of the newest wish about the delivery that was heard before this process was;
        0 if there was none."""
        return self._before.wishes.get(delivery, 0)

    async def note_wish(self, delivery: str, sequence: int) -> None:
        """Write down that the wish of this number was heard, if there is one: 0 is none. From a
        copy of Redis it would be heard again."""
        if sequence > self._heard.get(delivery, 0):
            now = datetime.now(UTC)
            await self._journal.note_late(
                JournalEntry(EntryKind.WISH, now, number=sequence, id=delivery)
            )
            self._heard[delivery] = sequence

    async def _note(self, kind: EntryKind, ids: Iterable[str]) -> None:
        new = [one for one in ids if one not in self._noted]
        if new:
            now = datetime.now(UTC)
            await self._journal.note_late(*(JournalEntry(kind, now, id=one) for one in new))
            self._noted.update(new)
