"""The routes of notices to members, as of a breach of their data."""

from fastapi import APIRouter, Depends, Request, Response
from pydantic import AwareDatetime, BaseModel

from services.ingest.api.access import Editor, editor, step_request
from services.ingest.api.openapi import notice_body, problems
from services.ingest.api.steps import read_body_as
from services.ingest.api.wired import Wired
from services.ingest.notices.notice import NoticeState, StoredNotice
from services.ingest.problems import not_found
from services.ingest.receipts.receipt import GivenUp, OfDelivery
from shared.notice import APPROVALS, NoticeContent
from shared.revision import Approval

MAX_NOTICE_BYTES = 256 * 1024
"""Of a notice's body: five texts of 3,000 characters, and 10,000 numbers."""
_MAY_FAIL = problems(401, 403, 404, 409, 413, 503)

router = APIRouter(prefix="/api")


class ShownNotice(BaseModel):
    """A notice, and what became of it."""

    id: str
    status: NoticeState
    to: int | None
    """How many members it is for; none if it is for all of whom an address is kept."""
    by: str
    at: AwareDatetime
    approvals: list[Approval]
    """Those that count."""
    approvals_wanted: int
    sha256: str
    content: NoticeContent
    delivery: OfDelivery | None
    """How far its mailing is; none if that has not begun."""
    problems: list[GivenUp]
    """What a service gave up of it: dead letters that are there still."""


class NoticeList(BaseModel):
    notices: list[ShownNotice]
    """The newest first."""


@router.post(
    "/notices",
    status_code=201,
    summary="Write a notice to members",
    responses=problems(400, 401, 403, 413, 422, 503),
    openapi_extra=notice_body(NoticeContent),
)
async def post_notice(
    request: Request, response: Response, person: Editor, parts: Wired
) -> ShownNotice:
    asked = await step_request(request, person, MAX_NOTICE_BYTES)
    content = read_body_as(asked.raw, NoticeContent)
    notice = await parts.advance_notice.draft(content, person)
    response.headers["Location"] = f"/api/notices/{notice.id}"
    return _shown(notice, None, [], parts.rules.void)


@router.get(
    "/notices",
    summary="Notices to members, the newest first",
    responses=problems(401, 403, 503),
    dependencies=[Depends(editor)],
)
async def list_notices(parts: Wired) -> NoticeList:
    return NoticeList(
        notices=[await _with_delivery(one, parts) for one in await parts.notices.all()]
    )


@router.get(
    "/notices/{id}",
    summary="A notice to members, and how far its mailing is",
    responses=problems(401, 403, 404, 503),
    dependencies=[Depends(editor)],
)
async def get_notice(id: str, parts: Wired) -> ShownNotice:
    notice = await parts.notices.find(id)
    if notice is None:
        raise not_found("Ingen melding har denne id-en.")
    return await _with_delivery(notice, parts)


@router.post(
    "/notices/{id}/approve",
    summary="Approve a notice; it is mailed once two people have",
    responses=_MAY_FAIL,
)
async def approve_notice(id: str, request: Request, person: Editor, parts: Wired) -> ShownNotice:
    await step_request(request, person)
    return await _with_delivery(await parts.advance_notice.approve(id, person), parts)


@router.post(
    "/notices/{id}/cancel",
    summary="End a notice that is not mailed yet",
    responses=_MAY_FAIL,
)
async def cancel_notice(id: str, request: Request, person: Editor, parts: Wired) -> ShownNotice:
    await step_request(request, person)
    return await _with_delivery(await parts.advance_notice.cancel(id, person), parts)


async def _with_delivery(notice: StoredNotice, parts: Wired) -> ShownNotice:
    seen = await parts.receipts.seen(notice.id)
    status = seen.deliveries[0] if seen.deliveries else None
    fields = set(OfDelivery.model_fields)
    delivery = OfDelivery(**status.model_dump(include=fields)) if status else None
    return _shown(notice, delivery, seen.given_up, parts.rules.void)


def _shown(
    notice: StoredNotice,
    delivery: OfDelivery | None,
    problems: list[GivenUp],
    void: frozenset[str],
) -> ShownNotice:
    members = notice.content.members
    return ShownNotice(
        id=notice.id,
        status=notice.state,
        to=None if members is None else len(members),
        by=notice.by,
        at=notice.at,
        approvals=[one for one in notice.approvals if one.person not in void],
        approvals_wanted=APPROVALS,
        sha256=notice.sha256,
        content=notice.content,
        delivery=delivery,
        problems=problems,
    )
