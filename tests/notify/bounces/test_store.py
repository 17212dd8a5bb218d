"""What waits to be read is kept once, taken by one at a time, and forgotten once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from services.notify.bounces import store as bounces_store
from services.notify.bounces.marks import KEPT, Mark
from services.notify.bounces.store import Bounces, Surge, TooManyWait, told
from services.notify.vault.return_paths import SentMail
from services.notify.vault.vault import Vault
from tests.wait import until

SENT = SentMail(7, 1_790_000_000, 1, 2)


@pytest.fixture
def store(redis: Redis) -> Bounces:
    return Bounces(redis, Vault(bytes(32), bytes(32)))


async def test_what_is_kept_is_taken_by_one_and_comes_again_after_its_lease(
    store: Bounces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounces_store, "LEASE_SECONDS", 0.2)
    await store.keep(SENT, b"a mail\nof two lines")
    (mail,) = await store.take(10)
    assert (mail.sent, mail.content, mail.leaves) == (SENT, b"a mail\nof two lines", None)
    assert await store.take(10) == []
    (again,) = await until(lambda: store.take(10))
    assert again.id == mail.id


async def test_two_who_take_at_once_share_what_there_is(store: Bounces) -> None:
    for _ in range(30):
        await store.keep(SENT, b"")
    taken = await asyncio.gather(*(store.take(10) for _ in range(4)))
    ids = [mail.id for some in taken for mail in some]
    assert len(ids) == len(set(ids)) == 30


async def test_staff_are_told_once_of_a_mail_whoever_says_so_how_often(
    store: Bounces, redis: Redis
) -> None:
    await store.keep(SENT, b"")
    (mail,) = await store.take(1)
    for _ in range(3):
        await store.handled({mail.id: "complaint"})
    assert (await told(redis))["complaint"][0] == 1
    assert await store.waiting() == 0


async def test_beyond_so_many_nothing_more_is_kept(
    store: Bounces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounces_store, "MOST_WAITING", 2)
    await store.keep(SENT, b"")
    await store.keep_leaving(7)
    with pytest.raises(TooManyWait):
        await store.keep(SENT, b"")


async def test_marks_and_surges_are_forgotten_once_they_are_old(
    store: Bounces, redis: Redis
) -> None:
    now = datetime(2026, 11, 28, tzinfo=UTC)
    for delivery, days in (("a1b2c3d4e5f6.1", 401), ("a1b2c3d4e5f6.2", 399)):
        at = int((now - timedelta(days=days)).timestamp())
        await store.mark(7, "d", Mark(delivery, at, "5.1.1", at, "0" * 16))
    for domain, days in (("old.example", 401), ("new.example", 399)):
        surge = Surge(domain, 12, now - timedelta(days=days))
        await store.void([], store.domain(f"@{domain}"), surge)
    await store.forget_old(7, before=now - KEPT)
    (mark,) = (await store.marks([7]))[7]
    assert mark.delivery == "a1b2c3d4e5f6.2"
    assert [surge.domain for surge in await store.surges()] == ["new.example"]


async def test_what_another_key_has_sealed_is_told_as_unreadable(redis: Redis) -> None:
    await Bounces(redis, Vault(b"x" * 32, bytes(32))).keep(SENT, b"")
    (mail,) = await Bounces(redis, Vault(bytes(32), bytes(32))).take(1)
    assert (mail.sent, mail.leaves) == (None, None)
