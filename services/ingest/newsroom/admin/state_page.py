"""The page of the system's state, in words."""

from datetime import UTC, datetime
from typing import cast

from starlette.requests import Request
from starlette.responses import Response

from services.ingest.lifecycle.life import Life
from services.ingest.newsroom.admin.state import SystemSeen, signs
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.visit import StaffDoor
from services.ingest.parts import Parts
from services.ingest.people.store import People
from services.ingest.receipts.receipt import Receipt, receipt
from services.ingest.receipts.staff_reach import staff_reach
from shared import disk
from shared.bus import dead, lag
from shared.topology import STREAMS, seen_by

_LATELY = 30
"""How many of the newest published articles are looked at."""
_LETTERS = 100
"""How many dead letters of a stream are counted."""


class StatePage:
    def __init__(self, parts: Parts, door: StaffDoor, look: NewsroomLook) -> None:
        self._parts = parts
        self._door = door
        self._look = look
        self._people = People(parts.redis)

    async def show(self, request: Request) -> Response:
        """What is wrong, and what waits."""
        visit = await self._door.staff(request)
        in_review = await self._parts.articles.newest(["in_review"], _LATELY)
        waiting = await self._parts.articles.newest(["approved"], _LATELY)
        receipts = await self._receipts()
        stored = cast("bytes | None", await self._parts.redis.get(disk.key("ingest")))
        seen = SystemSeen(
            now=datetime.now(UTC),
            oldest_seconds=await self._oldest(),
            letters=await dead.letters(self._parts.redis, limit=_LETTERS),
            disks=disk.told([stored]),
            in_review=in_review,
            receipts=receipts,
            approvals=self._parts.rules.approvals,
            approvers=sum(person.may("approver") for person in await self._people.all()),
            reach=await staff_reach(self._parts.redis),
        )
        return self._look.page(
            visit,
            "admin/state.html",
            signs=signs(seen),
            in_review=in_review,
            scheduled=[life for life in waiting if life.due],
            sending=[pair for pair in receipts if pair[1].state == "sending"],
        )

    async def _oldest(self) -> dict[tuple[str, str], float]:
        known = {stream.name for stream in STREAMS}
        streams = [name for name in seen_by("ingest") if name in known]
        return {
            (sample.labels["stream"], sample.labels["group"]): sample.value
            for metric in await lag.measure(self._parts.redis, streams)
            if metric.name == "varsel_group_oldest_seconds"
            for sample in metric.samples
        }

    async def _receipts(self) -> list[tuple[Life, Receipt]]:
        found = []
        for life in await self._parts.articles.newest(["published", "withdrawn"], _LATELY):
            if life.kind == "safety_alert":
                seen = await self._parts.receipts.seen(life.id)
                about = receipt(life, seen.page, seen.deliveries, seen.given_up)
                found.append((life, about))
        return found
