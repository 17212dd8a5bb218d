"""Writes the whole site again from Redis, when its folder was lost or its look has changed."""

import asyncio
from datetime import date

from redis.exceptions import RedisError

from services.render.listing import PAGE, SITEMAP, part_of, sequences
from services.render.templates import look
from services.render.write_site import SiteWriter
from shared import log
from shared.bus import Surroundings

_log = log.get("render")
_RETRY_AFTER = 2.0


class SiteKeeper:
    """Looks after the site as a whole, beside the events that change parts of it."""

    def __init__(self, writer: SiteWriter, check_every: float = 30.0) -> None:
        """`check_every` is in seconds."""
        self._writer = writer
        self._check_every = check_every
        self._look = look(writer.site)
        self._waits_for: str | None = None

    def problems(self) -> list[str]:
        waits = [f"site not written: {self._waits_for}"] if self._waits_for else []
        return waits + [f"page not made: {one}" for one in sorted(self._writer.not_made)]

    async def keep_whole(self) -> None:
        """Rebuild the site whenever it is not as it should be. Never returns.

        Lists and feeds are written anew at each start: they are not synced to disk one by one, so a
        power cut may have left some of them empty. Those that show which alerts hold are, too, when
        a day begins where the readers are, and old previews go. (Days are compared: a clock may
        jump, or be suspended.)
        """
        written: date | None = None
        while True:
            try:
                today = self._writer.today()
                if written is None:
                    await self._writer.write_newest()
                    await self._writer.write_seals()
                if written != today:
                    await self._writer.write_of_the_day()
                    written = today
                if not self._writer.files.has_look(self._look):
                    await self.rebuild()
                self._waits_for = None
            except (Surroundings, RedisError, OSError) as error:
                self._wait_for(error)
            await asyncio.sleep(_RETRY_AFTER if self._waits_for else self._check_every)

    async def rebuild(self) -> None:
        """Write every file from Redis; what readers see first comes first."""
        store = self._writer.store
        self._writer.write_fixed()
        await self._writer.write_newest()
        await self._writer.write_cap_index()
        published = await store.published()
        for page in range(part_of(published, PAGE), 0, -1):
            for article in await store.articles(*sequences(page, PAGE)):
                revision = await store.newest_revision(article)
                await self._writer.or_go_on(article, self._writer.write_article(revision))
                if revisions := await store.alert_revisions(article):
                    await self._writer.write_alert(article, revisions)
            await self._writer.write_numbered_page(page)
        for part in range(part_of(published, SITEMAP), 0, -1):
            await self._writer.write_sitemap(part)
        await self._writer.write_all_previews()
        await self._writer.write_seals()
        await self._writer.files.set_look(self._look)
        _log.info("site_rebuilt", articles=published)

    def _wait_for(self, error: Exception) -> None:
        reason = error.reason if isinstance(error, Surroundings) else type(error).__name__
        if reason != self._waits_for:
            _log.warning("site_rebuild_waits", reason=reason)
        self._waits_for = reason
