"""Writes the site's files from what Redis holds: each reads the newest state inside its lock."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup
from redis.exceptions import RedisError

from services.render.articles.changes import is_gone
from services.render.articles.listing import (
    PAGE,
    SITEMAP,
    begins_sitemap,
    older_than_newest,
    pages_touched,
    part_of,
    sequences,
)
from services.render.articles.lists import RELATED
from services.render.articles.page_states import PageState
from services.render.articles.previews import Previews
from services.render.articles.store import Store
from services.render.articles.teaser import Teaser
from services.render.feeds import feeds
from services.render.feeds.cap import cap_xml
from services.render.look.templates import Site
from services.render.pages import pages
from services.render.pages.fixed import FIXED
from services.render.site.site_files import GONE, MOVED, PAPER, PREVIEWS, InTheWay, SiteFiles
from services.render.subjects.paths import has_page, medicine_link
from shared import log
from shared.bus import Surroundings
from shared.child.children import ChildDied, Children, GaveUp, weigh
from shared.event_data import Preview
from shared.for_followers import cap_path
from shared.old_address import old_path
from shared.oslo import oslo_today
from shared.picture_files import PictureSizes
from shared.revision import Revision

FindPreview = Callable[[str, date], Awaitable[Preview | None]]
AROUND = (Surroundings, RedisError, OSError)
"""What is no article's fault: Redis or the disk does not let it be."""
PAGE_MAKERS = ("services.render.pages.pages",)
"""The modules whose functions run in a child process."""
_PAGE_SECONDS = 20.0
"""Ingest takes no text that it needs 15 s to read, and this is less work."""


def page_parts(state: PageState) -> dict[str, Any]:
    """What `pages.article_page` wants, beside the site."""
    lang = state.revision.article.lang
    return {
        "revision": state.revision,
        # None if no list shows it: nothing would write its page again when they change.
        "others": state.others,
        "medicines": [medicine_link(one, lang) for one in state.subjects if has_page(one)],
        "translations": [one for one in state.translations if one.lang != lang],
        "sizes": state.sizes,
    }


def weight_of(revision: Revision) -> int:
    """About how much work its page is, in letters (see `Children`)."""
    return max(weigh(revision.article.body), _weight_around(revision))


def _weight_around(revision: Revision) -> int:
    """The same, if its body is made already."""
    return len(revision.model_dump_json()) // 4


def _cap_file(revision: Revision) -> str:
    return cap_path(revision.id, revision.revision).strip("/")


