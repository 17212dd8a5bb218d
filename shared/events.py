"""The events: facts on streams, in the past tense.

An event is a CloudEvents 1.0 event whose attributes are plain fields of the stream entry, so that
`redis-cli XRANGE articles - +` shows them; `data` is JSON. An `id` is the same on a repeat. Events
carry the whole state that a consumer needs and never anything about a member.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from shared.alert import Mode
from shared.article import ArticleId
from shared.fields import Model
from shared.notice import MemberNotice
from shared.revision import Revision, Sha256
from shared.subject import Subject, SubjectVersion

DeliveryId = Annotated[str, Field(pattern=r"^[0-9a-z]{8,32}\.[0-9]+$")]
DeliveryKind = Literal["alert", "correction", "withdrawal", "notice"]
"""What is mailed: an alert, word of what became of one, or a notice to members."""
DeliveryState = Literal["waiting_for_page", "sending", "paused", "stuck", "complete"]


class _Event(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True
    )

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    """The service that wrote it, as `/varsel/render`."""
    subject: str
    """What it is about: the id of an article or of a subject, or `audit`."""
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    traceparent: Annotated[str, Field(pattern=r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")]
    """W3C Trace Context: one trace follows an article through all services."""


class _ArticleEvent(_Event):
    data: Revision

    @classmethod
    def about(cls, revision: Revision, *, traceparent: str) -> Self:
        kind = cls.model_fields["type"].default
        return cls(
            id=f"{revision.id}.{revision.revision}.{kind}",
            source=_SOURCES[kind.split(".")[0]],
            subject=revision.id,
            time=datetime.now(UTC),
            traceparent=traceparent,
            data=revision,
        )


class ArticlePublished(_ArticleEvent):
    type: Literal["article.published"] = "article.published"


class ArticleRevised(_ArticleEvent):
    type: Literal["article.revised"] = "article.revised"


class ArticleWithdrawn(_ArticleEvent):
    type: Literal["article.withdrawn"] = "article.withdrawn"


class Preview(Model):
    """A revision that is not published, to be looked at before it is approved."""

    revision: Revision
    token: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """Anybody who knows it may look at the page."""

    @property
    def path(self) -> str:
        """The page's path in the site, while the revision waits."""
        return f"/utkast/{self.token}/"


class _PreviewEvent(_Event):
    data: Preview


class ArticleSubmitted(_PreviewEvent):
    """A revision waits for approval."""

    type: Literal["article.submitted"] = "article.submitted"


class PagePreviewed(_PreviewEvent):
    """The page of a revision that waits for approval is on disk, at the preview's path."""

    type: Literal["page.previewed"] = "page.previewed"


class MailPreview(Model):
    """The mail of a revision that waits for approval, as made for a made-up member."""

    article: ArticleId
    revision: Annotated[int, Field(ge=1)]
    sha256: Sha256
    subject: str
    text: str
    html: str
    audience: Annotated[int, Field(ge=0)]
    """How many members it would be mailed to now."""
    first: Annotated[int, Field(ge=0)] = 0
    """Of them, those to whom it would be the first mail about the alert."""
    gone: Annotated[int, Field(ge=0)] = 0
    """How many members it would not be mailed to since they have left, or were erased."""
    chose_others: Annotated[int, Field(ge=0)] = 0
    """The same, since they chose other subjects."""
    not_owed: Annotated[int, Field(ge=0)] = 0
    """The same, since they never got the alert that it corrects or withdraws, or get no
    exercises."""
    size: Annotated[int, Field(ge=0)]
    """Octets of the largest mail that a member could get, as RFC 1870 counts them; 0 if it is
    `unsafe`, so that none can be built."""
    relay_takes: Annotated[int, Field(ge=1)] | None
    """Octets of the largest mail that the relay takes, by its own word (SIZE, RFC 1870). None if it
    names no limit, or did not answer."""
    cut_by_gmail: bool
    """Gmail shows only its beginning: the HTML is over 102 kB."""
    refused: Literal["", "unsafe", "too_large"]
    """Why it can be mailed to nobody, as a `cause` of `DeliveryStatus`; empty if it can."""


class MailPreviewed(_Event):
    type: Literal["mail.previewed"] = "mail.previewed"
    data: MailPreview


class Seal(Model):
    """The audit trail up to the end of a day."""

    day: date
    entries: Annotated[int, Field(ge=0)]
    """How many there are up to then."""
    root: Sha256
    """The last one's hash; with it nobody can change any of them unseen."""


class AuditSealed(_Event):
    """The day's root of the audit trail is to be shown in the site. Its subject is `audit`."""

    type: Literal["audit.sealed"] = "audit.sealed"
    data: Seal


class _SubjectEvent(_Event):
    data: SubjectVersion

    @classmethod
    def about(cls, subject: Subject, version: int, *, traceparent: str) -> Self:
        kind = cls.model_fields["type"].default
        return cls(
            id=f"{subject.id}.{version}.{kind}",
            source="/varsel/ingest",
            subject=subject.id,
            time=datetime.now(UTC),
            traceparent=traceparent,
            data=SubjectVersion(subject=subject, version=version),
        )


class SubjectChanged(_SubjectEvent):
    """Members can choose this subject, as it is now."""

    type: Literal["subject.changed"] = "subject.changed"


