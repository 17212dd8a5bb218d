"""Opens what is to be written on: the working copy of an article, or one made of its newest
revision."""

import json
from dataclasses import dataclass, replace

from services.ingest.desk.from_article import from_article
from services.ingest.desk.shape import Fields
from services.ingest.desk.store import Desk, WorkingCopy
from services.ingest.desk.to_submission import to_json
from services.ingest.lifecycle.life import Life, StoredRevision
from services.ingest.lifecycle.plan import StoredArticle
from services.ingest.lifecycle.store import Articles


@dataclass(frozen=True)
class OpenedCopy:
    """What somebody may write on."""

    copy: WorkingCopy
    """Of version 0 and without writers if nothing was typed since the newest revision."""
    stored: StoredArticle | None
    """The article; None if it was never submitted."""

    @property
    def life(self) -> Life | None:
        return self.stored.life if self.stored else None

    @property
    def is_typed(self) -> bool:
        """Whether there is something in it that is no revision."""
        return self.copy.version > 0

    @property
    def is_behind(self) -> bool:
        """Whether a revision was saved, by command or in another window, since this text began."""
        return self.life is not None and self.copy.base != self.life.revision

    @property
    def is_live(self) -> bool:
        """Whether readers see a revision of it."""
        return self.life is not None and self.life.live is not None


@dataclass(frozen=True)
class OpenCopy:
    desk: Desk
    articles: Articles

    async def __call__(self, article: str) -> OpenedCopy | None:
        """The working copy of an article; None if there is neither one nor an article."""
        copy = await self.desk.find(article)
        stored = await self.articles.find(article)
        if stored is None:
            return OpenedCopy(copy, None) if copy else None
        fresh = of_revision(stored)
        # A copy that was submitted is removed last: of the same content, nothing is left to write.
        if copy is None or (copy.base != fresh.base and same(copy.fields, fresh.fields)):
            return OpenedCopy(fresh if copy is None else _emptied(copy, fresh), stored)
        return OpenedCopy(copy, stored)


def of_revision(stored: StoredArticle) -> WorkingCopy:
    """The newest revision as something to write on."""
    life, head = stored.life, stored.head
    return WorkingCopy(
        id=life.id,
        version=0,
        fields=fields_of(life, head),
        names={},
        by="",
        at=head.at,
        base=life.revision,
    )


def fields_of(life: Life, head: StoredRevision) -> Fields:
    """The form's fields of the newest revision. What was told of its change is part of it until it
    is published; the next one's is another."""
    is_out = life.live == head.revision
    return from_article(
        head.article,
        publish_at=None if is_out else life.publish_at,
        change=None if is_out else head.change,
    )


def same(one: Fields, other: Fields) -> bool:
    """Whether both would be posted as the same; lines around the body are not part of it."""
    return _posted(one) == _posted(other)


def _posted(fields: Fields) -> object:
    posted = json.loads(to_json(fields))
    return posted | {"body": posted.get("body", "").strip("\n")}


def _emptied(copy: WorkingCopy, fresh: WorkingCopy) -> WorkingCopy:
    """The revision's text under the copy's version, so that the next save finds the copy."""
    return replace(copy, fields=fresh.fields, base=fresh.base)
