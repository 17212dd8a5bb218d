"""Pages that are looked at, in Redis: taken with a lease, one at a time."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from redis.asyncio import Redis

from services.notify.looks.page import PageToLookAt
from shared.bus import lua
from shared.event_data import OutsideLook
from shared.events import PageEvent, PageLookedAt

PAGES = "notify:looks"
DUE = "notify:looks:due"
LEASE_SECONDS = 30.0
"""A look takes at most 10 (public_site.py)."""
_EVENTS = "deliveries"
_HERE = Path(__file__).parent


class LookPlanning(StrEnum):
    """The answers of plan_look.lua."""

    PLANNED = "planned"
    OLDER = "older"


class LookTaking(StrEnum):
    """The answers of take_look.lua."""

    TAKEN = "taken"
    NONE = "none"


class LookNoting(StrEnum):
    """The answers of note_look.lua."""

    NOTED = "noted"
    OTHER = "other"


class Looks:
    def __init__(self, redis: Redis) -> None:
        self._plan = lua.load(redis, _HERE / "plan_look.lua", LookPlanning)
        self._take = lua.load(redis, _HERE / "take_look.lua", LookTaking)
        self._note = lua.load(redis, _HERE / "note_look.lua", LookNoting)

    async def plan(self, event: PageEvent) -> None:
        """Have the page of this event looked at from now on, in place of an older one of the
        article. Idempotent; redis-py's errors."""
        page = PageToLookAt.of(event)
        await self._plan(
            keys={"pages": PAGES, "due": DUE},
            args={
                "article": page.id,
                "page": page.model_dump_json(),
                "revision": page.revision,
                "withdrawn": page.withdrawn,
            },
        )

    async def take(self) -> PageToLookAt | None:
        """A page that is due, the caller's for `LEASE_SECONDS`; None if none is."""
        answer = await self._take(
            keys={"pages": PAGES, "due": DUE}, args={"lease_ms": _ms(LEASE_SECONDS)}
        )
        if answer.word is LookTaking.NONE:
            return None
        return PageToLookAt.model_validate_json(answer.values[0])

    async def note(self, page: PageToLookAt, found: str, *, pause: timedelta | None) -> None:
        """Tell on `deliveries` what a look found, and look again after `pause`, or never. Nothing
        if the article has another page by now."""
        now = datetime.now(UTC)
        event = PageLookedAt(
            id=f"{page.id}.{page.revision}.{_ms(now.timestamp())}.page.looked_at",
            source="/varsel/notify",
            subject=page.id,
            time=now,
            traceparent=page.traceparent,
            data=OutsideLook(
                article=page.id,
                revision=page.revision,
                withdrawn=page.withdrawn,
                found=found,
                at=now,
            ),
        )
        await self._note(
            keys={"pages": PAGES, "due": DUE, "events": _EVENTS},
            args={
                "article": page.id,
                "page": page.model_dump_json(),
                "pause": None if pause is None else _ms(pause.total_seconds()),
                "event": lua.fields(event),
            },
        )


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
