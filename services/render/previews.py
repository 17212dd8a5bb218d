"""Revisions that wait for approval, whose pages only they can see who know the address.

| key | holds |
|---|---|
| `render:preview:{article}` | hash: token → the preview, and `emitted:{token}` |
| `render:previews` | the articles that have one |

A preview ends for good when its article gets a later one, or is published at its revision or a
later one, and after 30 days: nothing tells when one was rejected or stopped. It is kept until its
file is removed, so that a crash leaves no page behind.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime
from redis.asyncio import Redis

from services.render.dates import oslo_day
from shared.bus import lua
from shared.events import Preview
from shared.fields import Model

_PREVIEWS = "render:previews"
_EMITTED = "emitted:"
_DAYS = 30
"""A preview that was submitted longer ago has ended."""


class _Kept(Model):
    at: AwareDatetime
    preview: Preview

    @property
    def order(self) -> tuple[int, datetime, str]:
        return self.preview.revision.revision, self.at, self.preview.token

    def ended(self, day: date, *, published: int) -> bool:
        old = (day - oslo_day(self.at)).days > _DAYS
        return old or self.preview.revision.revision <= published


def preview_key(article: str) -> str:
    return f"render:preview:{article}"


def emitted_field(token: str) -> str:
    return _EMITTED + token


class Previews:
    def __init__(self, redis: Redis) -> None:
        here = Path(__file__)
        self._redis = redis
        self._keep = lua.load(redis, here.with_name("store_preview.lua"), lua.Done)
        self._forget = lua.load(redis, here.with_name("forget_previews.lua"), lua.Done)

    async def keep(self, preview: Preview, at: datetime) -> None:
        """Store what was submitted `at` that time."""
        article = preview.revision.id
        kept = _Kept(at=at, preview=preview)
        await self._keep(
            keys={"previews": preview_key(article), "articles": _PREVIEWS},
            args={
                "token": preview.token,
                "preview": kept.model_dump_json(),
                "article": article,
            },
        )

    async def articles(self) -> list[str]:
        """The articles that have, or had, a preview whose file may be there."""
        return sorted(_texts(await self._redis.smembers(_PREVIEWS)))

    async def tokens(self, article: str) -> list[str]:
        """Of all previews of `article` whose files may be there."""
        fields = _texts(await self._redis.hkeys(preview_key(article)))
        return [field for field in fields if not field.startswith(_EMITTED)]

    async def shown(self, article: str, day: date, *, published: int) -> Preview | None:
        """The one to be seen on `day`, where revision `published` of the article is published (0:
        none is)."""
        tokens = await self.tokens(article)
        values = await self._redis.hmget(preview_key(article), tokens) if tokens else []
        kept = [_Kept.model_validate_json(value) for value in values if value]
        newest = max(kept, key=lambda one: one.order, default=None)
        if newest is None or newest.ended(day, published=published):
            return None
        return newest.preview

    async def forget(self, article: str, tokens: Sequence[str]) -> None:
        """Forget previews that have ended, once their files are removed."""
        fields = [*tokens, *map(emitted_field, tokens)]
        await self._forget(
            keys={"previews": preview_key(article), "articles": _PREVIEWS},
            args={"article": article, "fields": fields},
        )


def _texts(reply: Any) -> list[str]:
    return [text.decode() for text in reply]
