"""Writes the site's files from what Redis holds: each reads the newest state inside its lock."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.render import feeds, pages
from services.render.cap import cap_path, cap_xml
from services.render.changes import is_gone
from services.render.listing import PAGE, SITEMAP, pages_touched, part_of, sequences
from services.render.site_files import GONE, PREVIEWS, SiteFiles
from services.render.store import Store
from services.render.teaser import Teaser
from services.render.templates import STYLE, Site
from shared import log
from shared.child.children import ChildDied, Children, GaveUp, weigh
from shared.oslo import oslo_today
from shared.revision import Revision

_PAGE_SECONDS = 20.0
"""Ingest takes no text that it needs 15 s to read, and this is less work."""


@dataclass(frozen=True)
class SiteWriter:
    site: Site
    store: Store
    files: SiteFiles
    today: Callable[[], date] = oslo_today
    """Which alerts hold depends on the day, and which previews have ended."""
    children: Children = field(default_factory=lambda: Children("services.render.pages"))
    """Make long pages, while this process serves others."""
    not_made: set[str] = field(default_factory=set)
    """Articles whose pages could not be made the last time that others were written."""

    def write_fixed(self) -> None:
        """What needs no Redis: the look and, if there is no front page, an empty one."""
        self.files.prepare(
            always={
                "style.css": STYLE.read_text(),
                "robots.txt": feeds.robots(self.site),
                ".not-found.html": pages.not_found_page(self.site),  # for Caddy in front
            },
            absent={"index.html": pages.front_page(self.site, [], [])},
        )

    async def write_around(self, sequence: int) -> None:
        """Every list, feed and sitemap that shows the article with this sequence number."""
        for page in pages_touched(sequence):
            await self.write_numbered_page(page)
        await self.write_sitemap(part_of(sequence, SITEMAP))
        await self.write_newest()

    async def write_newest(self) -> None:
        """The lists and feeds of what is newest, and the index of sitemaps."""
        await self.files.project("index.html", self._front_page)
        await self.files.project("nyheter/index.html", self._newest_page)
        await self.files.project("feed.atom", self._atom)
        await self.files.project("feed.json", self._json_feed)
        await self.files.project("sitemap.xml", self._sitemap_index)

    async def write_of_the_day(self) -> None:
        """What also changes with the day."""
        await self.files.project("index.html", self._front_page)
        await self.write_cap_index()
        await self.write_all_previews()

    async def write_article(self, revision: Revision) -> None:
        """The page of the article that this is a revision of, as its newest revision has it.

        Of withdrawn news there is only a file that stands for 410 (Gone) to who serves the site.
        """
        folder = revision.path.strip("/")

        async def make() -> str | None:
            newest = await self.store.newest_revision(revision.id)
            if is_gone(newest):
                return None
            # Others only where lists show it: only then is it written again when they change.
            others = await self._others(revision.id) if Teaser.of(newest).listed else []
            return await self._page(newest, others)

        async def make_gone() -> str | None:
            newest = await self.store.newest_revision(revision.id)
            return pages.gone_page(self.site, newest) if is_gone(newest) else None

        if is_gone(revision):
            await self.files.project(f"{folder}/{GONE}", make_gone, durable=True)
        await self.files.project(f"{folder}/index.html", make, durable=True)

    async def write_neighbours(self, sequence: int) -> None:
        """The pages under which the article with this sequence number stands among the others."""
        for article in await self.store.after(sequence, pages.OTHERS):
            revision = await self.store.newest_revision(article)
            await self.or_go_on(article, self.write_article(revision))

    async def or_go_on(self, article: str, writing: Coroutine[None, None, None]) -> None:
        """Write a page of `article` for the sake of others. They go on if it cannot be made."""
        try:
            await writing
            self.not_made.discard(article)
        except (GaveUp, ChildDied):
            if article not in self.not_made:
                log.get("render").error("page_not_made", article=article)
            self.not_made.add(article)

    async def _page(
        self, revision: Revision, others: Sequence[Teaser], *, preview: bool = False
    ) -> str:
        """The article's page. Raises GaveUp if it takes too long, which makes its event a dead
        letter: nothing that somebody wrote may stop the pages of others."""
        weight = max(weigh(revision.article.body), len(revision.model_dump_json()) // 4)
        return await self.children.run(
            weight, _PAGE_SECONDS, pages.article_page, self.site, revision, others, preview=preview
        )

    async def _others(self, article: str) -> list[Teaser]:
        return await self.store.before(await self.store.sequence(article), pages.OTHERS)

    async def write_alert(self, article: str, revisions: Sequence[int]) -> None:
        """The CAP messages of these revisions of an alert, and the index of those that hold."""
        for number in revisions:
            await self._write_cap(article, number)
        await self.write_cap_index()

    async def write_cap_index(self) -> None:
        await self.files.project("varsler/feed.atom", self._cap_index)

    async def _write_cap(self, article: str, number: int) -> None:
        async def make() -> str:
            return cap_xml(self.site, await self.store.alert_revision(article, number))

        path = cap_path(article, number).strip("/")
        await self.files.project(path, make, durable=True)

    async def write_all_previews(self) -> None:
        """Of each article that waits for approval, and none of those that have ended."""
        for article in await self.store.previews.articles():
            await self.or_go_on(article, self.write_previews(article))

    async def write_previews(self, article: str) -> None:
        """The page of the article's revision that waits for approval, if any, and no other."""
        tokens = await self.store.previews.tokens(article)
        ended = [token for token in tokens if not await self._write_preview(article, token)]
        if ended:
            await self.store.previews.forget(article, ended)

    async def _write_preview(self, article: str, token: str) -> bool:
        """Whether the preview is to be seen."""

        async def make() -> str | None:
            shown = await self.store.preview(article, self.today())
            if shown is None or shown.token != token:
                return None
            others = await self._others(article)
            return await self._page(shown.revision, others, preview=True)

        return await self.files.project(f"{PREVIEWS}/{token}/index.html", make, durable=True)

    async def write_seals(self) -> None:
        """The page of the audit trail, and its roots for machines."""

        async def make() -> str:
            return pages.audit_page(self.site, await self.store.seals.all())

        async def make_roots() -> str:
            return pages.audit_roots(await self.store.seals.all())

        await self.files.project("revisjonsspor/index.html", make)
        await self.files.project("revisjonsspor/rot.json", make_roots)

    async def write_numbered_page(self, page: int) -> None:
        async def make() -> str:
            teasers = await self.store.listed(*sequences(page, PAGE))
            published = await self.store.published()
            return pages.numbered_page(self.site, page, teasers, published)

        await self.files.project(f"nyheter/side/{page}/index.html", make)

    async def write_sitemap(self, part: int) -> None:
        async def make() -> str:
            return feeds.sitemap(self.site, await self.store.sitemap(part))

        await self.files.project(f"sitemap-{part}.xml", make)

    async def _front_page(self) -> str:
        newest = await self.store.newest(pages.FRONT_PAGE)
        return pages.front_page(self.site, newest, await self.store.valid(self.today()))

    async def _newest_page(self) -> str:
        newest = await self.store.newest(PAGE)
        return pages.newest_page(self.site, newest, await self.store.published())

    async def _atom(self) -> str:
        return feeds.atom(self.site, await self.store.changed(feeds.ENTRIES))

    async def _json_feed(self) -> str:
        return feeds.json_feed(self.site, await self.store.changed(feeds.ENTRIES))

    async def _cap_index(self) -> str:
        valid = await self.store.valid(self.today())
        return feeds.cap_index(self.site, valid, await self.store.alerts_changed())

    async def _sitemap_index(self) -> str:
        return feeds.sitemap_index(self.site, part_of(await self.store.published(), SITEMAP))
