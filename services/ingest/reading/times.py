"""Days and times as people in Norway mean them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from services.ingest.problems import FieldError
from services.ingest.reading.text_check.findings import Warning
from shared.alert import Alert
from shared.oslo import oslo, oslo_today

PAST = "dagen er passert; skriv en dag som kommer, eller ta bort feltet"
_OFFSETS = (timedelta(hours=1), timedelta(hours=2))
"""Norway's in winter and in summer."""


def is_past(day: date | None) -> bool:
    return day is not None and day < oslo_today()


def refusals(
    alert: Alert | None, publish_at: datetime | None, *, new: bool
) -> Iterator[FieldError]:
    """What no editor means. An alert that is published already may be older than its last day."""
    if new and alert and is_past(alert.review_by):
        yield FieldError("alert.review_by", PAST)
    if publish_at and publish_at.utcoffset() in _OFFSETS and not _is_norwegian(publish_at):
        norwegian = oslo(publish_at)
        season = "sommertid" if norwegian.utcoffset() == _OFFSETS[1] else "vintertid"
        as_written = publish_at.replace(tzinfo=norwegian.tzinfo)
        yield FieldError(
            "publish_at",
            f"den dagen er det {season} i Norge; skriv {as_written.isoformat(timespec='minutes')} "
            f"(kl.\u00a0{as_written:%H.%M}) eller {norwegian.isoformat(timespec='minutes')} "
            f"(kl.\u00a0{norwegian:%H.%M})",
        )


def in_norwegian_time(publish_at: datetime | None) -> tuple[Warning, ...]:
    """What a time in another zone is on the clocks of Norway."""
    if publish_at is None or _is_norwegian(publish_at):
        return ()
    said = f"saken blir publisert {oslo(publish_at):%d.%m.%Y kl. %H.%M} norsk tid"
    return (Warning("publish_at", f"{said}; tiden er skrevet i en annen tidssone"),)


def _is_norwegian(instant: datetime) -> bool:
    return instant.utcoffset() == oslo(instant).utcoffset()
