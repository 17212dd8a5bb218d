"""Writes the site's files from what Redis holds: each reads the newest state inside its lock."""

from dataclasses import dataclass

from services.render import feeds, pages
from services.render.listing import PAGE, SITEMAP, pages_touched, part_of, sequences
from services.render.site_files import SiteFiles
from services.render.store import Store
from services.render.templates import STYLE, Site


@dataclass(frozen=True)
class SiteWriter:
    site: Site
    store: Store
    files: SiteFiles

    def write_fixed(self) -> None:
        """What needs no Redis: the look and, where there is no front page, an empty one."""
        self.files.prepare(
            always={
                "style.css": STYLE.read_text(),
                "robots.txt": feeds.robots(self.site),
                ".not-found.html": pages.not_found_page(self.site),  # for Caddy in front
            },
            absent={"index.html": pages.front_page(self.site, [])},
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

    async def write_article(self, article: str, path: str) -> None:
        """The page at `path` of the article with this id."""

        async def make() -> str:
            newest = await self.store.newest_revision(article)
            others = await self.store.newest(pages.OTHERS, besides=article)
            return pages.article_page(
                self.site, newest.revision, others, withdrawn=newest.withdrawn
            )

        await self.files.project(f"{path.strip('/')}/index.html", make, durable=True)

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
        return pages.front_page(self.site, await self.store.newest(pages.FRONT_PAGE))

    async def _newest_page(self) -> str:
        newest = await self.store.newest(PAGE)
        return pages.newest_page(self.site, newest, await self.store.published())

    async def _atom(self) -> str:
        return feeds.atom(self.site, await self.store.changed(feeds.ENTRIES))

    async def _json_feed(self) -> str:
        return feeds.json_feed(self.site, await self.store.changed(feeds.ENTRIES))

    async def _sitemap_index(self) -> str:
        return feeds.sitemap_index(self.site, part_of(await self.store.published(), SITEMAP))
