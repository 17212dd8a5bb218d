"""Flow: a step of a notice's life. Read, decide, keep; again, if somebody else was first."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.ingest.notices import notice as notices
from services.ingest.notices.notice import StoredNotice
from services.ingest.notices.store import Notices
from services.ingest.people.person import Person
from services.ingest.problems import not_found
from services.ingest.telling.telling import notice_waits
from shared import log
from shared.events import NoticeApproved
from shared.notice import MemberNotice, NoticeContent
from shared.trace import new_traceparent

_Change = Callable[[StoredNotice], StoredNotice]


class AdvanceNotice:
    """Its methods raise Problem and redis-py's errors."""

    def __init__(self, store: Notices, trail: Trail, void: frozenset[str] = frozenset()) -> None:
        """`void`: ids of persons whose approvals do not count, whenever they were given."""
        self._store = store
        self._trail = trail
        self._void = void

    async def draft(self, content: NoticeContent, who: Person) -> StoredNotice:
        """Keep a new notice that `who` has written."""
        notice = StoredNotice(
            id=secrets.token_hex(8),
            content=content,
            sha256=content.sha256,
            by=who.name,
            at=datetime.now(UTC),
        )
        while not await self._keep(None, notice, who, "notice_drafted"):
            pass
        return notice

    async def approve(self, notice: str, who: Person) -> StoredNotice:
        """`who` approves the notice; with enough approvals it is mailed. 403 or 409 if they may
        not, 404 if there is none."""
        at = datetime.now(UTC)
        return await self._step(
            notice, who, "notice_approved", lambda one: notices.approve(one, who, at, self._void)
        )

    async def cancel(self, notice: str, who: Person) -> StoredNotice:
        """`who` ends a notice that is not approved yet; else 409; 404 if there is none."""
        return await self._step(
            notice, who, "notice_cancelled", lambda one: notices.cancel(one, who)
        )

    async def _step(self, notice: str, who: Person, what: str, change: _Change) -> StoredNotice:
        while True:
            before = await self._store.find(notice)
            if before is None:
                raise not_found("Ingen melding har denne id-en.")
            after = change(before)
            same = (before.state, before.approvals) == (after.state, after.approvals)
            if same or await self._keep(before, after, who, what):
                return before if same else after

    async def _keep(
        self, before: StoredNotice | None, after: StoredNotice, who: Person, what: str
    ) -> bool:
        action = TrailAction(who.name, what, article=after.id, revision=1, sha256=after.sha256)
        trail = await self._trail.prepare([action])
        event = _approved(after) if after.state == "approved" else None
        waits = [notice_waits(after.id, datetime.now(UTC))] if before is None else []
        kept = await self._store.keep(before, after, trail, event, waits)
        if kept:
            log.get("ingest").info("notice_step", notice=after.id, step=what, status=after.state)
        return kept


def _approved(notice: StoredNotice) -> NoticeApproved:
    at = notice.approvals[-1].at
    return NoticeApproved(
        id=f"{notice.id}.1.notice.approved",
        source="/varsel/ingest",
        subject=notice.id,
        time=at,
        traceparent=new_traceparent(),
        data=MemberNotice(
            id=notice.id,
            content=notice.content,
            sha256=notice.sha256,
            approved_at=at,
            approvals=notice.approvals,
        ),
    )
