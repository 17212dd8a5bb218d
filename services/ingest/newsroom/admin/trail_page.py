"""The page of the audit trail: who did what, and whether it is as it was written."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.audit.entries import Broken, TrailEntry
from services.ingest.audit.trail import Trail
from services.ingest.newsroom.admin.trail_check import TrailChecks
from services.ingest.newsroom.admin.trail_words import BROKEN, actor, words
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor
from services.ingest.parts import Parts

ON_A_PAGE = 50
"""Entries of the audit trail."""


@dataclass(frozen=True)
class ShownEntry:
    number: int
    at: datetime
    actor: str
    what: str
    """In words, with places for the values."""
    values: dict[str, str]
    article: str
    revision: int
    note: str


class TrailPage:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._door = door
        self._look = look
        self._trail = Trail(parts.redis)
        self._checks = TrailChecks(self._trail)

    async def show(self, request: Request) -> Response:
        """The newest entries, or those before number `til`. With `sjekk`, the whole trail is
        checked; until that is done, the page says how far it is, and asks again by itself."""
        visit = await self._door.staff(request, "approver")
        head = await self._trail.head()
        last = min(_number(request.query_params.get("til")) or head.number, head.number)
        first = max(1, last - ON_A_PAGE + 1)
        lines = await self._trail.between(first, last)
        asked = request.query_params.get("sjekk")
        check = None if asked is None else self._checks.find(asked)
        checked = await check.outcome() if check else None
        return self._look.page(
            visit,
            "admin/trail.html",
            entries=[_shown(number, line) for number, line in reversed(lines)],
            total=head.number,
            older=first - 1,
            newer=min(last + ON_A_PAGE, head.number) if last < head.number else 0,
            check=check,
            checked=checked,
            is_broken=isinstance(checked, Broken),
            broken=BROKEN[checked.why] if isinstance(checked, Broken) else "",
        )


def _shown(number: int, line: bytes | None) -> ShownEntry | None:
    """None if the entry is missing or cannot be read."""
    try:
        entry = TrailEntry.of(line or b"")
        at = datetime.fromisoformat(entry.time)
    except (ValueError, TypeError):
        return None
    what, values = words(entry)
    return ShownEntry(
        number=number,
        at=at,
        actor=actor(entry),
        what=what,
        values=values,
        article=entry.article if entry.sha256 else "",
        revision=entry.revision,
        note=str(entry.detail.get("note", "")),
    )


def _number(given: str | None) -> int:
    return int(given) if given and given.isascii() and given.isdecimal() and len(given) < 10 else 0
