"""What is not published, whose pages only they can see who know the address: revisions that wait
for approval, and sketches of what is being written.

| key | holds |
|---|---|
| `render:preview:{article}` | hash: token → the preview, and `emitted:{token}` |
| `render:previews` | the articles that have one |
| `render:sketch:{article}`, `render:sketches` | the same of sketches; `entry`: the last event |

A preview ends for good when its article gets a later one, or is published at its revision or a
later one, and after 30 days: nothing tells when one was rejected or stopped. A sketch ends as well
when its article is submitted, and after a day. Both are kept until their files are removed: a
crash leaves no page behind.
"""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import AwareDatetime
from redis.asyncio import Redis

from services.render.text.dates import oslo_day
from shared.bus import lua
from shared.event_data import Preview
from shared.fields import Model

_EMITTED = "emitted:"
ENTRY = "entry"
"""The field with the stream entry of the last event about a sketch."""


class _KeptPreview(Model):
    at: AwareDatetime
    preview: Preview

    @property
    def order(self) -> tuple[int, datetime, str]:
        return self.preview.revision.revision, self.at, self.preview.token


def emitted_field(token: str) -> str:
    return _EMITTED + token


class Previews:
    """The previews of one kind, in Redis."""

    def __init__(self, redis: Redis, *, key: str, articles: str, days: int) -> None:
        """`key` is that of an article's previews, without its id; `articles` that of all articles
        which have some. A preview that is more than `days` old has ended."""
        here = Path(__file__)
        self._redis = redis
        self._key = key
        self._articles = articles
        self._days = days
        self._keep = lua.load(redis, here.with_name("store_preview.lua"), lua.Done)
        self._forget = lua.load(redis, here.with_name("forget_previews.lua"), lua.Done)

    def key(self, article: str) -> str:
        return f"{self._key}{article}"

    async def keep(self, preview: Preview, at: datetime) -> None:
        """Store what was submitted `at` that time."""
        article = preview.revision.id
        kept = _KeptPreview(at=at, preview=preview)
        await self._keep(
            keys={"previews": self.key(article), "articles": self._articles},
            args={
                "token": preview.token,
                "preview": kept.model_dump_json(),
                "article": article,
            },
        )

    async def articles(self) -> list[str]:
        """The articles that have, or had, a preview whose file may be there."""
        return sorted(_texts(await self._redis.smembers(self._articles)))

    async def tokens(self, article: str) -> list[str]:
        """The tokens of all previews of `article` whose files may be there."""
        fields = _texts(await self._redis.hkeys(self.key(article)))
        return [one for one in fields if not one.startswith(_EMITTED) and one != ENTRY]

    async def shown(self, article: str, day: date, *, passed: int) -> Preview | None:
        """The one to be seen on `day`. Those of revision `passed` and of earlier ones have
        ended."""
        tokens = await self.tokens(article)
        values = await self._redis.hmget(self.key(article), tokens) if tokens else []
        kept = [_KeptPreview.model_validate_json(value) for value in values if value]
        newest = max(kept, key=lambda one: one.order, default=None)
        if newest is None or newest.preview.revision.revision <= passed:
            return None
        is_old = (day - oslo_day(newest.at)).days > self._days
        return None if is_old else newest.preview

    async def forget(self, article: str, tokens: Sequence[str]) -> None:
        """Forget previews that have ended, once their files are removed."""
        fields = [*tokens, *map(emitted_field, tokens)]
        await self._forget(
            keys={"previews": self.key(article), "articles": self._articles},
            args={"article": article, "fields": fields},
        )


def _texts(reply: Any) -> list[str]:
    return [text.decode() for text in reply]
