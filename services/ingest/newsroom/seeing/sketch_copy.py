"""Flow: a working copy is sketched. Render and notify are asked for the page and the mail."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from services.ingest.desk.judge import CopyRemark
from services.ingest.desk.open_copy import OpenedCopy
from services.ingest.desk.shape import Fields
from services.ingest.desk.store import WorkingCopy
from services.ingest.newsroom.desk import words
from services.ingest.newsroom.desk.desk_parts import DeskParts
from services.ingest.newsroom.seeing.placeholders import told_change, whole_article
from services.ingest.people.person import Person
from services.ingest.problems import unavailable
from services.ingest.sketches.store import Sketch, Sketches
from shared.article import Article, Lang, Picture
from shared.child.children import ChildDied, GaveUp, weigh
from shared.event_data import Preview
from shared.events import ArticleSketched
from shared.oslo import oslo_today
from shared.revision import Revision, content_sha256
from shared.trace import new_traceparent

_SECONDS = 5.0
"""A usual text of the greatest length takes a tenth of a second."""
_SLUG = "utkast"


@dataclass(frozen=True)
class SketchCopy:
    desk: DeskParts
    sketches: Sketches

    async def __call__(self, opened: OpenedCopy, person: Person, lang: Lang = "nb") -> None:
        """Ask for what `person` would see of what was opened, with what is missing said in `lang`.
        Nothing is asked twice. Problem 503 if the text takes too long to read."""
        copy = opened.copy
        # Of a long text each takes a tenth of a second of a child.
        judged, (article, addresses) = await asyncio.gather(
            self.desk.judge(opened, copy.fields, person.id), self._whole(copy.fields, lang)
        )
        pictures = await self.desk.parts.save_picture.pictures.find(person.id, addresses)
        if opened.stored:
            pictures = opened.stored.head.pictures | pictures
        used = {address: pictures[address] for address in addresses if address in pictures}
        revision = _revision(opened, article, used, lang)
        lacks = [f"{_named(one)}: {words.plain(one.message)}" for one in judged.missing]
        await self.sketches.begin(_event(revision), version_of(copy), list(dict.fromkeys(lacks)))

    async def _whole(self, fields: Fields, lang: Lang) -> tuple[Article, list[str]]:
        try:
            return await self.desk.parts.children.run(
                weigh(str(fields["body"])), _SECONDS, whole_article, fields, oslo_today(), lang
            )
        except (GaveUp, ChildDied):
            raise unavailable(
                "Teksten tar for lang tid å vise nå. Den er lagret; prøv igjen om litt."
            ) from None


async def end_sketch(sketches: Sketches, opened: OpenedCopy) -> None:
    """What was typed is thrown away, and its page with it: a page without a word of it takes its
    place, at an address that nobody is told."""
    if await sketches.of(opened.copy.id):
        nothing, _ = whole_article({}, oslo_today())
        await sketches.begin(_event(_revision(opened, nothing, {})), "", [])
        await sketches.forget(opened.copy.id)


def _event(revision: Revision) -> ArticleSketched:
    return ArticleSketched(
        id=f"{revision.id}.{revision.revision}.article.sketched.{revision.sha256[:16]}",
        source="/varsel/ingest",
        subject=revision.id,
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=Preview(revision=revision, token=secrets.token_hex(16)),
    )


def _named(missing: CopyRemark) -> str:
    path = missing.place.name or missing.path
    try:
        return words.named(path)
    except KeyError:
        return path


def version_of(copy: WorkingCopy) -> str:
    """Names the text of a working copy, and of a revision if nothing was typed since."""
    return f"{copy.version}-{copy.base}"


def shows(sketch: Sketch | None, copy: WorkingCopy) -> bool:
    """Whether the sketch is of the text as it is now."""
    return sketch is not None and sketch.version == version_of(copy)


def _revision(
    opened: OpenedCopy, article: Article, pictures: dict[str, Picture], lang: Lang = "nb"
) -> Revision:
    """The revision that this text would be if it were published now."""
    copy, life = opened.copy, opened.life
    change = told_change(copy.fields, lang) if opened.is_live else None
    published = life.published_at if life else None
    history = life.history if life else ()
    return Revision(
        id=copy.id,
        revision=life.next_revision if life else 1,
        slug=life.slug if life else _SLUG,
        sha256=content_sha256(article, pictures, change),
        published_at=published or copy.at,
        revised_at=copy.at if history else None,
        article=article,
        pictures=pictures,
        change=change,
        history=history,
    )
