"""The audit of a ledger can fail; that of mails is in test_versions.py."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from services.notify.ledger.delivery import delivery_key, ledger_key
from tests.chaos.audit import unbalanced


@pytest.fixture
async def ledger(redis: Redis) -> AsyncIterator[Redis]:
    """Three members: handed over, failed, open."""
    sums = {"audience": 3, "handed_over": 1, "failed": 1, "suppressed": 0, "open": 1}
    await redis.hset(delivery_key("a.1"), mapping=dict(sums))
    await redis.set(ledger_key("a.1"), b"\0\2\4\1")
    yield redis


async def test_g6_a_ledger_that_adds_up_is_fine_and_any_other_is_found(ledger: Redis) -> None:
    assert await unbalanced(ledger, "a.1", 3) == []
    assert len(await unbalanced(ledger, "a.1", 4)) == 1
    await ledger.set(ledger_key("a.1"), b"\0\2\4\2")
    assert "counted" in (await unbalanced(ledger, "a.1", 3))[0]
    await ledger.hset(delivery_key("a.1"), "open", 0)
    assert "does not add up" in (await unbalanced(ledger, "a.1", 3))[0]


async def test_g6_who_is_flagged_or_outside_counts_by_the_state_and_who_is_left_as_suppressed(
    ledger: Redis,
) -> None:
    """Flagged: handed over and failed; outside: 7; left in a delivery that is superseded: 1."""
    await ledger.set(ledger_key("a.1"), bytes([0, 8 + 2, 8 + 4, 7, 1]))
    assert await unbalanced(ledger, "a.1", 3) == []
    await ledger.hset(delivery_key("a.1"), mapping={"superseded": "a.2", "open": 0})
    assert "counted" in (await unbalanced(ledger, "a.1", None))[-1]
    await ledger.hset(delivery_key("a.1"), "suppressed", 1)
    assert await unbalanced(ledger, "a.1", 3) == []
