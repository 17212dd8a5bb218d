"""Notices to members that tests have mailed."""

from datetime import UTC, datetime
from typing import Any

from shared.events import NoticeApproved, to_fields
from shared.notice import MemberNotice, NoticeContent
from shared.revision import Approval, carried_id
from shared.trace import new_traceparent
from shared.trial import PERSON, SECOND
from tests.notify.system import System

ID = "0123456789abcdef"
CONTENT = NoticeContent(
    lang="nb",
    what_happened="En sikkerhetskopi kom bort.\n\nDet skjedde 1. september.",
    consequences="Noen kan få vite at du er medlem.",
    measures="Kopien var kryptert. Vi har byttet nøkkel.",
    advice="Vær på vakt mot e-post som ber om penger.",
    contact="Kari Eksempel, telefon 22 00 00 00",
)
_OF_A_TRIAL = {"Prøvebruker": PERSON, "Prøvegodkjenner": SECOND}
AT = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)


def approved(*names: str, sha256: str = "", **changes: Any) -> NoticeApproved:
    content = CONTENT.model_copy(update=changes)
    said = sha256 or content.sha256
    return NoticeApproved(
        id=f"{ID}.1.notice.approved",
        source="/varsel/ingest",
        subject=ID,
        time=AT,
        traceparent=new_traceparent(),
        data=MemberNotice(
            id=ID,
            content=content,
            sha256=said,
            approved_at=AT,
            approvals=tuple(
                Approval(
                    person=_OF_A_TRIAL.get(name) or carried_id(name), by=name, at=AT, sha256=said
                )
                for name in names
            ),
        ),
    )


async def tell(up: System, event: NoticeApproved) -> None:
    await up.redis.xadd("control", to_fields(event))
    await up.settled("control")
