from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.notify.ledger.expire_members import expire
from services.notify.ledger.forget import KEPT, forget
from services.notify.members.membership import Membership
from services.notify.members.opened import open_membership
from services.notify.members.returning import barred
from services.notify.members.store import leave
from services.notify.on_change import on_change
from tests.notify.members.people import ended, member
from tests.notify.notices import approved, tell
from tests.notify.revisions import original
from tests.notify.system import System, running
from tests.wait import until

KARI, OLA, EVA = (f"{name}@example.org" for name in ("kari", "ola", "eva"))
LONG_AGO = datetime.now(UTC) - timedelta(days=40)


@pytest.fixture
async def those(notify: System) -> AsyncIterator[Membership]:
    async with open_membership(notify.redis, notify.settings, on_change) as membership:
        yield membership


async def kept(those: Membership) -> set[int]:
    return set(await those.members.records(range(1, await those.members.last() + 1)))


async def test_records_of_those_who_left_go_once_the_term_is_over(
    notify: System, those: Membership
) -> None:
    await notify.join(KARI, OLA, EVA)
    await leave(notify.redis, 1, at=LONG_AGO)
    await leave(notify.redis, 2)
    assert await expire(notify.redis, those, 30) == 1
    assert await kept(those) == {2, 3}
    assert await expire(notify.redis, those, 30) == 0
    (found,) = await those.members.find([KARI])
    assert found
    assert (found.left, found.erased) == (True, False)
    how = await those.endings.how_left([1])
    assert barred(found, how[1], datetime.now(UTC).date()) is None


async def test_whom_an_alert_may_have_reached_is_kept_while_it_can_be_corrected(
    notify: System, those: Membership
) -> None:
    await notify.join(KARI, OLA)
    await leave(notify.redis, 2, at=LONG_AGO)  # before the alert
    async with running(notify):
        await notify.publish(original)
        delivery = await notify.delivery()

        async def one_is_gone() -> bool:
            return await kept(those) == {1}

        await until(one_is_gone)  # notify does so itself
    await leave(notify.redis, 1, at=LONG_AGO)
    assert await expire(notify.redis, those, 30) == 0
    assert await kept(those) == {1}
    started = datetime.fromisoformat(str(delivery["started"])) - KEPT - timedelta(days=1)
    await notify.redis.zadd("notify:deliveries", {str(delivery["id"]): started.timestamp()})
    await forget(notify.redis)
    assert await expire(notify.redis, those, 30) == 1
    assert await kept(those) == set()


async def test_a_notice_keeps_nobodys_record_once_it_is_mailed(
    notify: System, those: Membership
) -> None:
    await notify.join(KARI, OLA)
    async with running(notify):
        await tell(notify, approved("Kari", "Anne"))
        await notify.delivery()
    await leave(notify.redis, 1, at=LONG_AGO)
    assert await expire(notify.redis, those, 30) == 1
    assert await kept(those) == {2}


async def test_an_old_mail_leads_to_who_came_back_after_the_first_record_went(
    notify: System, those: Membership
) -> None:
    await notify.join(KARI)
    await leave(notify.redis, 1, at=LONG_AGO)
    assert await those.join(member(KARI)) == 2
    await leave(notify.redis, 2, at=LONG_AGO)
    assert await those.join(member(KARI)) == 3
    assert await expire(notify.redis, those, 30) == 2
    assert await those.members.numbers_of(1) == [3, 2, 1]
    assert await those.leave(1) == 3
    assert await those.members.left([3]) == {3}


async def test_a_thread_that_outlived_its_records_goes_with_the_member(
    notify: System, those: Membership
) -> None:
    await notify.join(KARI)
    await leave(notify.redis, 1, at=LONG_AGO)
    await those.join(member(KARI))
    await expire(notify.redis, those, 30)
    await those.erase(2)
    assert await notify.redis.exists("notify:earlier", "notify:later", "notify:left_at:0") == 0


async def test_whom_a_register_ended_is_kept_while_that_can_be_undone(
    notify: System, those: Membership
) -> None:
    await notify.join(KARI, OLA)
    now = datetime.now(UTC)
    for number, days in ((1, 30), (2, 32)):
        await ended(notify.redis, those.members, number, now - timedelta(days=days))
    assert await expire(notify.redis, those, 0) == 1
    assert await kept(those) == {1}


async def test_members_are_never_expired(notify: System, those: Membership) -> None:
    await notify.join(KARI, OLA)
    assert await expire(notify.redis, those, 0) == 0
    assert await kept(those) == {1, 2}
