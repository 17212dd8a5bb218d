"""All that articles' pages are made of, read from Redis for many at once: in three calls, for one
article as for a hundred; in one more if some are about subjects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redis.asyncio import Redis

from services.render.articles.dated import DatedLists
from services.render.articles.lists import SAME, SUBJECT, related
from services.render.articles.reads import Reads
from services.render.articles.sizes import reading, sizes_in
from services.render.articles.teaser import Teaser
from services.render.articles.teasers import ARTICLE, Teasers
from services.render.subjects.store import SubjectStore
from shared.compact import json_of
from shared.picture_files import PictureSizes
from shared.revision import Revision
from shared.subject import Subject


@dataclass(frozen=True)
class PageState:
    """What the page of an article is made of."""

    revision: Revision
    """The newest one."""
    others: Sequence[Teaser]
    """The related articles to show under it; none if no list has it."""
    subjects: Sequence[Subject]
    """What its alert is about, of the subjects that there are."""
    translations: Sequence[Teaser]
    """The listed articles that say the same in another language."""
    sizes: Mapping[str, PictureSizes]
    """What there is of pictures beside their files, by name: its own are among them."""


@dataclass(frozen=True)
class _ListPlace:
    """An article as it is stored, and where it stands in the lists that go by date."""

    revision: Revision
    order: int
    lists: Sequence[str]

    @property
    def original(self) -> str:
        """The id of the article that it is a translation of, or its own."""
        same = (name.removeprefix(SAME) for name in self.lists if name.startswith(SAME))
        return next(same, self.revision.id)

    @property
    def subjects(self) -> list[str]:
        return [name.removeprefix(SUBJECT) for name in self.lists if name.startswith(SUBJECT)]


class PageStates:
    """The methods raise redis-py's errors."""

    def __init__(
        self,
        redis: Redis,
        dated: DatedLists,
        subjects: SubjectStore,
        teasers: Teasers,
    ) -> None:
        self._reads = Reads(redis)
        self._teasers = teasers
        self._dated = dated
        self._subjects = subjects
        self._kept: tuple[bytes, Revision] | None = None

    def remember(self, data: bytes, revision: Revision) -> None:
        """`revision` was just kept as `data`. Its page is made next, and it takes a millisecond to
        read it again."""
        self._kept = data, revision

    async def of(self, articles: Sequence[str]) -> list[PageState]:
        """The states of those `articles` that were published, in this order."""
        places = await self._places(articles)
        near, same, pictures = await self._dated.near_each(
            [(one.lists, one.order, SAME + one.original) for one in places],
            *reading(p.name for one in places for p in one.revision.pictures.values()),
        )
        shown = [related(found) for found in near]
        alike = [
            [other for other in (one.original, *found) if other != one.revision.id]
            for one, found in zip(places, same, strict=True)
        ]
        teasers = await self._teasers.of({id_ for ids in (*shown, *alike) for id_ in ids})
        about = {id_ for one in places for id_ in one.subjects}
        subjects = {one.id: one for one in await self._subjects.some(sorted(about))}
        sizes = sizes_in(pictures)
        return [
            PageState(
                place.revision,
                [teasers[id_] for id_ in shown[at] if id_ in teasers],
                [subjects[id_] for id_ in place.subjects if id_ in subjects],
                [t for id_ in alike[at] if (t := teasers.get(id_)) and t.listed],
                sizes,
            )
            for at, place in enumerate(places)
        ]

    async def _places(self, articles: Sequence[str]) -> list[_ListPlace]:
        fields = ("data", "order", "topics", "subjects")
        found = await self._reads.all([("HMGET", ARTICLE + one, *fields) for one in articles])
        return [
            _ListPlace(
                self._read(data),
                int(order or 0),
                [name.decode() for text in names for name in (text or b"").split()],
            )
            for data, order, *names in found
            if data
        ]

    def _read(self, data: bytes) -> Revision:
        if self._kept and self._kept[0] == data:
            return self._kept[1]
        return Revision.model_validate_json(json_of(data))
