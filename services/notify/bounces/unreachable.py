"""The members whose mail no longer arrives, for staff to find out how to reach them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from services.notify.bounces.marks import AddressStanding
from services.notify.bounces.standings import Standings
from services.notify.bounces.store import Bounces
from services.notify.members.member import Member
from services.notify.members.store import Members


@dataclass(frozen=True)
class Unreachable:
    """A member whose mail does not arrive."""

    number: int
    member: Member
    standing: AddressStanding
    """`GONE` or `SERIES`."""
    codes: tuple[str, ...]
    """With which mail came back, each once."""
    deliveries: int
    """That did not arrive."""
    first: datetime
    """When mail came back first."""
    last: datetime
    """And last."""


async def unreachable(
    store: Bounces, members: Members, *, now: datetime | None = None
) -> list[Unreachable]:
    """All of them, by number; those who have left are not among them. redis-py's errors."""
    now = now or datetime.now(UTC)
    marks = await store.all_marks(await members.last())
    left = await members.left(list(marks))
    records = await members.records([number for number in marks if number not in left])
    standings = Standings(store, members)
    found = []
    for number in sorted(records):
        standing, member = standings.of(number, records[number], marks[number], now)
        if standing is AddressStanding.WELL or member is None:
            continue
        address = store.address(member.email)
        mine = sorted((m for m in marks[number] if m.address == address), key=lambda m: m.at)
        found.append(
            Unreachable(
                number,
                member,
                standing,
                codes=tuple(dict.fromkeys(mark.code for mark in mine)),
                deliveries=len(mine),
                first=datetime.fromtimestamp(mine[0].at, UTC),
                last=datetime.fromtimestamp(mine[-1].at, UTC),
            )
        )
    return found
