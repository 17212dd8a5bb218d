"""Writes the whole site again from Redis, when its folder was lost or its look has changed."""

import asyncio
import math
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from redis.exceptions import RedisError

from services.render.articles.listing import PAGE, SITEMAP, part_of, sequences
from services.render.look.templates import look
from services.render.site.precedence import Precedence
from services.render.site.rebuild_pages import RebuildPages
from services.render.site.write_behind import WriteBehind
from services.render.site.write_site import SiteWriter
from shared import log
from shared.bus import Surroundings

_log = log.get("render")
_BATCH = 1000
"""Articles between two words of how far it is; as many as 50 numbered pages have. After each what
was written is flushed: the sync of an alert's page waits for all that the file system has not
written, and so for these pages at most, some 10 MB."""
_WISH_SECONDS = 1.0
"""From look to look whether somebody asked for the site anew."""
_RETRY_SECONDS = 2.0
"""Until the site is written again, after Redis or the disk did not let it be."""


class SiteKeeper:
    """Looks after the site as a whole, beside the events that change parts of it."""

    def __init__(
        self,
        writer: SiteWriter,
        behind: WriteBehind,
        precedence: Precedence,
        check_every: float = 30.0,
    ) -> None:
        """`check_every` is in seconds. What goes first by `precedence` does so before the rest."""
        self._writer = writer
        self._pages = RebuildPages(writer, precedence)
        self._found = behind.found
        self._behind = behind
        self._check_every = check_every
        self._asked = asyncio.Event()
        self._waits_for: str | None = None
        self._wish = 0

    def problems(self) -> list[str]:
        waits = [f"site not written: {self._waits_for}"] if self._waits_for else []
        not_made = [f"page not made: {one}" for one in sorted(self._writer.not_made)]
        spoilt = [f"not in lists: {one}" for one in sorted(self._writer.store.spoilt)]
        return waits + not_made + spoilt + self._behind.problems()

    def look_now(self) -> None:
        """What the whole site follows has changed."""
        self._asked.set()

    async def keep_whole(self) -> None:
        """Rebuild the site whenever it is not as it should be. Never returns.

        Lists and feeds are written anew at each start: they are not synced to disk one by one, so a
        power cut may have left some of them empty. Those that show which alerts hold are, too, when
        a day begins where the readers are, and the pages of alerts that were to be looked at again
        before it; old previews go. (Days are compared: a clock may jump, or be suspended.)
        """
        written: date | None = None
        while True:
            self._asked.clear()
            try:
                today = self._writer.today()
                if written is None:
                    await self._writer.write_fixed()
                    await self._writer.write_newest()
                    await self._writer.write_exercises()
                    await self._writer.write_seals()
                if written != today:
                    await self._writer.write_of_the_day()
                    await self._mark(await self._found.day_changed(written, today))
                    await self._writer.store.note_day(today)
                    written = today
                if not await self._writer.store.changes.is_whole():
                    await self._put_changes_before()
                if not self._writer.files.has_look(await self._wanted()):
                    await self.rebuild()
                self._behind.wake()
                self._waits_for = None
            except (Surroundings, RedisError, OSError) as error:
                self._wait_for(error)
            await self._rest(_RETRY_SECONDS if self._waits_for else self._check_every)

    async def _wanted(self) -> str:
        """What the folder says of itself if it is as it should be: its look, and for which wish of
        a person it was written."""
        self._wish = await self._writer.store.rebuilds.asked()
        return f"{look(await self._writer.dressed())} {self._wish}"

    async def _rest(self, seconds: float) -> None:
        """Until there is something to do, at most for so long."""
        for _ in range(math.ceil(seconds / _WISH_SECONDS)):
            with suppress(TimeoutError):
                async with asyncio.timeout(_WISH_SECONDS):
                    await self._asked.wait()
                    return
            with suppress(RedisError):
                if await self._writer.store.rebuilds.asked() != self._wish:
                    return

    async def rebuild(self) -> None:
        """Write every file from Redis; what readers see first comes first. Files are whole at any
        moment, and the folder says last that it is: whoever dies before begins again. An article
        that cannot be read or made is passed over, and health names it."""
        store, writer = self._writer.store, self._writer
        # As it is now: if it changes while this writes, what is set below is not the newest look.
        current = await self._wanted()
        wish = self._wish
        # A person who asks wants nothing taken over from the pages that are there.
        anew = writer.files.look().rpartition(" ")[2] != str(wish)
        # If this ends half-way and the look of before comes back, the folder may not say that it
        # has it: some pages have another.
        await writer.files.unset_look()
        await writer.write_fixed()
        if not await store.rebuilds.are_placed():
            await self._place_all()
            await store.rebuilds.note_placed()
        await writer.write_newest()
        await writer.write_exercises()
        await writer.write_cap_index()
        published = await store.published()
        for part in range(part_of(published, _BATCH), 0, -1):
            first, last = sequences(part, _BATCH)
            await store.rebuilds.note(max(published - last, 0), published)
            articles = await store.articles(first, last)
            await self._pages.write(articles, anew=anew)
            await self._pages.write_alerts(articles)
            for page in range(part_of(min(last, published), PAGE), part_of(first, PAGE) - 1, -1):
                await writer.write_numbered_page(page)
            await self._pages.precedence.give_way()
            await writer.files.flush()
        await store.rebuilds.note(published, published)
        for part in range(part_of(published, SITEMAP), 0, -1):
            await writer.write_sitemap(part)
        await writer.write_all_previews()
        await writer.write_seals()
        await self._mark([*await self._found.subjects_changed(), *await self._found.topics()])
        # Drawing takes longest, and a page is whole before its picture is there.
        await self._behind.write_marked(pictures=False)
        await writer.files.flush()
        await writer.files.set_look(current)
        await store.rebuilds.note_done(wish)
        _log.info("site_rebuilt", articles=published)

    async def _place_all(self) -> None:
        """Put each article into the lists that it stands in by the rules of now, and into its place
        by date if this begins to be so."""
        store = self._writer.store
        for page in range(1, part_of(await store.published(), PAGE) + 1):
            for article in await store.articles(*sequences(page, PAGE)):
                await self._writer.or_pass_over(article, self._place(article))

    async def _put_changes_before(self) -> None:
        """Let followers hear, too, of what was published before they could ask for changes."""
        store = self._writer.store
        for page in range(1, part_of(await store.published(), PAGE) + 1):
            for article in await store.articles(*sequences(page, PAGE)):
                await self._writer.or_pass_over(article, self._put_before(article))
        await store.changes.note_whole()

    async def _put_before(self, article: str) -> None:
        store = self._writer.store
        revision = await store.newest_revision(article)
        if await store.is_told_of(revision):
            await store.changes.put_before(revision, await store.sequence(article))

    async def _place(self, article: str) -> None:
        store = self._writer.store
        await store.keep(await store.newest_revision(article))

    async def _mark(self, marks: Sequence[str]) -> None:
        await self._writer.store.dated.mark(*marks)
        self._behind.wake()

    def _wait_for(self, error: Exception) -> None:
        reason = error.reason if isinstance(error, Surroundings) else type(error).__name__
        if reason != self._waits_for:
            _log.warning("site_rebuild_waits", reason=reason)
        self._waits_for = reason
