"""The audit can fail: each thing that breaks a promise is found."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from services.notify.ledger import delivery_key, ledger_key
from tests.chaos.audit import MOST_TWICE, judge, unbalanced
from tests.chaos.sink import Life, Taken

MEMBERS = {f"medlem{n}@example.org" for n in range(100)}
DEAD, ALIVE = Life("notify-1", 1), Life("notify-1", 2)


def mail(to: str, sender: Life = ALIVE, message_id: str = "") -> Taken:
    return Taken(1, to, message_id or f"<{to}>", sender)


ONCE = [mail(to) for to in sorted(MEMBERS)]


def test_each_member_once_is_fine_and_some_twice_after_a_kill() -> None:
    assert judge(ONCE, MEMBERS, {DEAD}).wrong == []
    some = [mail(taken.recipient, DEAD) for taken in ONCE[:MOST_TWICE]]
    found = judge([*some, *ONCE], MEMBERS, {DEAD})
    assert (found.wrong, found.lost, found.most_twice) == ([], 0, MOST_TWICE)


@pytest.mark.parametrize(
    ("mails", "words"),
    [
        (ONCE[1:], "1 members without mail"),
        ([*ONCE, mail("fremmed@example.org")], "1 recipients who are no members"),
        ([*ONCE, ONCE[0]], "1 mails twice though notify-1#2 was not killed"),
        ([mail(t.recipient, DEAD) for t in ONCE[: MOST_TWICE + 1]] + ONCE, "65 mails twice"),
        ([mail(ONCE[0].recipient, DEAD, "<another>"), *ONCE], "different Message-IDs"),
        ([*ONCE[1:], mail(ONCE[0].recipient, message_id=ONCE[1].message_id)], "of several members"),
    ],
)
def test_g7_what_must_not_be_is_found(mails: list[Taken], words: str) -> None:
    [wrong] = judge(mails, MEMBERS, {DEAD}).wrong
    assert words in wrong


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
