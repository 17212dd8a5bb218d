"""What events carry: the models of their `data`. None holds anything about a member."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from shared.alert import Mode
from shared.article import ArticleId
from shared.content_hash import ContentHash
from shared.fields import Model
from shared.revision import Revision, Sha256
from shared.text import Line

DeliveryId = Annotated[str, Field(pattern=r"^[0-9a-z]{8,32}\.[0-9]+$")]


DeliveryKind = Literal["alert", "correction", "withdrawal", "notice"]
"""What is mailed: an alert, word of what became of one, or a notice to members."""


DeliveryCommand = Literal["hold", "resume", "cancel", "again"]
"""What may be asked of a delivery: `hold` it, `resume` it, `cancel` what is left of it, or try
`again` those whom it failed to reach."""


DeliveryState = Literal["waiting_for_page", "sending", "paused", "stuck", "complete"]


class Preview(Model):
    """A revision that is not published, to be looked at before it is approved."""

    revision: Revision
    token: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """Anybody who knows it may look at the page."""

    @property
    def path(self) -> str:
        """The page's path in the site, while the revision waits."""
        return f"/utkast/{self.token}/"


class MailSketch(Model):
    """The mail of an article that is being written, as made for a made-up member."""

    article: ArticleId
    sha256: ContentHash
    """Of the content that it was made of."""
    subject: str
    text: str
    html: str


class MailPreview(Model):
    """The mail of a revision that waits for approval, as made for a made-up member."""

    article: ArticleId
    revision: Annotated[int, Field(ge=1)]
    sha256: ContentHash
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
    no_address: Annotated[int, Field(ge=0)] = 0
    """The same, since their address is gone, by what came back."""
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


class Seal(Model):
    """The audit trail up to the end of a day."""

    day: date
    entries: Annotated[int, Field(ge=0)]
    """How many there are up to then."""
    root: Sha256
    """The last one's hash; with it nobody can change any of them unseen."""


class Chunk(Model):
    delivery: DeliveryId
    chunk: Annotated[int, Field(ge=0)]
    """Number of the chunk; which members it holds only notify knows."""


class DeliveryWish(Model):
    """What somebody of the staff asks of a delivery."""

    delivery: DeliveryId
    command: DeliveryCommand
    sequence: Annotated[int, Field(ge=1)]
    """Of what is asked of one delivery, the greatest is the newest. It is the time in milliseconds
    since 1970, or one more than the one before: so it is not given twice, also by a Redis that was
    put back to a copy."""
    seen: str = ""
    """The delivery's cause as whoever asked saw it. `resume` lifts this and nothing that came
    since."""
    by: Line
    """The person's id."""


FailureCause = Literal["no_address", "closed", "full", "refused", "not_reached", "other"]
"""Why mail did not arrive: there is no such address; the mailbox is closed, or full; whoever takes
its mail in refuses ours; they could not be reached for days; or no reason that says more."""


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
    failed_by: dict[FailureCause, int] = Field(default_factory=dict)
    """`failed`, by why. Causes with nobody are left out."""
    bounced_by: dict[FailureCause, int] = Field(default_factory=dict)
    """`bounced`, by why."""
    put_off_until: AwareDatetime | None = None
    """When the first of those come again whom their relays put off. None if nobody was; it may be
    in the past."""
    heeded: Annotated[int, Field(ge=0)] = 0
    """The `sequence` of the newest wish about it that notify has heard; 0 if there was none."""
    page_passed: Literal["", "patience", "person"] = ""
    """Why mail goes though readers were not seen to get the page: nobody could tell, and notify
    waited long enough; or a person let it go. Empty if neither is so."""
    sequence: Annotated[int, Field(ge=0)]
    """Grows with every status of this delivery: the greatest is the newest."""


class OutsideLook(Model):
    """What notify saw when it last asked for a page as readers do, at the public address."""

    article: ArticleId
    revision: Annotated[int, Field(ge=1)]
    """The one that the page should show, or a newer one."""
    withdrawn: bool
    """The page should say that the article is withdrawn."""
    found: str = ""
    """Empty if it is as it should be; else `page_wrong` and why if readers get something else,
    `page_unseen` and why if that cannot be told, as in the `cause` of `DeliveryStatus`."""
    at: AwareDatetime


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
    again_at: AwareDatetime | None = None
    """When the next one will; None if there is none."""
