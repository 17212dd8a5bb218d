"""Pure: what troubles there are in what was seen, and how long each may last before it rings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.notify.posting.send_heartbeats import PATH as HEARTBEAT
from varsel.guard.heartbeat import off_by
from varsel.guard.sight import AlertProgress, Memory, SeenAlert, Sight

CERTIFICATE_LEFT = timedelta(days=14)
"""A certificate that is renewed by itself is so 30 days before its end."""
AT_ONCE = timedelta(0)
_DECIDED = ("operator", "cancelled", "superseded")
"""Causes by which a person has decided that no mail goes."""
_SETTLED = ("none", "complete")


@dataclass(frozen=True)
class Patience:
    """How long it may be so before it rings."""

    page: timedelta
    still: timedelta
    mail: timedelta


@dataclass(frozen=True)
class GuardTrouble:
    """Something that is not as it should be."""

    kind: str
    about: str
    words: str
    limit: timedelta
    """How long it may last."""
    since: datetime | None = None
    """None: since it was first seen."""

    @property
    def key(self) -> str:
        return f"{self.kind} {self.about}".strip()


def troubles(sight: Sight, memory: Memory, limits: Patience) -> list[GuardTrouble]:
    """All troubles that are seen now. `memory` has the alerts and their progress as of this very
    look."""
    return [
        *_of_places(sight, limits),
        *_of_heartbeat(sight, limits),
        *_of_certificate(sight),
        *_of_receipts(sight, memory, limits),
        *_of_mail(sight, memory, limits),
    ]


def unknown_kinds(sight: Sight) -> set[str]:
    """Kinds of trouble of which this look can say nothing: they stay as they are."""
    return {
        *(["receipt"] if sight.api else []),
        *(["mail"] if sight.mail is None else []),
        *(["certificate"] if sight.certificate_ends is None else []),
    }


def progress(sight: Sight, before: Mapping[str, AlertProgress]) -> dict[str, AlertProgress]:
    """How far each alert is, and since when."""
    if sight.api:
        return dict(before)
    now = {alert.article: _numbers(alert) for alert in sight.alerts}
    return {
        article: before[article]
        if article in before and before[article].numbers == numbers
        else AlertProgress(numbers=numbers, since=sight.at)
        for article, numbers in now.items()
    }


def _numbers(alert: SeenAlert) -> list[int | str]:
    of = alert.receipt
    sums = (of.audience, of.handed_over, of.failed, of.suppressed, of.open)
    return [alert.revision, alert.delivery or "", of.state, of.cause, *sums]


def _of_places(sight: Sight, limits: Patience) -> Iterator[GuardTrouble]:
    for path, wrong in sight.places.items():
        if wrong:
            yield GuardTrouble("page", path, f"{path}: {wrong}", limits.page)
    if sight.api:
        yield GuardTrouble("api", "", f"Kvitteringene kan ikke leses: {sight.api}", limits.page)
    if sight.mailbox:
        words = f"Postkassen til prøvemedlemmene kan ikke leses: {sight.mailbox}"
        yield GuardTrouble("mailbox", "", words, limits.page)


def _of_heartbeat(sight: Sight, limits: Patience) -> Iterator[GuardTrouble]:
    """Its age counts from when it says that all was alive, not from when that was first seen."""
    wrong, since = sight.heartbeat.wrong, None
    if not wrong and sight.heartbeat.alive_at:
        wrong, off = off_by(sight.heartbeat.alive_at, sight.at)
        since = sight.at - off
    if wrong:
        yield GuardTrouble("heartbeat", "", f"{HEARTBEAT}: {wrong}", limits.page, since)


def _of_certificate(sight: Sight) -> Iterator[GuardTrouble]:
    if sight.certificate_ends and sight.certificate_ends - sight.at < CERTIFICATE_LEFT:
        words = f"Nettstedets sertifikat går ut {sight.certificate_ends:%d.%m.%Y}"
        yield GuardTrouble("certificate", "", words, AT_ONCE)


def _of_receipts(sight: Sight, memory: Memory, limits: Patience) -> Iterator[GuardTrouble]:
    for alert in [] if sight.api else memory.alerts:
        of, about = alert.receipt, alert.article
        where = f"Varselet på {alert.path}"
        if of.state == "stuck":
            yield GuardTrouble(
                "receipt", about, f"{where} har stoppet: en hendelse er gitt opp", AT_ONCE
            )
        elif of.state == "waiting_for_page":
            words = f"{where} venter på siden sin, og ingen får e-post"
            yield GuardTrouble("receipt", about, words, limits.page, alert.owed_since)
        elif (
            of.state not in _SETTLED and of.cause not in _DECIDED and not _is_put_off(alert, sight)
        ):
            cause = f" ({of.cause})" if of.cause else ""
            words = f"Utsendingen av {alert.path} står stille med {of.open} igjen{cause}"
            yield GuardTrouble("receipt", about, words, limits.still, memory.progress[about].since)


def _is_put_off(alert: SeenAlert, sight: Sight) -> bool:
    """The members' own mail hosts asked to be tried again later: that is nothing unusual."""
    again = alert.receipt.put_off_until
    return alert.receipt.state == "sending" and again is not None and again > sight.at


def _of_mail(sight: Sight, memory: Memory, limits: Patience) -> Iterator[GuardTrouble]:
    for alert in memory.alerts:
        of = alert.receipt
        if alert.mode != "actual" or of.about is None or of.cause in _DECIDED:
            continue
        for probe, got in (sight.mail or {}).items():
            if alert.delivery not in got:
                words = f"Prøvemedlemmet {probe} har ikke fått e-posten om {alert.path}"
                about = f"{alert.article} {probe}"
                yield GuardTrouble("mail", about, words, limits.mail, alert.owed_since)
