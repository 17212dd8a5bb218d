"""Which ids of deliveries and posts were given, also by a Redis that is lost.

Two mails with one Message-ID are one to a mail program, and two posts with one id are one to a
follower. From a copy of Redis the same ids would be given again, perhaps to other texts.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from services.notify.journal.entries import EntryKind, JournalEntry, JournalState
from services.notify.journal.journal import Journal


class GivenIds:
    """The ids in `journal`; `state` is what it said at the start."""

    def __init__(self, journal: Journal, state: JournalState) -> None:
        self._journal = journal
        self._before = state
        self._noted: set[str] = set()

    def was_started(self, delivery: str) -> bool:
        """Whether the delivery was started before this process was. If Redis does not know it, it
        was put back to a copy from before."""
        return delivery in self._before.deliveries

    def post(self, post: str) -> str:
        """The id that a post gets: its own, or one that nobody has had if that was given before."""
        while post in self._before.posts:
            post += "-again"
        return post

    async def note_delivery(self, delivery: str) -> None:
        """Write down that a delivery has started. After it has: else a kill in between would have
        it held, as one that members were mailed."""
        await self._note(EntryKind.DELIVERY, [delivery])

    async def note_posts(self, posts: Iterable[str]) -> None:
        """Write down that these posts are planned."""
        await self._note(EntryKind.POST, posts)

    async def _note(self, kind: EntryKind, ids: Iterable[str]) -> None:
        new = [one for one in ids if one not in self._noted]
        if new:
            now = datetime.now(UTC)
            await self._journal.note_late(*(JournalEntry(kind, now, id=one) for one in new))
            self._noted.update(new)
