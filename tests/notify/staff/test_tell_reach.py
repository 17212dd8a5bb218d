"""notify tells how many of the staff can be told of anything, and nothing else of them."""

from services.notify.staff.store import ADDRESSES
from shared.events import StaffReachCounted
from shared.staff import StaffReach
from tests.notify.system import System, running
from tests.wait import until


async def test_a_number_is_told_at_the_start_and_when_it_changes(notify: System) -> None:
    async def told() -> list[StaffReach]:
        found = [one for one in await notify.all_told() if isinstance(one, StaffReachCounted)]
        return [one.data for one in found]

    nobody, one = (StaffReach(addresses=count, webhook=False) for count in (0, 1))

    async def is_told(*wanted: StaffReach) -> bool:
        return await told() == list(wanted)

    async with running(notify):
        await until(lambda: is_told(nobody))
        await notify.redis.hset(ADDRESSES, "0" * 16, "sealed")
        await until(lambda: is_told(nobody, one))
    async with running(notify):  # a start tells nothing that was told
        await notify.redis.hdel(ADDRESSES, "0" * 16)
        await until(lambda: is_told(nobody, one, nobody))
