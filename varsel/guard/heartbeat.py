"""Pure: what the site's heartbeat says, which followers go by (docs/followers.md)."""

import json
from datetime import datetime, timedelta
from http import HTTPStatus

from pydantic import ValidationError

from services.notify.deliveries.live_page import Reading
from services.notify.posting.send_heartbeats import LATE_SECONDS, SeenAlive
from shared.oslo import oslo
from varsel.guard.sight import SeenHeartbeat

_STANDS = "urn:varsel:problem:chain-stands"
_LONGEST = 120
"""Characters of what the site says that are told on."""


def seen_heartbeat(reading: Reading, wrong: str) -> SeenHeartbeat:
    """What was read at its address; `wrong` is what is wrong with that as with any page."""
    if wrong:
        stands = _what_stands(reading) if reading.status == HTTPStatus.SERVICE_UNAVAILABLE else ""
        return SeenHeartbeat(wrong=f"{wrong}: {stands}" if stands else wrong)
    try:
        found = SeenAlive.model_validate_json(reading.html)
    except ValidationError:
        return SeenHeartbeat(wrong="er ikke noe livstegn")
    if not _belongs(found):
        return SeenHeartbeat(wrong="sier to ting om hva som er nyest")
    return SeenHeartbeat(alive_at=found.alive_at)


def off_by(alive_at: datetime, at: datetime) -> tuple[str, timedelta]:
    """What is wrong with the time that it says, seen at `at`, and by how much; empty if nothing is.
    The site looks anew every few seconds, so whatever is older was said by something in between."""
    off = at - alive_at
    if abs(off) <= timedelta(seconds=LATE_SECONDS):
        return "", off
    says = f"sier {oslo(alive_at):%d.%m.%Y kl. %H.%M}"
    if off < timedelta(0):
        return f"{says}, som ikke har vært ennå; går klokkene likt?", -off
    return f"{says}, som er for lenge siden; et mellomlager, eller går klokkene ulikt?", off


def _belongs(found: SeenAlive) -> bool:
    """Whether the address to begin at is the one of what is newest: else followers who begin there
    miss what is between them, or are told that there is no such change."""
    _, has_place, since = found.changes.partition("?since=")
    return since == found.newest_change if has_place else found.newest_change is None


def _what_stands(reading: Reading) -> str:
    """Which part of the way the site says stands still; empty if it does not say."""
    try:
        said = json.loads(reading.html)
        detail = said["detail"] if said["type"] == _STANDS else ""
    except (ValueError, KeyError, TypeError):
        return ""
    return detail[:_LONGEST] if isinstance(detail, str) and detail.isprintable() else ""
