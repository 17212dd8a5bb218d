"""Passkeys of members are sealed, found by whoever shows one, and gone with the member."""

import base64
import secrets

from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.letters import store as letters
from services.notify.outbox.accepted_letter import AcceptedLetter
from services.notify.passkeys.store import MOST, MemberPasskeys
from services.notify.vault.vault import Vault
from shared.passkeys.ceremonies import Passkey

VAULT = Vault(b"v" * 32, b"i" * 32)
ONE = Passkey("RW5lbg", "bm9ra2Vs", 1, is_synced=True)


def a_letter() -> AcceptedLetter:
    id_ = secrets.token_hex(16)
    return AcceptedLetter(id_, letters.letter_key(id_), letters.QUEUE, [], b"sealed", 60_000)


def _said(handle: bytes) -> str:
    return base64.urlsafe_b64encode(handle).decode().rstrip("=")


async def test_a_passkey_is_found_by_its_id_and_its_members_handle(redis: Redis) -> None:
    passkeys = MemberPasskeys(redis, VAULT)
    assert await passkeys.add(7, ONE, a_letter())
    found = await passkeys.find(ONE.id, _said(passkeys.handle(7)))
    assert found
    assert (found.number, found.record.passkey) == (7, ONE)
    assert await passkeys.find(ONE.id, _said(passkeys.handle(8))) is None
    assert await passkeys.find("QW5uZW4", _said(passkeys.handle(7))) is None


@given(st.text(max_size=60))
async def test_a_handle_that_is_not_ours_is_nobodys(handle: str) -> None:
    assert await MemberPasskeys(Redis(port=1), VAULT).find(ONE.id, handle) is None


async def test_a_copy_of_redis_tells_neither_the_passkey_nor_whose_device_has_it(
    redis: Redis,
) -> None:
    passkeys = MemberPasskeys(redis, VAULT)
    await passkeys.add(7, ONE, a_letter())
    [key] = [key async for key in redis.scan_iter("notify:passkeys:*")]
    kept = b"".join([part for pair in (await redis.hgetall(key)).items() for part in pair])
    for secret in (ONE.id.encode(), ONE.public_key.encode(), passkeys.handle(7)):
        assert secret not in kept


async def test_a_count_is_noted_once_and_a_removed_passkey_stays_removed(redis: Redis) -> None:
    passkeys = MemberPasskeys(redis, VAULT)
    await passkeys.add(7, ONE, a_letter())
    handle = _said(passkeys.handle(7))
    found = await passkeys.find(ONE.id, handle)
    assert found
    assert await passkeys.note_use(found, 2)
    assert not await passkeys.note_use(found, 2)
    again = await passkeys.find(ONE.id, handle)
    assert again
    assert again.record.count == 2
    await passkeys.remove(7, ONE.id, a_letter())
    assert not await passkeys.note_use(again, 3)
    assert await passkeys.find(ONE.id, handle) is None


async def test_nothing_is_left_of_whoever_is_erased_and_nothing_comes_after(redis: Redis) -> None:
    passkeys = MemberPasskeys(redis, VAULT)
    await passkeys.add(7, ONE, a_letter())
    await redis.setrange("notify:gone", 7, b"\7")
    await passkeys.forget(7)
    assert not await passkeys.add(7, ONE, a_letter())
    assert await redis.keys("notify:passkeys:*") == []
    assert await passkeys.add(8, ONE, a_letter()), "another's number"


async def test_nobody_fills_redis_with_passkeys(redis: Redis) -> None:
    passkeys = MemberPasskeys(redis, VAULT)
    added = [
        await passkeys.add(7, Passkey(f"id{n}", "k", 0, is_synced=False), a_letter())
        for n in range(MOST + 3)
    ]
    assert sum(added) == MOST
    assert len(await passkeys.of([7, 8])) == MOST


async def test_each_that_is_added_or_removed_is_told_once_and_nothing_else_is(
    redis: Redis,
) -> None:
    passkeys = MemberPasskeys(redis, VAULT)
    added, removed = a_letter(), a_letter()
    assert await passkeys.add(7, ONE, added)
    await passkeys.remove(7, "QW5uZW4", a_letter())
    await passkeys.remove(7, ONE.id, removed)
    await passkeys.remove(7, ONE.id, a_letter())
    await redis.setrange("notify:gone", 8, b"\7")
    assert not await passkeys.add(8, ONE, a_letter())
    waiting = await redis.zrange(letters.QUEUE, 0, -1)
    assert sorted(waiting) == sorted(one.id.encode() for one in (added, removed))
