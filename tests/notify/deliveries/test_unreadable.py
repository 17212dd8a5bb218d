"""Members whose records do not open: one is a damaged record, all are a wrong key of ours."""

from shutil import rmtree

import pytest

from services.notify.ledger.control import control
from services.notify.members.member import Member
from services.notify.members.store import Members
from services.notify.vault import keys
from services.notify.vault.vault import Vault
from tests.notify.revisions import original
from tests.notify.steps import DELIVERY, addresses, balanced
from tests.notify.system import System, running
from tests.wait import until

HELD = "chunks held_unreadable"


async def join_under_another_key(notify: System, *emails: str) -> None:
    """As if the members, or the keys, had come from another system."""
    members = Members(notify.redis, Vault(b"other-vault-key-of-32-bytes-long", bytes(32)))
    new = [Member(email, "Kåre Eksempel", "nb", "consent") for email in emails]
    assert await members.add(new, after=await members.last())


@pytest.mark.parametrize("count", [1, 3, 1300])
async def test_a_delivery_in_which_nobody_can_be_read_pauses_and_blames_no_member(
    notify: System, count: int
) -> None:
    await join_under_another_key(notify, *addresses(count))
    async with running(notify) as bus:
        await notify.publish(original)
        found = await notify.delivery("paused")
        assert (found["cause"], found["failed"], found["open"]) == ("unreadable", 0, count)
        await until(lambda: HELD in bus.problems())
        await until(lambda: notify.redis.exists("deliveries"))
    assert notify.relay.mails == []
    assert await notify.redis.hgetall(f"notify:failures:{DELIVERY}") == {}
    await balanced(notify)


async def test_it_goes_on_once_the_key_is_mended_and_a_person_says_so(notify: System) -> None:
    right = await notify.members()
    own = await notify.redis.hgetall(keys.KEYS)
    await notify.join(*addresses(20))
    await notify.redis.delete(keys.KEYS)
    async with running(notify):
        await notify.publish(original)
        await notify.delivery("paused")
    await notify.redis.hset(keys.KEYS, mapping=own)
    rmtree(notify.settings.journal_folder)  # it was begun with the wrong key
    async with running(notify):
        await control(notify.redis, DELIVERY, "resume")
        found = await notify.delivery()
    assert (found["handed_over"], found["failed"]) == (20, 0)
    assert sorted(notify.relay.recipients()) == sorted(addresses(20))
    assert await right.last() == 20


async def test_members_of_whom_a_whole_chunk_is_damaged_have_failed_since_others_can_be_read(
    notify: System,
) -> None:
    await join_under_another_key(notify, *addresses(999))
    await notify.join(*(f"hel{n}@example.org" for n in range(600)))
    async with running(notify):
        await notify.publish(original)
        found = await notify.delivery()
    assert (found["handed_over"], found["failed"]) == (600, 999)