class SubjectRemoved(_SubjectEvent):
    """Members can choose this subject no more."""

    type: Literal["subject.removed"] = "subject.removed"


class PagePublished(_ArticleEvent):
    """The page of this revision is on disk."""

    type: Literal["page.published"] = "page.published"


class PageWithdrawn(_ArticleEvent):
    type: Literal["page.withdrawn"] = "page.withdrawn"


class Chunk(Model):
    delivery: DeliveryId
    chunk: Annotated[int, Field(ge=0)]
    """Number of the chunk; which members it holds only notify knows."""


class NoticeApproved(_Event):
    """Two people have approved a notice to members: it is to be mailed. Its subject is the
    notice's id."""

    type: Literal["notice.approved"] = "notice.approved"
    data: MemberNotice


class ChunkPlanned(_Event):
    type: Literal["chunk.planned"] = "chunk.planned"
    data: Chunk


class DeliveryStatus(Model):
    """A delivery's ledger, summed: `audience = handed_over + failed + suppressed + open`."""

    delivery: DeliveryId
    article: ArticleId
    """Of a notice, the notice's id."""
    revision: Annotated[int, Field(ge=1)]
    kind: DeliveryKind = "alert"
    mode: Mode = "actual"
    state: DeliveryState
    cause: str = ""
    """Why it is paused: `operator`, `stale`, `unsafe` if its text has what only notify may put in a
    mail, `too_large` if the relay takes no mail of its size, `unreadable` if nobody's record opens,
    or what keeps mail from the relay; `page_wrong` and why if readers do not see the page,
    `page_unseen` and why if that cannot be told; `cancelled` if somebody ended it, `superseded` if
    the delivery of a newer revision owes the rest."""
    audience: Annotated[int, Field(ge=0)]
    handed_over: Annotated[int, Field(ge=0)]
    failed: Annotated[int, Field(ge=0)]
    suppressed: Annotated[int, Field(ge=0)]
    open: Annotated[int, Field(ge=0)]
    bounced: Annotated[int, Field(ge=0)] = 0
    """Those of `handed_over` whose mail came back later."""
    sequence: Annotated[int, Field(ge=0)]
    """Grows with every status of this delivery: the greatest is the newest."""


class _DeliveryEvent(_Event):
    data: DeliveryStatus


class DeliveryStarted(_DeliveryEvent):
    type: Literal["delivery.started"] = "delivery.started"


class DeliveryProgressed(_DeliveryEvent):
    type: Literal["delivery.progressed"] = "delivery.progressed"


class DeliveryCompleted(_DeliveryEvent):
    type: Literal["delivery.completed"] = "delivery.completed"


class DeliveryPaused(_DeliveryEvent):
    type: Literal["delivery.paused"] = "delivery.paused"


class Post(Model):
    """One attempt to carry a feed update to a follower."""

    post: str
    """The `webhook-id`: the same on every attempt."""
    article: ArticleId
    revision: Annotated[int, Field(ge=1)]
    follower: str
    """Host name of the follower; its whole address may hold a secret."""
    attempt: Annotated[int, Field(ge=1)]
    status: int | None
    """HTTP status, or none if there was no answer."""
    final: bool
    """No further attempt will be made."""


class _PostEvent(_Event):
    data: Post


class PostDelivered(_PostEvent):
    type: Literal["post.delivered"] = "post.delivered"


class PostFailed(_PostEvent):
    type: Literal["post.failed"] = "post.failed"


ArticleEvent = ArticlePublished | ArticleRevised | ArticleWithdrawn
PreviewEvent = ArticleSubmitted | PagePreviewed | MailPreviewed
PageEvent = PagePublished | PageWithdrawn
DeliveryEvent = DeliveryStarted | DeliveryProgressed | DeliveryCompleted | DeliveryPaused
PostEvent = PostDelivered | PostFailed
ReferenceEvent = SubjectChanged | SubjectRemoved
Event = (
    ArticleEvent
    | PreviewEvent
    | AuditSealed
    | NoticeApproved
    | PageEvent
    | ChunkPlanned
    | DeliveryEvent
    | PostEvent
    | ReferenceEvent
)

_SOURCES = {"article": "/varsel/ingest", "page": "/varsel/render"}
_json: TypeAdapter[Any] = TypeAdapter(Any)
_event: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="type")])


def to_fields(event: Event) -> dict[str, str]:
    """The stream entry's fields, in the order of the specification, `data` last."""
    fields = {
        "specversion": event.specversion,
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": event.time.isoformat(timespec="milliseconds"),
        "datacontenttype": event.datacontenttype,
        "traceparent": event.traceparent,
    }
    return fields | {"data": event.data.model_dump_json()}


def from_fields(fields: dict[bytes, bytes]) -> Event:
    """The event of a stream entry; ValidationError or UnicodeDecodeError if it is none.

    Fields that start with `dead_` are what a dead letter adds, and are passed over.
    """
    plain: dict[str, Any] = {}
    for name, value in fields.items():
        if not name.startswith(b"dead_"):
            plain[name.decode()] = value.decode()
    plain["data"] = _json.validate_json(plain.get("data", "null"))
    return _event.validate_python(plain)
