"""Pure: a notice's life. draft → approved, once enough people have approved it; or cancelled.

Its content never changes: whoever wants another text cancels it and writes a new one. So an
approval is always of what its approver has seen.
"""

from typing import Literal

from pydantic import AwareDatetime, Field

from services.ingest.people.person import Person
from services.ingest.problems import Problem
from shared.article import ArticleId
from shared.content_hash import ContentHash
from shared.fields import Model
from shared.languages.say import nb
from shared.notice import APPROVALS, NoticeContent
from shared.revision import Approval, counted
from shared.text import Line

NoticeState = Literal["draft", "approved", "cancelled"]


class StoredNotice(Model):
    """A notice, and what became of it."""

    id: ArticleId
    content: NoticeContent
    sha256: ContentHash
    by: Line
    """The name of the person who wrote it."""
    at: AwareDatetime
    """When."""
    state: NoticeState = "draft"
    approvals: tuple[Approval, ...] = ()
    cancelled_by: str = Field(default="")


def approve(
    notice: StoredNotice, who: Person, at: AwareDatetime, void: frozenset[str] = frozenset()
) -> StoredNotice:
    """The notice after `who` has approved it; the same if they have before. The approvals of those
    with an id in `void` do not count. Problem 403 if their role is not enough, 409 if it is
    cancelled."""
    if not who.may("approver"):
        detail = (
            "Dette krever en nøkkel med rollen approver; be den som drifter Varsel, om en, eller "
            "be en som har den."
        )
        raise Problem(403, "forbidden", nb("Ingen adgang"), detail)
    if notice.state == "cancelled":
        raise _not_now(notice, "Meldingen er avbrutt. Skriv en ny.")
    if who.id in {one.person for one in notice.approvals}:
        return notice
    if notice.state == "approved":
        return notice
    approval = Approval(person=who.id, by=who.name, at=at, sha256=notice.sha256)
    approvals = (*notice.approvals, approval)
    is_enough = len(counted(approvals, notice.sha256, void)) >= APPROVALS
    state: NoticeState = "approved" if is_enough else "draft"
    return notice.model_copy(update={"approvals": approvals, "state": state})


def cancel(notice: StoredNotice, who: Person) -> StoredNotice:
    """The notice after `who` has ended it; the same if it is ended. Problem 409 if it is being
    mailed already."""
    if notice.state == "approved":
        raise _not_now(
            notice,
            "Meldingen er godkjent og blir sendt. Den som drifter Varsel, kan stanse resten: "
            f"varsel deliver {notice.id} --cancel",
        )
    return notice.model_copy(update={"state": "cancelled", "cancelled_by": who.name})


def _not_now(notice: StoredNotice, detail: str) -> Problem:
    return Problem(409, "not-now", nb("Det går ikke nå"), detail, more={"state": notice.state})
