"""Flow: a revision waits for approval. The person who is to approve it sees the mail that it would
become, and how many members would get it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from redis.asyncio import Redis

from services.notify.ledger import article, chain
from services.notify.ledger.delivery import Kind
from services.notify.mail.text import Letterhead, words_of
from services.notify.members import store as members
from shared import log
from shared.bus import Bus, Effects, Entry
from shared.events import MailPreview, MailPreviewed, PagePreviewed
from shared.revision import Revision

_NOBODY = "eksempel"
"""Stands in the place of a member's token. The link leads to the page that says that the address
is nobody's."""


class PreviewMail:
    """Handles `page.previewed`."""

    def __init__(self, bus: Bus, head: Letterhead) -> None:
        self._redis = bus.redis
        self._head = head
        self._log = log.get("notify")

    async def __call__(self, entry: Entry) -> None:
        """Emit `mail.previewed` for an alert. News mails nobody, so nothing is emitted for it."""
        event = entry.event
        if not isinstance(event, PagePreviewed):
            raise TypeError("no preview")
        revision = event.data.revision
        if revision.article.alert is None:
            return
        would = await _would_be(self._redis, revision)
        link = self._head.unsubscribe(_NOBODY)
        words = words_of(revision, would.kind, self._head, unsubscribe=link)
        told = MailPreviewed(
            id=f"{revision.id}.{revision.revision}.mail.previewed",
            source="/varsel/notify",
            subject=revision.id,
            time=datetime.now(UTC),
            traceparent=event.traceparent,
            data=MailPreview(
                article=revision.id,
                revision=revision.revision,
                sha256=revision.sha256,
                subject=words.subject,
                text=words.text,
                html=words.html,
                audience=would.audience,
            ),
        )
        await entry.commit(Effects(events=[("deliveries", told)]))
        self._log.info("mail_previewed", article=revision.id, revision=revision.revision)


@dataclass(frozen=True)
class _Would:
    """The delivery that a revision would start."""

    kind: Kind
    audience: int


async def _would_be(redis: Redis, revision: Revision) -> _Would:
    """The delivery as start_delivery.lua would decide now. An edit starts none: members who are
    still open in the delivery before get it."""
    before = await article.delivery(redis, revision.id)
    kept = await chain.sums(redis, before) if before else None
    if kept is None or (kept.kind == "alert" and kept.audience == 0):
        actual = revision.article.alert and revision.article.alert.mode == "actual"
        count = members.count if actual else members.count_staff
        return _Would("alert", await count(redis))
    if revision.change is None or revision.change.kind == "edit":
        return _Would("alert", kept.open)
    kind = revision.change.kind
    return _Would(kind, await chain.would_reach(redis, before, kind))
