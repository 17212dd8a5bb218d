"""Links for experts and their remarks in Redis.

`ingest:experts:{article}` has the links of an article by id, `ingest:remarks:{article}` what was
said behind them. The audit trail tells who made and ended a link, and that a remark came: by its id
and the content it is about. The name and the words are in the remark alone, which can be changed
or removed; the trail never can.
"""

import math
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import cast

from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.ingest.remarks.remark import (
    LIFE,
    MOST_REMARKS,
    OPEN_LINKS,
    ExpertLink,
    Remark,
    article_of,
    is_open,
    link_id,
    new_secret,
    remark_id,
    token_of,
)
from shared.bus import lua
from shared.bus.streams import text

EXPERT = "expert"
"""The actor of a remark in the audit trail."""

_HERE = Path(__file__).parent


class LinkChanged(StrEnum):
    """The answers of change_link.lua."""

    DONE = "done"
    MOVED = "moved"


class RemarkAdded(StrEnum):
    """The answers of add.lua."""

    DONE = "done"
    GONE = "gone"
    FULL = "full"
    MOVED = "moved"


class LinkGone(Exception):
    """The link has ended, or never was."""


class NoMoreRoom(Exception):
    """There are as many links, or remarks, as an article may have."""


class Remarks:
    """The links for experts, and their remarks, of all articles. The methods raise redis-py's
    errors."""

    def __init__(self, redis: Redis, trail: Trail) -> None:
        self._redis = redis
        self._trail = trail
        self._change = lua.load(redis, _HERE / "change_link.lua", LinkChanged)
        self._add = lua.load(redis, _HERE / "add.lua", RemarkAdded)

    async def make_link(
        self, article: str, revision: int, sha256: str, by: str, secret: str | None = None
    ) -> str:
        """A token that opens this revision, made by `by`; it cannot be read again. `secret` is
        what a form brings, of `new_secret`: the same form sent again makes the same link.

        NoMoreRoom if too many work already, ValueError if `secret` is none of ours.
        """
        token, at = token_of(article, secret or new_secret()), datetime.now(UTC)
        if await self._redis.hexists(_experts(article), link_id(token)):
            return token
        link = ExpertLink(
            id=link_id(token),
            article=article,
            revision=revision,
            sha256=sha256,
            by=by,
            at=at,
            until=at + LIFE,
        )
        known = await self._links(article)
        expired = [one.id for one in known if not is_open(one, at)]
        if len(known) - len(expired) >= OPEN_LINKS:
            raise NoMoreRoom
        detail: dict[str, str | int] = {"link": link.id, "until": link.until.isoformat()}
        made = TrailAction(by, "expert_asked", article, revision, sha256, detail)
        await self._keep(link, "", link.model_dump_json(), made, expired)
        return token

    async def end_link(self, article: str, id_: str, by: str) -> None:
        """The link with this id opens nothing any more. Idempotent."""
        for link in await self._links(article):
            if link.id == id_:
                detail = {"link": link.id}
                ended = TrailAction(
                    by, "expert_link_ended", article, link.revision, link.sha256, detail
                )
                await self._keep(link, link.model_dump_json(), "", ended, [])

    async def links(self, article: str) -> list[ExpertLink]:
        """The links of the article that work, the newest first."""
        now = datetime.now(UTC)
        found = [one for one in await self._links(article) if is_open(one, now)]
        return sorted(found, key=lambda one: one.at, reverse=True)

    async def look(self, token: str) -> ExpertLink | None:
        """The link that a token is of, if it works; else None."""
        article = article_of(token)
        stored = article and await self._redis.hget(_experts(article), link_id(token))
        link = ExpertLink.model_validate_json(stored) if stored else None
        return link if link and is_open(link, datetime.now(UTC)) else None

    async def add(self, token: str, once: str, name: str, text: str, read: bool) -> Remark:
        """Keep what an expert said. `once` is the form's own: the same form sent again is the same
        remark.

        LinkGone if the link does not work, NoMoreRoom if there are too many remarks; pydantic's
        ValidationError if `name` or `text` cannot be.
        """
        link = await self.look(token)
        if link is None:
            raise LinkGone
        remark = Remark(
            id=remark_id(link.id, once, name, text, read),
            link=link.id,
            revision=link.revision,
            sha256=link.sha256,
            name=name,
            text=text or None,
            read=read,
            at=datetime.now(UTC),
            asked_by=link.by,
        )
        while True:
            word = await self._add_once(link, remark)
            if word is RemarkAdded.GONE:
                raise LinkGone
            if word is RemarkAdded.FULL:
                raise NoMoreRoom
            if word is RemarkAdded.DONE:
                return remark

    async def of(self, article: str) -> list[Remark]:
        """The remarks on an article, the oldest first."""
        found = cast("list[bytes]", await self._redis.hvals(_remarks(article)))
        return sorted(map(Remark.model_validate_json, found), key=lambda one: one.at)

    async def _links(self, article: str) -> list[ExpertLink]:
        found = cast("list[bytes]", await self._redis.hvals(_experts(article)))
        return [ExpertLink.model_validate_json(text(one)) for one in found]

    async def _keep(
        self, link: ExpertLink, before: str, after: str, did: TrailAction, expired: list[str]
    ) -> None:
        while True:
            trail = await self._trail.prepare([did])
            answer = await self._change(
                keys={"links": _experts(link.article)} | trail.keys,
                args={"id": link.id, "before": before, "after": after, "expired": expired}
                | trail.args,
            )
            if answer.word is LinkChanged.DONE:
                return
            if not before and await self._redis.hexists(_experts(link.article), link.id):
                return  # the same form, sent twice: the other one made it

    async def _add_once(self, link: ExpertLink, remark: Remark) -> RemarkAdded:
        detail: dict[str, str | int] = {
            "link": link.id,
            "remark": remark.id,
            "read": int(remark.read),
        }
        did = TrailAction(
            EXPERT, "remark_added", link.article, remark.revision, remark.sha256, detail
        )
        trail = await self._trail.prepare([did])
        answer = await self._add(
            keys={"links": _experts(link.article), "remarks": _remarks(link.article)} | trail.keys,
            args={
                "link": link.id,
                "link_record": link.model_dump_json(),
                "ends": math.floor(link.until.timestamp() * 1000),
                "id": remark.id,
                "record": remark.model_dump_json(),
                "most": MOST_REMARKS,
            }
            | trail.args,
        )
        return answer.word


def _experts(article: str) -> str:
    return f"ingest:experts:{article}"


def _remarks(article: str) -> str:
    return f"ingest:remarks:{article}"
