"""Flow: give people of a list their numbers, new ones and those who were members before."""

from collections.abc import Sequence

from services.notify.members.many import Known
from services.notify.members.member import Member
from services.notify.register.opened import Opened


async def take_in(
    here: Opened, entering: Sequence[tuple[Member, Known | None]], *, after: int, staff: bool
) -> bool:
    """Make members of those, with what is known of each from before; false, without effect, if
    `after` is not the last number. Members whom a register had ended are as before: staff, and with
    their choices. JournalAway if the journal cannot be written.
    """
    assert here.membership, "opened only to look"
    numbered = [(number, known) for number, (_, known) in enumerate(entering, after + 1)]
    earlier = {number: known.found.number for number, known in numbered if known}
    members = [member for member, _ in entering]
    if not await here.membership.bring_back(members, after=after, earlier=earlier):
        return False
    as_before = [
        (number, known) for number, known in numbered if known and known.left and known.left.by_list
    ]
    mark = [number for number, known in as_before if known.left and known.left.was_staff]
    if staff:
        mark = [number for number, _ in numbered]
    if mark:
        await here.members.mark_staff(mark)
    # After the number is theirs: until then it could become that of another person, who wants all
    # alerts.
    before = {known.found.number: number for number, known in as_before}
    for old in await here.choices.picky(list(before)):
        await here.choices.carry_over(old, before[old])
    return True


async def bring_back(here: Opened, ended: Sequence[Known]) -> int:
    """Make members again of those whom a sync ended, as they were, if they have not come back by
    themselves. Gives how many did."""
    while True:
        last = await here.members.last()
        still = await still_ended(here, ended)
        entering = [(known.member, known) for known in still if known.member]
        if not entering or await take_in(here, entering, after=last, staff=False):
            return len(entering)


async def still_ended(here: Opened, ended: Sequence[Known]) -> list[Known]:
    """Those of `ended` who have not come back: their address leads to no newer number."""
    now = await here.many.look([one.member.email for one in ended if one.member])
    return [
        one
        for one, newest in zip(ended, now, strict=True)
        if newest and newest.found.number == one.found.number and not newest.found.moved
    ]