@dataclass(frozen=True)
class SiteWriter:
    site: Site
    store: Store
    files: SiteFiles
    today: Callable[[], date] = oslo_today
    """Which alerts hold depends on the day, which were to be looked at again, and which previews
    have ended."""
    children: Children = field(default_factory=lambda: Children(*PAGE_MAKERS))
    """Make long pages, while this process serves others."""
    not_made: set[str] = field(default_factory=set)
    """Articles whose pages could not be made the last time that others were written. What else of
    an article could not be made has a name behind it: `id/cap`."""

    def write_first(self) -> None:
        """What a reader needs before Redis has answered, if there is nothing yet."""
        empty = pages.front_page(self.site, [], [])
        made = {path: make(self.site) for path, make in FIXED.items()}
        self.files.prepare(made | {"index.html": empty})

    async def dressed(self) -> Site:
        """The site with what the association says of itself now. Asked for inside a file's lock: of
        two processes that write the same file, the later one says what is newer."""
        return self.site.dressed(await self.store.identity.newest())

    async def write_fixed(self) -> None:
        """What goes by the look alone: stylesheets, icons, and the page for what is not there."""
        for path, make_of in FIXED.items():

            async def make(make_of: Callable[[Site], str | bytes] = make_of) -> str | bytes:
                return make_of(await self.dressed())

            await self.files.project(path, make)

    async def write_around(self, sequence: int) -> None:
        """Every list, feed and sitemap that shows the article with this sequence number."""
        for page in pages_touched(sequence):
            await self.write_numbered_page(page)
        await self.write_sitemap(part_of(sequence, SITEMAP))
        await self._write_newest()
        if begins_sitemap(sequence):
            await self._write_sitemap_index()

    async def write_newest(self) -> None:
        """The lists and feeds of what is newest, and the index of sitemaps."""
        await self._write_newest()
        await self._write_sitemap_index()

    async def _write_sitemap_index(self) -> None:
        await self.files.project("sitemap.xml", self._sitemap_index)

    async def _write_newest(self) -> None:
        await self.files.project("index.html", self._front_page)
        await self.files.project("nyheter/index.html", self._newest_page)
        await self.files.project("feed.atom", self._atom)
        await self.files.project("feed.json", self._json_feed)

    async def write_exercises(self) -> None:
        """The feeds of exercises and tests."""
        folder = feeds.EXERCISES.strip("/")
        await self.files.project(f"{folder}/feed.atom", self._exercises_atom)
        await self.files.project(f"{folder}/feed.json", self._exercises_json)

    async def write_of_the_day(self) -> None:
        """What also changes with the day."""
        await self.files.project("index.html", self._front_page)
        await self.write_cap_index()
        await self.write_all_previews()

    async def body_of(self, revision: Revision, sizes: Mapping[str, PictureSizes]) -> Markup | None:
        """The body that its page will show, for `write_article`; None if there will be no page.
        `sizes` is what there is of its pictures, by name. Raises GaveUp as `_page` does."""
        if is_gone(revision):
            return None
        weight = weigh(revision.article.body)
        return await self.children.run(weight, _PAGE_SECONDS, pages.article_body, revision, sizes)

    async def write_article(self, revision: Revision, body: Markup | None = None) -> None:
        """The page of the article that this is a revision of, as its newest revision has it. `body`
        is the one of `revision`, if it is made already: it is shown if it still is the newest.

        Of withdrawn news there is only a file that stands for 410 (Gone) to the web server.
        """
        folder = revision.path.strip("/")
        made = (body or "").encode()

        async def make() -> str | None:
            [state] = await self.store.pages.of([revision.id])
            if is_gone(state.revision):
                return None
            newest = pages.kept_body_of(made, state.revision, state.sizes) if made else None
            return await self._page(**page_parts(state), body=newest)

        async def make_gone() -> str | None:
            newest = await self.store.newest_revision(revision.id)
            return pages.gone_page(await self.dressed(), newest) if is_gone(newest) else None

        await self.write_moved(revision)
        if is_gone(revision):
            await self.files.project(f"{folder}/{GONE}", make_gone, durable=True)
        await self.files.project(f"{folder}/index.html", make, durable=True)

    async def write_moved(self, revision: Revision) -> None:
        """Lead the article's old addresses to its page, which never moves. If there is a page now,
        it is shown, whatever stood there before. An address that cannot be there is passed over and
        told in the log: the page goes on."""

        async def make() -> str:
            return f"{revision.path}\n"

        async def make_none() -> None:
            pass

        for path in revision.moved_from:
            there = f"{path.strip('/')}/{MOVED}"
            leads_on = self.files.holds(there, revision.path.encode())
            try:
                old_path(path)  # kept before this was refused, it would be in a page's way
                if f"{path}/" != revision.path and not leads_on:
                    await self.files.project(there, make, durable=True)
            except (ValueError, InTheWay):
                log.get("render").error("old_address_not_led_on", article=revision.id, path=path)
                if leads_on:  # written before it was refused
                    await self.files.project(there, make_none, durable=True)

    async def or_go_on(self, article: str, writing: Coroutine[None, None, None]) -> None:
        """Write a page of `article` for the sake of others. They go on if it cannot be made."""
        try:
            await writing
            self.not_made.discard(article)
        except (GaveUp, ChildDied) as error:
            self.tell_not_made(article, error)

    async def or_pass_over(self, article: str, writing: Coroutine[None, None, None]) -> None:
        """As `or_go_on`, whatever is wrong with the article. Raises only what is the surroundings'
        fault: that passes, and then it can be written."""
        try:
            await writing
            self.not_made.discard(article)
        except AROUND:
            raise
        except Exception as error:
            self.tell_not_made(article, error)

    def tell_not_made(self, article: str, error: Exception) -> None:
        """A page of `article` cannot be made, because of `error`. Health says so until it is
        made."""
        if article not in self.not_made:
            cause = type(error).__name__
            log.get("render").error("page_not_made", article=article, cause=cause)
        self.not_made.add(article)

    async def _page(
        self,
        revision: Revision,
        others: Sequence[Teaser],
        *,
        body: Markup | None = None,
        **beside: Any,
    ) -> str:
        """The article's page. Raises GaveUp if it takes too long, which makes its event a dead
        letter: nothing that somebody wrote may stop the pages of others."""
        return await self.children.run(
            weight_of(revision) if body is None else _weight_around(revision),
            _PAGE_SECONDS,
            pages.article_page,
            await self.dressed(),
            revision,
            others,
            body=body,
            today=self.today(),
            **beside,
        )

    async def write_alert(self, article: str, revisions: Sequence[int]) -> None:
        """The CAP messages of these revisions of an alert, and the index of those that hold."""
        await self.write_cap(article, revisions)
        await self.write_cap_index()

    async def write_cap(self, article: str, revisions: Sequence[int]) -> None:
        """The CAP messages of these revisions of an alert."""
        for number in revisions:
            await self._write_cap(article, number)

    async def write_cap_index(self) -> None:
        await self.files.project("varsler/feed.atom", self._cap_index)

    async def _write_cap(self, article: str, number: int) -> None:
        revision = await self.store.alert_revision(article, number)
        await self.show_cap(revision)
        await self.settle_cap(revision)

    async def show_cap(self, revision: Revision) -> None:
        """Write the CAP message of `revision`, if it is an alert. It survives no power cut before
        `settle_cap`. It is made of this revision alone, so it is right whatever Redis has."""

        async def make() -> str:
            return cap_xml(await self.dressed(), revision)

        if revision.article.alert:
            await self.files.project(_cap_file(revision), make)

    async def settle_cap(self, revision: Revision) -> None:
        """The CAP message that was shown survives a power cut from when this returns."""
        if revision.article.alert:
            await self.files.settle(_cap_file(revision))

    async def write_all_previews(self) -> None:
        """Write the previews of each article that waits for approval or is being written, and none
        that have ended."""
        articles = {
            *await self.store.previews.articles(),
            *await self.store.sketches.articles(),
        }
        for article in sorted(articles):
            # By a name of its own: its page may not be made though its previews are.
            await self.or_pass_over(f"{article}/{PREVIEWS}", self.write_previews(article))

    async def write_previews(self, article: str) -> None:
        """The page of the article's revision that waits for approval and of what is being written,
        if any, and no other."""
        store = self.store
        await self._write_kind(article, store.previews, store.preview, "")
        await self._write_kind(article, store.sketches, store.sketch, f"/{PAPER}", "")

    async def _write_kind(
        self, article: str, kept: Previews, find: FindPreview, *folders: str
    ) -> None:
        """Write or remove the previews of one kind. Of `folders` the outer one comes last, so that
        it can go."""
        ended = []
        for token in await kept.tokens(article):
            for folder in folders:
                is_seen = await self._write_preview(article, token, find, folder)
            if not is_seen:
                ended.append(token)
        if ended:
            await kept.forget(article, ended)

    async def _write_preview(
        self, article: str, token: str, find: FindPreview, folder: str
    ) -> bool:
        """Whether the preview is to be seen."""

        async def make() -> str | None:
            shown = await find(article, self.today())
            if shown is None or shown.token != token:
                return None
            newest = await self.store.newest(RELATED)
            return await self._page(shown.revision, newest, preview=True, as_printed=bool(folder))

        path = f"{PREVIEWS}/{token}{folder}/index.html"
        return await self.files.project(path, make, durable=True)

    async def write_seals(self) -> None:
        """The page of the audit trail, and its roots for machines."""

        async def make() -> str:
            return pages.audit_page(await self.dressed(), await self.store.seals.all())

        async def make_roots() -> str:
            return pages.audit_roots(await self.store.seals.all())

        await self.files.project("revisjonsspor/index.html", make)
        await self.files.project("revisjonsspor/rot.json", make_roots)

    async def write_numbered_page(self, page: int) -> None:
        async def make() -> str:
            teasers = await self.store.listed(*sequences(page, PAGE))
            published = await self.store.published()
            return pages.numbered_page(await self.dressed(), page, teasers, published)

        await self.files.project(f"nyheter/side/{page}/index.html", make)

    async def write_sitemap(self, part: int | str) -> None:
        async def make() -> str:
            return feeds.sitemap(await self.dressed(), await self.store.sitemap(part))

        await self.files.project(f"sitemap-{part}.xml", make)

    async def _front_page(self) -> str:
        newest = await self.store.newest(pages.FRONT_PAGE)
        return pages.front_page(await self.dressed(), newest, await self.store.valid(self.today()))

    async def _newest_page(self) -> str:
        newest = await self.store.newest(PAGE)
        published = await self.store.published()
        older = older_than_newest(published)
        if older and [teaser.id for teaser in newest] != await self.store.latest(PAGE):
            # Some bear an older date than their number says: those are on the last pages.
            older = part_of(published, PAGE)
        return pages.newest_page(await self.dressed(), newest, older)

    async def _atom(self) -> str:
        return feeds.atom(await self.dressed(), await self.store.changed(feeds.ENTRIES))

    async def _json_feed(self) -> str:
        return feeds.json_feed(await self.dressed(), await self.store.changed(feeds.ENTRIES))

    async def _exercises_atom(self) -> str:
        newest = await self.store.exercises(feeds.ENTRIES)
        return feeds.exercises_atom(await self.dressed(), newest)

    async def _exercises_json(self) -> str:
        newest = await self.store.exercises(feeds.ENTRIES)
        return feeds.exercises_json(await self.dressed(), newest)

    async def _cap_index(self) -> str:
        valid = await self.store.valid(self.today())
        return feeds.cap_index(await self.dressed(), valid, await self.store.alerts_changed())

    async def _sitemap_index(self) -> str:
        return feeds.sitemap_index(
            await self.dressed(), part_of(await self.store.published(), SITEMAP)
        )
