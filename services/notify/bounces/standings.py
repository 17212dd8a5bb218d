"""How members' addresses stand, by their marks and the addresses that they have now."""

from collections.abc import Mapping
from datetime import datetime

from cryptography.exceptions import InvalidTag

from services.notify.bounces.marks import AddressStanding, Mark, standing
from services.notify.bounces.store import Bounces
from services.notify.members.member import Member
from services.notify.members.store import Members


class Standings:
    """The methods raise redis-py's errors."""

    def __init__(self, store: Bounces, members: Members) -> None:
        self._store = store
        self._members = members

    async def gone(self, records: Mapping[int, bytes], *, now: datetime) -> set[int]:
        """Those of some members, by number with their sealed records, whose address is gone: they
        are mailed no new alert."""
        marks = await self._store.marks(list(records))
        found = {n: self.of(n, records[n], mine, now) for n, mine in marks.items()}
        return {n for n, (stands, _) in found.items() if stands is AddressStanding.GONE}

    async def all_gone(self, *, now: datetime) -> list[int]:
        """The numbers of all whose address is gone, those who have left among them. What it costs
        goes by the marks that there are, not by the members."""
        marks = await self._store.all_marks(await self._members.last())
        suspects = [number for number, mine in marks.items() if len(mine) > 1]  # one never is
        records = await self._members.records(suspects)
        return [
            number
            for number, record in records.items()
            if self.of(number, record, marks[number], now)[0] is AddressStanding.GONE
        ]

    def of(
        self, number: int, sealed: bytes, marks: list[Mark], now: datetime
    ) -> tuple[AddressStanding, Member | None]:
        """How the address in a sealed record stands, and the member; none if it does not open."""
        try:
            member = self._members.open(number, sealed)
        except (InvalidTag, TypeError, ValueError):
            return AddressStanding.WELL, None
        address = self._store.address(member.email)
        return standing(marks, address=address, now=now), member
