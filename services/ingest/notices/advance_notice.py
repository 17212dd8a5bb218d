"""Flow: a step of a notice's life. Read, decide, keep; again, if somebody else was first."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.ingest.notices import notice as notices
from services.ingest.notices.notice import StoredNotice
from services.ingest.notices.store import Notices
from services.ingest.problems import not_found
from shared import log
from shared.events import NoticeApproved
from shared.notice import MemberNotice, NoticeContent
from shared.trace import new_traceparent

_Change = Callable[[StoredNotice], StoredNotice]


class AdvanceNotice:
    """Its methods raise Problem and redis-py's errors."""

    def __init__(self, store: Notices, trail: Trail) -> None:
        self._store = store
        self._trail = trail

    async def draft(self, content: NoticeContent, name: str) -> StoredNotice:
        """Keep a new notice that `name` has written."""
        notice = StoredNotice(
            id=secrets.token_hex(8),
            content=content,
            sha256=content.sha256,
            by=name,
            at=datetime.now(UTC),
        )
        while not await self._keep(None, notice, name, "notice_drafted"):
            pass
        return notice

    async def approve(self, notice: str, name: str, role: str) -> StoredNotice:
        """`name` approves the notice; with enough approvals it is mailed. 403 or 409 if they may
        not, 404 if there is none."""
        at = datetime.now(UTC)
        return await self._step(
            notice, name, "notice_approved", lambda one: notices.approve(one, name, role, at)
        )

    async def cancel(self, notice: str, name: str) -> StoredNotice:
        """`name` ends a notice that is not approved yet; else 409; 404 if there is none."""
        return await self._step(
            notice, name, "notice_cancelled", lambda one: notices.cancel(one, name)
        )

    async def _step(self, notice: str, name: str, what: str, change: _Change) -> StoredNotice:
        while True:
            before = await self._store.find(notice)
            if before is None:
                raise not_found("Ingen melding har denne id-en.")
            after = change(before)
            same = (before.state, before.approvals) == (after.state, after.approvals)
            if same or await self._keep(before, after, name, what):
                return before if same else after

    async def _keep(
        self, before: StoredNotice | None, after: StoredNotice, name: str, what: str
    ) -> bool:
        action = TrailAction(name, what, article=after.id, revision=1, sha256=after.sha256)
        trail = await self._trail.prepare([action])
        event = _approved(after) if after.state == "approved" else None
        kept = await self._store.keep(before, after, trail, event)
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
