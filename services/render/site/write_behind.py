"""Writes what is marked to be written again, behind what happens: nobody waits for it.

A mark goes once its files are on disk, unless it was set again meanwhile. So a crash loses nothing:
whoever starts next finds it.
"""

import asyncio
from collections.abc import Awaitable, Sequence

from redis.exceptions import RedisError

from services.render.site.write_found import FoundWriter
from shared import log
from shared.bus import Surroundings, tasks

_log = log.get("render")
_RETRY_SECONDS = 2.0
"""Until it is tried again, after Redis or the disk did not let it be."""
_PICTURES = 20
"""Pictures that are drawn before it is looked again what is marked."""


def _is_picture(mark: tuple[str, int]) -> bool:
    return mark[0].startswith("picture ")


class WriteBehind:
    def __init__(self, found: FoundWriter) -> None:
        self.found = found
        self._task: asyncio.Task[None] | None = None
        self._again = False
        self._failed: set[str] = set()
        self._turn = asyncio.Lock()

    def problems(self) -> list[str]:
        return [f"not written: {mark}" for mark in sorted(self._failed)]

    def wake(self) -> None:
        """Something was marked, or may have been."""
        self._again = True
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._write())

    async def close(self) -> None:
        """End it. What is not written stays marked."""
        if self._task:
            await tasks.end([self._task])

    async def _write(self) -> None:
        while self._again:
            self._again = False
            try:
                await self.write_marked()
            except (Surroundings, RedisError, OSError) as error:
                _log.warning("writing_behind_waits", reason=type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
                self._again = True
            except Exception as error:
                _log.error("not_written_behind", mark="", cause=type(error).__name__)

    async def write_marked(self, *, pictures: bool = True) -> None:
        """Write all that is marked, until nothing is; without `pictures` all but those, which take
        longest. What cannot be written is left marked, and the others go on. If somebody else does
        so meanwhile, each mark is one's or the other's."""
        tried: set[str] = set()
        while True:
            async with self._turn:  # each looks at what the other has left
                marks = await self._next(tried, pictures=pictures)
                if not marks:
                    break
                tried |= await self._write_these(marks)
        self._failed = tried

    async def _next(self, tried: set[str], *, pictures: bool) -> list[tuple[str, int]]:
        """Some marks that were not tried, the oldest first; if none is left but pictures, a few of
        them: what is marked meanwhile comes before the rest."""
        drawn: list[tuple[str, int]] = []
        last = 0
        while some := await self.found.writer.store.dated.marks(last):
            last = some[-1][1]
            left = [one for one in some if one[0] not in tried]
            if others := [one for one in left if not _is_picture(one)]:
                return others
            drawn = [*drawn, *left][:_PICTURES]
        return drawn if pictures else []

    async def _write_these(self, marks: Sequence[tuple[str, int]]) -> set[str]:
        """The marks of which something could not be written. Pages that several marks ask for are
        written once, after the lists."""
        failed: set[str] = set()
        pages: dict[str, set[str]] = {}
        for mark, _ in marks:
            kind, *about = mark.split(" ")
            if not await self._tried(mark, self._do(kind, about, pages.setdefault(mark, set()))):
                failed.add(mark)
        for page in sorted(set().union(*pages.values())):
            asking = [mark for mark, wanted in pages.items() if page in wanted]
            if not await self._tried(asking[0], self.found.write_pages([page])):
                failed.update(asking)
        for mark, number in marks:
            if mark not in failed:
                await self.found.writer.store.dated.forget(mark, number)
        return failed

    async def _do(self, kind: str, about: list[str], pages: set[str]) -> None:
        """What a mark stands for; articles whose pages it asks for come into `pages`."""
        found, dated = self.found, self.found.writer.store.dated
        match kind, about:
            case "list", [name]:
                await found.write_list(name)
            case "around", [name, order]:
                pages.update(await found.pages_near(name, int(order)))
            case "page", [article]:
                pages.add(article)
            case "article", [article]:
                await found.match_subjects(article)
                pages.update(await found.pages_showing(article))
                await found.write_share_picture(article)
            case "match", [article]:
                await found.match_subjects(article)
            case "sitemap", [part]:
                await found.writer.write_sitemap(part)
            case "picture", [article]:
                await found.write_share_picture(article)
            case "sizes", [article]:
                pages.add(article)
                await found.write_lists_with(article)
            case "subjects", []:
                await dated.mark(*await found.subjects_changed())
            case _:
                raise ValueError(f"no mark: {kind}")

    @staticmethod
    async def _tried(mark: str, work: Awaitable[None]) -> bool:
        """Whether it was done. The surroundings' faults are raised: they are no fault of the
        mark."""
        try:
            await work
        except (Surroundings, RedisError, OSError):
            raise
        except Exception as error:
            _log.error("not_written_behind", mark=mark, cause=type(error).__name__)
            return False
        return True
