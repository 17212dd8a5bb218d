"""The articles in Redis: `ingest:article:{id}`, and who was first with a content and a slug."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from redis.asyncio import Redis

from services.ingest.idempotency import KEEP_SECONDS, Claim
from shared.article import Article, Picture
from shared.bus import lua
from shared.bus.streams import text
from shared.events import ArticlePublished
from shared.revision import Revision

Status = Literal["published", "in_review", "draft"]

_CONTENTS = "ingest:contents"
_SLUGS = "ingest:slugs"


@dataclass(frozen=True)
class Stored:
    """An article as it is kept."""

    id: str
    slug: str
    revision: int
    status: Status
    created_at: datetime
    published_at: datetime | None
    article: Article
    pictures: dict[str, Picture]


@dataclass(frozen=True)
class Submit:
    """All that one call of submit.lua writes. `revision.slug` is a placeholder."""

    revision: Revision
    status: Status
    wanted_slug: str
    event: ArticlePublished | None
    answer: str
    """What the client is answered, with the placeholder where the slug belongs."""
    claim: Claim | None


@dataclass(frozen=True)
class Outcome:
    """Of a submission: `detail` is the slug where `done`, the first article's id where `same`."""

    kind: Literal["done", "same", "in_flight"]
    detail: str


class Articles:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._submit = lua.load(redis, Path(__file__).parent / "submit.lua")

    async def submit(self, new: Submit) -> Outcome:
        """Store an article and emit its event, in one step that may safely be sent again."""
        revision, claim = new.revision, new.claim
        keys = [_key(revision.id), _CONTENTS, _SLUGS, "articles"]
        # What waits, as a draft or in review, may still be published: only the same kind of post
        # is a repeat.
        waits = "" if new.status == "published" else f"{new.status}:"
        content = waits + revision.sha256
        kind, *detail = await self._submit(
            keys=[*keys, claim.record] if claim else keys,
            args=[
                revision.id,
                new.wanted_slug,
                revision.slug,
                content,
                lua.fields(new.event) if new.event else "",
                claim.marker if claim else "",
                claim.answered(new.answer) if claim else "",
                KEEP_SECONDS,
                *_fields(new),
            ],
        )
        return Outcome(kind.decode(), detail[0].decode() if detail else "")

    async def find(self, article_id: str) -> Stored | None:
        record = await self._redis.hgetall(_key(article_id))
        if not record:
            return None
        fields = {text(name): text(value) for name, value in record.items()}
        published = fields.get("published_at")
        return Stored(
            id=article_id,
            slug=fields["slug"],
            revision=int(fields["revision"]),
            status=fields["status"],  # type: ignore[arg-type]
            created_at=datetime.fromisoformat(fields["created_at"]),
            published_at=datetime.fromisoformat(published) if published else None,
            article=Article.model_validate_json(fields["article"]),
            pictures={
                address: Picture.model_validate(picture)
                for address, picture in json.loads(fields["pictures"]).items()
            },
        )


def page_path(slug: str) -> str:
    """The path of an article's page, as `Revision.path` has it."""
    return f"/nyheter/{slug}/"


def _key(article_id: str) -> str:
    return f"ingest:article:{article_id}"


def _fields(new: Submit) -> list[str | int]:
    revision = new.revision
    pictures = {address: picture.model_dump() for address, picture in revision.pictures.items()}
    fields: dict[str, str | int] = {
        "revision": revision.revision,
        "status": new.status,
        "sha256": revision.sha256,
        "created_at": datetime.now(UTC).isoformat(),
        "article": revision.article.model_dump_json(),
        "pictures": json.dumps(pictures),
    }
    if new.event:
        fields["published_at"] = revision.published_at.isoformat()
    return [part for pair in fields.items() for part in pair]
