"""What events told of previews: `ingest:preview:{article}` has the newest one's page and mail.

A revision that is submitted again is previewed again. So a preview replaces one of the same
revision, but never one of a newer: the fields `…_passed` have the revision's number less one.
"""

from dataclasses import dataclass

from redis.asyncio import Redis

from services.ingest.lifecycle.life import Life
from shared.bus import Effects
from shared.bus.streams import text
from shared.event_data import MailPreview, Preview


@dataclass(frozen=True)
class Previewed:
    """What there is of a preview."""

    path: str | None
    """The page's path in the site; None if there is no page yet."""
    mail: MailPreview | None


def page_previewed(preview: Preview) -> Effects:
    """What to write when the page of a revision that waits for approval can be looked at."""
    revision = preview.revision
    key = _key(revision.id)
    page = f"{revision.sha256} {preview.path}"
    return Effects(
        newer_than=(key, "page_passed", revision.revision),
        ops=[("HSET", key, "page_passed", revision.revision - 1, "page", page)],
    )


def mail_previewed(mail: MailPreview) -> Effects:
    """What to write when it is known what mail a revision would be, and to how many members."""
    key = _key(mail.article)
    return Effects(
        newer_than=(key, "mail_passed", mail.revision),
        ops=[("HSET", key, "mail_passed", mail.revision - 1, "mail", mail.model_dump_json())],
    )


class PreviewReceipts:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def mail(self, life: Life) -> MailPreview | None:
        """The mail that the article's newest revision would be, once notify has told of it."""
        return (await self.of(life)).mail

    async def of(self, life: Life) -> Previewed:
        """What there is of the preview of the article's newest revision."""
        page, mail = await self._redis.hmget(_key(life.id), ["page", "mail"])
        sha256, _, path = text(page or b"").partition(" ")
        found = MailPreview.model_validate_json(mail) if mail else None
        fits = found and (found.revision, found.sha256) == (life.revision, life.sha256)
        return Previewed(path if sha256 == life.sha256 else None, found if fits else None)


def _key(article: str) -> str:
    return f"ingest:preview:{article}"
