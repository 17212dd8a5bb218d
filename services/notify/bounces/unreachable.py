"""The members whose mail no longer arrives, for staff to find out how to reach them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from services.notify.bounces.marks import AddressStanding, Mark
from services.notify.bounces.refused import Refusals, refused
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
    """Any but `WELL`."""
    codes: tuple[str, ...]
    """With which mail came back, or was refused, each once."""
    deliveries: int
    """That did not arrive."""
    first: datetime
    """When mail came back, or was refused, first."""
    last: datetime
    """And last."""


async def unreachable(
    store: Bounces, members: Members, *, now: datetime | None = None
) -> list[Unreachable]:
    """All of them, by number; those who have left are not among them. redis-py's errors."""
    now = now or datetime.now(UTC)
    marks = await store.all_marks(await members.last())
    refusals = await refused(members.redis)
    numbers = marks.keys() | refusals.keys()
    left = await members.left(numbers)
    records = await members.records([number for number in numbers if number not in left])
    standings = Standings(store, members)
    found = []
    for number in sorted(records):
        mine = marks.get(number, [])
        standing, member = standings.of(number, records[number], mine, now)
        if member is None:
            continue
        if standing is not AddressStanding.WELL:
            address = store.address(member.email)
            found.append(
                _by_marks(number, member, standing, [m for m in mine if m.address == address])
            )
        elif number in refusals:
            found.append(_by_refusals(number, member, refusals[number]))
    return found


def _by_marks(
    number: int, member: Member, standing: AddressStanding, marks: list[Mark]
) -> Unreachable:
    mine = sorted(marks, key=lambda mark: mark.at)
    return Unreachable(
        number,
        member,
        standing,
        codes=tuple(dict.fromkeys(mark.code for mark in mine)),
        deliveries=len(mine),
        first=datetime.fromtimestamp(mine[0].at, UTC),
        last=datetime.fromtimestamp(mine[-1].at, UTC),
    )


def _by_refusals(number: int, member: Member, refusals: Refusals) -> Unreachable:
    return Unreachable(
        number,
        member,
        AddressStanding.REFUSED,
        codes=tuple(dict.fromkeys(refusals.codes)),
        deliveries=len(refusals.codes),
        first=refusals.first,
        last=refusals.last,
    )
