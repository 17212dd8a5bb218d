"""How things are with an article, for whoever tells staff."""

from redis.asyncio import Redis

from services.ingest.lifecycle.life import Life
from services.ingest.lifecycle.store import Articles
from services.ingest.notices.notice import StoredNotice
from services.ingest.notices.store import Notices
from services.ingest.people.store import People
from services.ingest.receipts.receipt import receipt
from services.ingest.receipts.store import Receipts, Seen
from services.ingest.telling.telling import StaffFacts

STANDING = ("waiting_for_page", "paused", "stuck")
"""States of a receipt, or of a delivery, in which mail is owed and none goes out."""


class StaffFactsOf:
    """Reads how things are with an article or notice. Raises redis-py's errors."""

    def __init__(self, redis: Redis) -> None:
        self._articles = Articles(redis)
        self._notices = Notices(redis)
        self._people = People(redis)
        self._receipts = Receipts(redis)

    async def __call__(self, article: str) -> StaffFacts:
        """How things are with the article, or the notice to members, with this id."""
        life = await self._articles.life(article)
        if life:
            return await self._of_article(life)
        notice = await self._notices.find(article)
        if notice:
            return await self._of_notice(notice)
        return StaffFacts(staff=frozenset(person.id for person in await self._people.all()))

    async def _of_article(self, life: Life) -> StaffFacts:
        passed = life.author_ids | life.approvers
        staff = await self._people.all()
        return StaffFacts(
            state=life.state,
            revision=life.revision,
            wrote_or_approved=life.wrote_or_approved,
            may_approve=tuple(
                person.id for person in staff if person.may("approver") and person.id not in passed
            ),
            time=life.time,
            staff=frozenset(person.id for person in staff),
            stands=life.kind == "safety_alert"
            and _stands(life, await self._receipts.seen(life.id)),
        )

    async def _of_notice(self, notice: StoredNotice) -> StaffFacts:
        author = await self._people.named(notice.by)
        seen = await self._receipts.seen(notice.id)
        staff, passed = await self._people.all(), {one.person for one in notice.approvals}
        return StaffFacts(
            state="in_review" if notice.state == "draft" else notice.state,
            revision=1,
            may_approve=tuple(
                person.id for person in staff if person.may("approver") and person.id not in passed
            ),
            wrote_or_approved=(
                *([author.id] if author else []),
                *(one.person for one in notice.approvals),
            ),
            stands=any(delivery.state in STANDING for delivery in seen.deliveries),
            staff=frozenset(person.id for person in staff),
            is_notice=True,
        )


def _stands(life: Life, seen: Seen) -> bool:
    return receipt(life, seen.page, seen.deliveries, seen.given_up).state in STANDING
