"""Writes the pages of many articles again, as fast as they can be made.

Those whose files share a lock are read together inside it, so that no file gets older than what
another process has written meanwhile. No file is synced by itself: whoever asks for all of them
does that at the end.

An article that cannot be read or made is passed over and told of: it may not stop the others.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.render.articles.changes import is_gone
from services.render.articles.page_states import PageState
from services.render.articles.teaser import is_listed
from services.render.look.templates import Site
from services.render.pages import pages
from services.render.pages.share_picture import SharePicture, share_picture_path
from services.render.site.precedence import Precedence
from services.render.site.write_site import AROUND, SiteWriter, page_parts, weight_of
from shared.child.children import SHORT

_LIGHT = 4 * SHORT
"""The weight of a page that is made here, in letters: about four milliseconds' work. Others are
made in a child, one at a time."""


_T = TypeVar("_T")


class SpoiltTeaser(Exception):
    """What Redis has of an article for lists cannot be read."""


@dataclass(frozen=True)
class RebuildPages:
    writer: SiteWriter
    precedence: Precedence

    async def write(self, articles: Sequence[str], *, anew: bool = False) -> None:
        """The pages of these articles. What is published meanwhile goes first. Marks the pictures
        that are not drawn as they should be. A body that is the same is taken from the page that
        is there, but not if all is to be made `anew`."""
        store, files = self.writer.store, self.writer.files
        teasers = await store.teasers(articles)
        for one in sorted(store.spoilt.intersection(articles)):
            self.writer.tell_not_made(one, SpoiltTeaser())
        ids = {f"{one.path.strip('/')}/index.html": one.id for one in teasers}
        for paths in files.by_lock(ids):
            await self.precedence.give_way()
            later: list[PageState] = []
            moved: list[PageState] = []
            undrawn: list[str] = []

            async def make(
                paths: Sequence[str] = paths,
                later: list[PageState] = later,
                moved: list[PageState] = moved,
                undrawn: list[str] = undrawn,
            ) -> AsyncIterator[tuple[str, str, bytes]]:
                states = await self._each(store.pages.of, [ids[path] for path in paths])
                site = await self.writer.dressed()
                for state in states:
                    if not self._is_drawn(site, state):
                        undrawn.append(f"picture {state.revision.id}")
                    if state.revision.moved_from:
                        moved.append(state)
                    if is_gone(state.revision):
                        later.append(state)
                        continue
                    path = f"{state.revision.path.strip('/')}/index.html"
                    before = files.read(path)
                    body = None if anew else pages.kept_body_of(before, state.revision, state.sizes)
                    if body is None and weight_of(state.revision) > _LIGHT:
                        later.append(state)
                        continue
                    try:
                        today = self.writer.today()
                        page = pages.article_page(site, **page_parts(state), body=body, today=today)
                    except Exception as error:
                        self.writer.tell_not_made(state.revision.id, error)
                        continue
                    self.writer.not_made.discard(state.revision.id)
                    yield path, page, before
                    await asyncio.sleep(0)  # others have their turn after each page

            await files.project_several(paths, make)
            await store.dated.mark(*undrawn)
            for state in moved:
                await self.writer.write_moved(state.revision)
            for state in later:
                await self.precedence.give_way()
                await self.writer.or_pass_over(
                    state.revision.id, self.writer.write_article(state.revision)
                )

    async def write_alerts(self, articles: Sequence[str]) -> None:
        """The CAP messages of those of these articles that are alerts."""
        for teaser in await self.writer.store.teasers(articles):
            if teaser.severity:
                await self.precedence.give_way()
                await self.writer.or_pass_over(f"{teaser.id}/cap", self._write_alert(teaser.id))

    async def _write_alert(self, article: str) -> None:
        numbers = await self.writer.store.alert_revisions(article)
        await self.writer.write_cap(article, numbers)

    async def _each(
        self, read: Callable[[Sequence[str]], Awaitable[list[_T]]], articles: Sequence[str]
    ) -> list[_T]:
        """What `read` gives of these articles: of all at once if it can, else of each that it can
        read."""
        try:
            return await read(articles)
        except AROUND:
            raise
        except Exception:
            found: list[_T] = []
        for article in articles:
            try:
                found += await read([article])
            except AROUND:
                raise
            except Exception as error:
                self.writer.tell_not_made(article, error)
        return found

    def _is_drawn(self, site: Site, state: PageState) -> bool:
        """Whether its picture is there as it should be; also if it is to have none."""
        revision = state.revision
        if not is_listed(revision):
            return True
        path = share_picture_path(revision).strip("/")
        return self.writer.files.holds(path, SharePicture.of(site, revision).mark)
