"""Writes the pages and feeds by which articles are found, and what else follows from a revision
beside its own page; each reads the newest state inside its lock.

All of it is marked in Redis until it is written (dated.py), so it may come after the page was told
to be there. It survives a power cut, since the mark then goes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from services.render.articles.listing import SITEMAP, pages_touched, part_of
from services.render.articles.lists import ALERTS, SAME, SUBJECT, TOPIC, subject_list, wording
from services.render.articles.teaser import Teaser
from services.render.feeds import feeds
from services.render.pages import found
from services.render.pages.share_picture import SharePicture, draw, share_picture_path
from services.render.site.write_site import SiteWriter
from services.render.subjects.paths import has_page, medicine_path
from shared.subject import Subject
from shared.subjects.match import KnownNames

Make = Callable[[], Awaitable[str | None]]
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a page changed that nothing stands on yet."""
_LOOKED_THROUGH = 200
"""Alerts, newest first, among which those that hold no longer are looked for."""


@dataclass
class _Known:
    """The subjects of one version, with their names as alerts are matched to them."""

    version: int
    subjects: dict[str, Subject]
    names: KnownNames


@dataclass
class FoundWriter:
    writer: SiteWriter
    _known: _Known | None = field(default=None, init=False)

    async def write_list(self, name: str) -> None:
        """The page, the feed and the place in the sitemap of a list."""
        if name.startswith(TOPIC):
            await self._write_topic(name)
        elif name.startswith(SUBJECT):
            await self._write_medicine(name)
        elif name == ALERTS:
            await self._write_alerts()

    async def write_lists_with(self, article: str) -> None:
        """The lists that show the article with a picture."""
        store = self.writer.store
        if not await store.is_known(article):
            return
        for page in pages_touched(await store.sequence(article)):
            await self.writer.write_numbered_page(page)
        await self.writer.write_newest()
        for name in (await store.lists_of(article))[1]:
            if name.startswith(TOPIC):
                await self._write_topic(name)

    async def pages_near(self, name: str, order: int) -> list[str]:
        """The articles on whose pages may stand what is, or was, at a place in a list."""
        store = self.writer.store
        if name.startswith(SAME):
            root = name.removeprefix(SAME)
            return [root, *await store.dated.oldest_first(name)]
        return await store.dated.shows(name, order)

    async def pages_showing(self, article: str) -> list[str]:
        """The articles on whose pages `article` stands."""
        order, names = await self.writer.store.lists_of(article)
        names.append(SAME + article)
        near = {one for name in names for one in await self.pages_near(name, order)} - {article}
        return [one for one in sorted(near) if await self._shows(one, article)]

    async def _shows(self, page: str, article: str) -> bool:
        """Whether `article` is related to that of the page, or a translation of it."""
        return any(
            one.id == article
            for state in await self.writer.store.pages.of([page])
            for one in (*state.others, *state.translations)
        )

    async def write_pages(self, articles: Iterable[str]) -> None:
        """The pages of these articles, of those that were published."""
        for article in articles:
            if await self.writer.store.is_known(article):
                revision = await self.writer.store.newest_revision(article)
                await self.writer.or_go_on(article, self.writer.write_article(revision))

    async def match_subjects(self, article: str) -> None:
        """Put an alert into the lists of the subjects that it is about now."""
        revision = await self.writer.store.newest_revision(article)
        if revision.article.alert is None:
            return
        known = await self._subjects()
        about = known.names.match(revision.article.alert).about
        await self.writer.store.place_subjects(revision, about, known.version)

    async def subjects_changed(self) -> list[str]:
        """The marks of what follows from a change of the list of subjects."""
        dated = self.writer.store.dated
        known = await self._subjects()
        written = await self.writer.store.sitemap(feeds.SITEMAP_OF_PAGES)
        paths = {medicine_path(one): one for one in known.subjects}
        gone = [path.strip("/").rpartition("/")[2] for path in written if path not in paths]
        lists = [subject_list(one) for one in (*known.subjects, *gone)]
        alerts = await dated.oldest_first(ALERTS)
        return [*(f"match {one}" for one in alerts), *(f"list {name}" for name in (*lists, ALERTS))]

    async def day_changed(self, written: date | None, today: date) -> list[str]:
        """The marks of what depends on the day: lists of alerts, and the pages of alerts whose last
        day has passed since all of them were `written` by this process, or by any. (Or has not
        passed yet, if a clock was set back.)

        By both, since clocks differ: the machine whose day begins last also writes last.
        """
        noted = await self.writer.store.day()
        days = [day for day in (written, noted) if day] or [date.min]
        ended = await self.writer.store.ended(min(*days, today), max(*days, today))
        known = await self._subjects()
        lists = [f"list {name}" for name in (ALERTS, *map(subject_list, known.subjects))]
        return [*lists, *(f"page {article}" for article in ended)]

    async def topics(self) -> list[str]:
        """The marks of all topics' pages."""
        return [f"list {name}" for name in await self.writer.store.dated.known()]

    async def write_share_picture(self, article: str) -> None:
        """The picture of the article's newest revision, unless it is drawn already."""
        writer = self.writer
        revision = await writer.store.newest_revision(article)
        path = share_picture_path(revision).strip("/")

        async def make() -> bytes | None:
            newest = await writer.store.newest_revision(article)
            if not Teaser.of(newest).listed:
                return None
            return await asyncio.to_thread(draw, SharePicture.of(await writer.dressed(), newest))

        if not writer.files.holds(path, SharePicture.of(await writer.dressed(), revision).mark):
            await writer.files.project(path, make, durable=True)

    async def _write_topic(self, name: str) -> None:
        slug, store = name.removeprefix(TOPIC), self.writer.store
        path = found.topic_path(slug)

        async def make() -> str | None:
            newest = await store.in_list(name, found.SHOWN)
            if not newest:
                return None
            count = await store.dated.count(name)
            return found.topic_page(
                await self.writer.dressed(), slug, _wording(slug, newest), newest, count
            )

        async def make_feed() -> str | None:
            newest = await store.in_list(name, 1)
            if not newest:
                return None
            changed = await store.in_feed(name)
            return feeds.atom(
                await self.writer.dressed(), changed, about=_wording(slug, newest), page=path
            )

        await self._project(path, make, make_feed)
        part = await store.dated.sitemap_of(name, part_of(await store.published(), SITEMAP))
        await self._put_in_sitemap(part, path, name)

    async def _write_medicine(self, name: str) -> None:
        id_, store = name.removeprefix(SUBJECT), self.writer.store
        path = medicine_path(id_)

        async def make() -> str | None:
            known = await self._subjects()
            subject = known.subjects.get(id_)
            if subject is None:
                return None
            names = known.names
            of = found.OfMedicine(
                subject, _of(known, names.classes_of(id_)), _of(known, names.members_of(id_))
            )
            newest = await store.in_list(name, _LOOKED_THROUGH)
            count = await store.dated.count(name)
            return found.medicine_page(
                await self.writer.dressed(), of, newest, count, self.writer.today()
            )

        async def make_feed() -> str | None:
            subject = (await self._subjects()).subjects.get(id_)
            if subject is None:
                return None
            site = await self.writer.dressed()
            about = subject.called(site.lang)
            return feeds.atom(site, await store.in_feed(name), about=about, page=path)

        await self._project(path, make, make_feed)
        await self._put_in_sitemap(feeds.SITEMAP_OF_PAGES, path, name)

    async def _write_alerts(self) -> None:
        store = self.writer.store

        async def make() -> str:
            day = self.writer.today()
            newest = await store.in_list(ALERTS, _LOOKED_THROUGH)
            known = await self._subjects()
            medicines = list(known.subjects.values())
            return found.alerts_page(
                await self.writer.dressed(), await store.valid(day), newest, medicines, day
            )

        await self.writer.files.project("varsler/index.html", make, durable=True)
        await self._put_in_sitemap(feeds.SITEMAP_OF_PAGES, "/varsler/", ALERTS)

    async def _project(self, path: str, make: Make, make_feed: Make) -> None:
        folder = path.strip("/")
        await self.writer.files.project(f"{folder}/index.html", make, durable=True)
        await self.writer.files.project(f"{folder}/feed.atom", make_feed, durable=True)

    async def _put_in_sitemap(self, part: int | str, path: str, name: str) -> None:
        """A page changed with what changed last in its list; it is gone if it has no file."""
        store = self.writer.store
        changed = await store.in_feed(name) or await store.in_list(name, found.SHOWN)
        there = self.writer.files.holds(f"{path.strip('/')}/index.html", b"")
        at = max((teaser.updated_at for teaser in changed), default=_NEVER)
        await store.put_in_sitemap(str(part), path, at if there else None)
        await store.dated.mark(f"sitemap {part}")  # once for several lists

    async def _subjects(self) -> _Known:
        """The subjects that have pages, read again if any has changed."""
        store = self.writer.store.subjects
        version = await store.version()
        if self._known is None or self._known.version != version:
            subjects = await store.all()
            with_page = {one.id: one for one in subjects if has_page(one)}
            self._known = _Known(version, with_page, KnownNames(subjects))
        return self._known


def _of(known: _Known, ids: Iterable[str]) -> list[Subject]:
    """These subjects in the order of the list."""
    wanted = set(ids)
    return [subject for id_, subject in known.subjects.items() if id_ in wanted]


def _wording(slug: str, newest: list[Teaser]) -> str:
    """A topic as the newest article about it writes it."""
    return next(filter(None, (wording(slug, teaser.topics) for teaser in newest)), slug)
