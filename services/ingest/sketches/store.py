"""Sketches in Redis: `ingest:sketch:{article}` has what was asked for last, and what came of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from redis.asyncio import Redis

from shared.bus import Effects, lua
from shared.bus.streams import text
from shared.event_data import MailSketch, Preview
from shared.events import ArticleSketched, to_fields

KNOWN_SECONDS = 24 * 3600
"""As long as render keeps the page at least."""


class BeginWord(StrEnum):
    """The answers of begin.lua."""

    ASKED = "asked"
    SAME = "same"


@dataclass(frozen=True)
class Sketch:
    """What was asked for last."""

    sha256: str
    """Of the content."""
    version: str
    """Of the working copy that has this content."""
    lacks: tuple[str, ...]
    """What is missing in it, in words; there are placeholders in its place."""
    at: datetime
    """When it was asked for."""
    page: str | None
    """The path of its page in the site; None while there is none yet."""
    mail: MailSketch | None
    """None while there is none yet, and for news, which mails nobody."""


class Sketches:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._begin = lua.load(redis, Path(__file__).with_name("begin.lua"), BeginWord)

    async def begin(self, event: ArticleSketched, version: str, lacks: Sequence[str]) -> bool:
        """Ask for the page and the mail of a working copy of this version. Whether anything was
        asked: not if just this content was asked for last."""
        revision = event.data.revision
        answer = await self._begin(
            keys={"sketch": _key(revision.id), "articles": "articles"},
            args={
                "sha256": revision.sha256,
                "version": version,
                "token": event.data.token,
                "lacks": json.dumps(list(lacks), ensure_ascii=False),
                "event": [part for pair in to_fields(event).items() for part in pair],
                "seconds": KNOWN_SECONDS,
            },
        )
        return answer.word is BeginWord.ASKED

    async def of(self, article: str) -> Sketch | None:
        """What was asked for last; None if nothing was for a day."""
        stored = await self._redis.hgetall(_key(article))
        found = {text(name): text(value) for name, value in stored.items()}
        if "sha256" not in found:
            return None
        page, _, path = found.get("page", "").partition(" ")
        mail = MailSketch.model_validate_json(found["mail"]) if "mail" in found else None
        return Sketch(
            sha256=found["sha256"],
            version=found["version"],
            lacks=tuple(json.loads(found["lacks"])),
            at=datetime.fromtimestamp(int(found["at"]) / 1000, UTC),
            page=path if page == found["sha256"] else None,
            mail=mail if mail and mail.sha256 == found["sha256"] else None,
        )

    async def forget(self, article: str) -> None:
        """There is nothing to see any more."""
        await self._redis.delete(_key(article))


def page_sketched(preview: Preview) -> Effects:
    """What to write when the page of what is being written can be looked at."""
    revision = preview.revision
    return _told(revision.id, "page", f"{revision.sha256} {preview.path}")


def mail_sketched(mail: MailSketch) -> Effects:
    """What to write when it is known what mail it would be."""
    return _told(mail.article, "mail", mail.model_dump_json())


def _told(article: str, field: str, value: str) -> Effects:
    key = _key(article)
    return Effects(ops=[("HSET", key, field, value), ("EXPIRE", key, KNOWN_SECONDS)])


def _key(article: str) -> str:
    return f"ingest:sketch:{article}"
