"""What the guard sees in one look, and what it keeps from look to look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field


class SeenReceipt(BaseModel):
    """What the API says has become of an alert, as far as the guard goes by it."""

    state: str
    cause: str = ""
    audience: int = 0
    handed_over: int = 0
    failed: int = 0
    suppressed: int = 0
    open: int = 0
    put_off_until: AwareDatetime | None = None
    about: dict[str, object] | None = None
    """None if nobody is owed mail."""


class SeenAlert(BaseModel):
    """An alert as `GET /api/receipts` lists it."""

    article: str
    path: str
    revision: int
    sha256: str
    withdrawn: bool
    mode: str
    owed_since: AwareDatetime
    delivery: str | None
    receipt: SeenReceipt


class AlertProgress(BaseModel):
    """How far an alert was, and since when that has not changed."""

    numbers: list[int | str]
    since: AwareDatetime


class OpenTrouble(BaseModel):
    """A trouble that is not over."""

    since: AwareDatetime
    last_seen: AwareDatetime
    words: str
    rung: bool = False


class MailSeen(BaseModel):
    """How far the probes' mailbox was read, and what was found in it."""

    life: str = ""
    """IMAP's number of the mailbox's life (UIDVALIDITY)."""
    last: int = 0
    """The number of the last mail that was read."""
    found: dict[str, list[str]] = Field(default_factory=dict)
    """By probe, the deliveries whose mail it has got, the newest last."""


class Message(BaseModel):
    """What somebody is to be told, and by whom that has not been taken yet."""

    at: AwareDatetime
    is_fault: bool
    lines: list[str]
    by: list[str]
    """`mail`, `webhook`."""


class Memory(BaseModel):
    """All that the guard keeps. It outlives the process."""

    troubles: dict[str, OpenTrouble] = Field(default_factory=dict)
    """By what they are and whom they are about."""
    alerts: list[SeenAlert] = Field(default_factory=list)
    """As the API last listed them."""
    progress: dict[str, AlertProgress] = Field(default_factory=dict)
    """By article."""
    mail: MailSeen = Field(default_factory=MailSeen)
    unsent: list[Message] = Field(default_factory=list)


@dataclass(frozen=True)
class SeenHeartbeat:
    """The site's heartbeat, as followers see it."""

    wrong: str = ""
    """What is wrong with it, whatever its age; empty if nothing is."""
    alive_at: datetime | None = None
    """When it says that all was alive; None if it says nothing."""


@dataclass(frozen=True)
class Sight:
    """What one look saw."""

    at: datetime
    places: Mapping[str, str] = field(default_factory=dict)
    """By path, what is wrong with what is there; empty if nothing is."""
    heartbeat: SeenHeartbeat = SeenHeartbeat()
    api: str = ""
    """Why receipts could not be read; empty if they were."""
    alerts: tuple[SeenAlert, ...] = ()
    """As the API lists them; nothing if it could not be read."""
    certificate_ends: datetime | None = None
    """None if the site has none, or it was not seen."""
    mailbox: str = ""
    """Why the mailbox could not be read; empty if it was, or there is none."""
    mail: Mapping[str, frozenset[str]] | None = None
    """By probe, the deliveries whose mail it has; None if that is not known, or not looked for."""
