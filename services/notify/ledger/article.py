"""What notify keeps of an article: its newest live revision, for the mails still to be sent. A
notice to members is kept in the same way."""

from typing import cast

from redis.asyncio import Redis

from shared.notice import NoticeContent
from shared.revision import Revision


def article_key(article: str) -> str:
    return f"notify:article:{article}"


def alert_key(article: str) -> str:
    """The key that holds the id of the alert's newest delivery, once there is one."""
    return f"notify:alert:{article}"


async def delivery(redis: Redis, article: str) -> str:
    """The id of the alert's newest delivery; empty if it has none."""
    found = cast("bytes | None", await redis.get(alert_key(article)))
    return found.decode() if found else ""


async def newest(redis: Redis, article: str) -> Revision:
    """The newest revision of an alert whose page has been live; LookupError if there is none."""
    content = await redis.hget(article_key(article), "content")
    if content is None:
        raise LookupError("no such article")
    return Revision.model_validate_json(content)


async def is_withdrawn(redis: Redis, revision: Revision) -> bool:
    """Whether the article was withdrawn at this revision or a later one."""
    withdrawn = await redis.hget(article_key(revision.id), "withdrawn")
    return withdrawn is not None and int(withdrawn) >= revision.revision


async def notice(redis: Redis, notice: str) -> NoticeContent:
    """A notice that is mailed; LookupError if there is none."""
    content = await redis.hget(article_key(notice), "content")
    if content is None:
        raise LookupError("no such notice")
    return NoticeContent.model_validate_json(content)
