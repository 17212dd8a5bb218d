"""The events: facts on streams, in the past tense.

An event is a CloudEvents 1.0 event whose attributes are plain fields of the stream entry, so that
`redis-cli XRANGE articles - +` shows them; `data` is JSON. An `id` is the same on a repeat. Events
carry the whole state that a consumer needs and never anything about a member.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from shared.event_data import (
    Chunk,
    DeliveryStatus,
    DeliveryWish,
    MailPreview,
    MailSketch,
    OutsideLook,
    Post,
    Preview,
    Seal,
)
from shared.identity import Identity, IdentityVersion
from shared.notice import MemberNotice
from shared.picture_files import ScaledPictures
from shared.revision import Revision
from shared.staff import AddressLink, GonePerson, StaffReach, WordToStaff
from shared.subject import Subject, SubjectVersion
from shared.trace import new_traceparent


class _Event(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, use_attribute_docstrings=True
    )

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    """The service that wrote it, as `/varsel/render`."""
    subject: str
    """What it is about: the id of an article or of a subject, `audit`, `site`, or `staff`."""
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


class _PreviewEvent(_Event):
    data: Preview


class ArticleSubmitted(_PreviewEvent):
    """A revision waits for approval."""

    type: Literal["article.submitted"] = "article.submitted"


class PagePreviewed(_PreviewEvent):
    """The page of a revision that waits for approval is on disk, at the preview's path."""

    type: Literal["page.previewed"] = "page.previewed"


class ArticleSketched(_PreviewEvent):
    """An article is being written, and whoever writes wants to see it. Its revision is none yet: it
    has the number that the next one would have, and placeholders where something is missing."""

    type: Literal["article.sketched"] = "article.sketched"


class PageSketched(_PreviewEvent):
    """The page of what is being written is on disk, at the preview's path."""

    type: Literal["page.sketched"] = "page.sketched"


class MailSketched(_Event):
    type: Literal["mail.sketched"] = "mail.sketched"
    data: MailSketch


class MailPreviewed(_Event):
    type: Literal["mail.previewed"] = "mail.previewed"
    data: MailPreview


class AuditSealed(_Event):
    """The day's root of the audit trail is to be shown in the site. Its subject is `audit`."""

    type: Literal["audit.sealed"] = "audit.sealed"
    data: Seal


class SiteDressed(_Event):
    """The association says this of itself, on every page of the site. Its subject is `site`."""

    type: Literal["site.dressed"] = "site.dressed"
    data: IdentityVersion

    @classmethod
    def about(cls, identity: Identity, version: int) -> Self:
        return cls(
            id=f"site.{version}.site.dressed",
            source="/varsel/ingest",
            subject="site",
            time=datetime.now(UTC),
            traceparent=new_traceparent(),
            data=IdentityVersion(identity=identity, version=version),
        )


class PicturesScaled(_Event):
    """The pictures of an article whose page is live have their other files on disk. Its subject is
    the article's id."""

    type: Literal["pictures.scaled"] = "pictures.scaled"
    data: ScaledPictures


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


class NoticeApproved(_Event):
    """Two people have approved a notice to members: it is to be mailed. Its subject is the
    notice's id."""

    type: Literal["notice.approved"] = "notice.approved"
    data: MemberNotice


class PeopleToBeTold(_Event):
    """Persons of the staff are to hear of something. Its subject is `staff`: whether they do says
    nothing of the article's delivery."""

    type: Literal["people.to_be_told"] = "people.to_be_told"
    data: WordToStaff


class StaffAddressWanted(_Event):
    """A person has got a link to give their address by. Its subject is `staff`."""

    type: Literal["staff.address_wanted"] = "staff.address_wanted"
    data: AddressLink


class PersonGone(_Event):
    """A person was revoked: their address goes. Its subject is `staff`."""

    type: Literal["person.gone"] = "person.gone"
    data: GonePerson


class StaffReachCounted(_Event):
    """Who of the staff can be told of anything has changed, or is counted first. Its subject is
    `staff`."""

    type: Literal["staff.reach_counted"] = "staff.reach_counted"
    data: StaffReach


class DeliveryWanted(_Event):
    type: Literal["delivery.wanted"] = "delivery.wanted"
    data: DeliveryWish


class ChunkPlanned(_Event):
    type: Literal["chunk.planned"] = "chunk.planned"
    data: Chunk


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


class _PostEvent(_Event):
    data: Post


class PostDelivered(_PostEvent):
    type: Literal["post.delivered"] = "post.delivered"


class PostFailed(_PostEvent):
    type: Literal["post.failed"] = "post.failed"


class PageLookedAt(_Event):
    """notify has asked for a page as readers do. Nobody is mailed for it, also of news."""

    type: Literal["page.looked_at"] = "page.looked_at"
    data: OutsideLook


ArticleEvent = ArticlePublished | ArticleRevised | ArticleWithdrawn
PreviewEvent = ArticleSubmitted | PagePreviewed | MailPreviewed
SketchEvent = ArticleSketched | PageSketched | MailSketched
PageEvent = PagePublished | PageWithdrawn
DeliveryEvent = DeliveryStarted | DeliveryProgressed | DeliveryCompleted | DeliveryPaused
PostEvent = PostDelivered | PostFailed
ReferenceEvent = SubjectChanged | SubjectRemoved
StaffEvent = PeopleToBeTold | StaffAddressWanted | PersonGone
Event = (
    ArticleEvent
    | PreviewEvent
    | SketchEvent
    | AuditSealed
    | SiteDressed
    | PicturesScaled
    | NoticeApproved
    | StaffEvent
    | DeliveryWanted
    | PageEvent
    | ChunkPlanned
    | DeliveryEvent
    | PostEvent
    | PageLookedAt
    | StaffReachCounted
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
