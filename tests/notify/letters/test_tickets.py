"""A link works once, a code only where it was asked for, and looking changes nothing."""

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from services.notify.letters.asked import Asked, LetterKind
from services.notify.letters.tickets import TRIES, Tickets
from tests.notify.letters.steps import use_code, use_link
from tests.notify.steps import dump

LOGIN = Asked(LetterKind.LOGIN, "kari@example.org", browser="b1", number=7)


async def made(tickets: Tickets, asked: Asked = LOGIN, *, letter: str = "l1", ago: float = 0.0):
    return await tickets.make(asked, letter=letter, made=NOW - timedelta(seconds=ago))


NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """When each test's letters are asked for: modules are read long before the last test begins."""
    monkeypatch.setattr(sys.modules[__name__], "NOW", datetime.now(UTC))


def wrong(code: str, nth: int = 1) -> str:
    return f"{(int(code) + nth) % 10**6:06}"


async def test_a_link_works_once(tickets: Tickets) -> None:
    token, code = await made(tickets)
    assert len(token) == 43
    assert len(code) == 6
    found = await use_link(tickets, token)
    assert found
    assert found.asked == replace(LOGIN, browser="")
    assert await use_link(tickets, token) is None
    assert await tickets.look(token) is None
    assert await use_code(tickets, "b1", code) is None


async def test_of_many_who_use_a_link_at_once_one_succeeds(tickets: Tickets) -> None:
    token, code = await made(tickets)
    tried = [use_link(tickets, token) for _ in range(9)]
    tried += [use_code(tickets, "b1", code) for _ in range(9)]
    assert sum(found is not None for found in await asyncio.gather(*tried)) == 1


async def test_the_right_code_is_no_try_and_is_used_up_only_by_using_it(tickets: Tickets) -> None:
    """What it is for may fail, and is done again."""
    token, code = await made(tickets)
    for _ in range(TRIES + 1):
        found = await tickets.by_code("b1", code)
        assert found == await tickets.look(token)
    assert found
    assert await tickets.use(found)
    assert not await tickets.use(found)
    assert await tickets.by_code("b1", code) is None


async def test_looking_changes_nothing(redis: Redis, tickets: Tickets) -> None:
    token, _ = await made(tickets)
    before = await dump(redis)
    for _ in range(3):
        found = await tickets.look(token)
        assert found
        assert found.asked.number == 7
    assert await dump(redis) == before
    assert await use_link(tickets, token)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "Æ" * 43, "A" * 42 + "\n"])
async def test_a_link_that_is_not_ours_is_nobodys(tickets: Tickets, token: str) -> None:
    await made(tickets)
    assert await tickets.look(token) is None
    assert await use_link(tickets, token) is None


async def test_a_code_works_only_in_the_browser_that_asked(tickets: Tickets) -> None:
    token, code = await made(tickets)
    assert await use_code(tickets, "b2", code) is None
    assert await use_code(tickets, "", code) is None
    found = await use_code(tickets, "b1", code)
    assert found
    assert found.asked.number == 7
    assert await use_code(tickets, "b1", code) is None
    assert await use_link(tickets, token) is None, "using one uses up both"


async def test_after_five_wrong_tries_the_code_is_void_and_the_link_works(tickets: Tickets) -> None:
    token, code = await made(tickets)
    for nth in range(1, TRIES + 1):
        assert await use_code(tickets, "b1", wrong(code, nth)) is None
    assert await use_code(tickets, "b1", code) is None
    assert await use_link(tickets, token)


async def test_four_wrong_tries_leave_one(tickets: Tickets) -> None:
    _, code = await made(tickets)
    for nth in range(1, TRIES):
        assert await use_code(tickets, "b1", wrong(code, nth)) is None
    assert await use_code(tickets, "b1", code)


async def test_of_tries_at_once_no_more_count_than_there_are(tickets: Tickets) -> None:
    _, code = await made(tickets)
    await asyncio.gather(*(use_code(tickets, "b1", wrong(code, nth)) for nth in range(1, 40)))
    assert await use_code(tickets, "b1", code) is None


async def test_the_same_letter_again_is_the_same_and_resets_nothing(tickets: Tickets) -> None:
    token, code = await made(tickets)
    for nth in range(1, TRIES):
        await use_code(tickets, "b1", wrong(code, nth))
        assert await made(tickets) == (token, code)
    assert await use_code(tickets, "b1", wrong(code)) is None
    assert await made(tickets) == (token, code)
    assert await use_code(tickets, "b1", code) is None
    assert await use_link(tickets, token)
    assert await made(tickets) == (token, code)
    assert await use_link(tickets, token) is None, "what was used stays used"


async def test_a_wrong_code_is_a_try_for_each_letter_of_the_browser(tickets: Tickets) -> None:
    _, first = await made(tickets)
    _, second = await made(tickets, replace(LOGIN, email="ola@example.org"), letter="l2")
    _, elsewhere = await made(tickets, replace(LOGIN, browser="b2"), letter="l3")
    for nth in range(1, TRIES + 1):
        assert wrong(first, nth) != second
        await use_code(tickets, "b1", wrong(first, nth))
    assert await use_code(tickets, "b1", first) is None
    assert await use_code(tickets, "b1", second) is None
    assert await use_code(tickets, "b2", elsewhere)


async def test_another_letter_leaves_the_first_ones_code(tickets: Tickets) -> None:
    """Else who asks could tell from their own code whether the other address is a member's."""
    _, first = await made(tickets)
    await made(tickets, replace(LOGIN, email="ola@example.org"), letter="l2")
    assert await use_code(tickets, "b1", first)


async def test_a_code_lives_15_minutes_from_when_it_was_first_asked_for(
    redis: Redis, tickets: Tickets
) -> None:
    token, code = await made(tickets, ago=901)
    assert await use_code(tickets, "b1", code) is None
    assert await tickets.look(token)
    _, newer = await made(tickets, letter="l2")
    await made(tickets, letter="l3", ago=880)
    (key,) = [key async for key in redis.scan_iter("notify:codes:*")]
    assert await redis.pttl(key) > 600_000, "an older letter does not end a newer one's code"
    assert await use_code(tickets, "b1", newer)


@pytest.mark.parametrize(("kind", "hours"), [(LetterKind.LOGIN, 48), (LetterKind.MOVED, 168)])
async def test_a_link_lives_as_long_as_its_letter(
    redis: Redis, tickets: Tickets, kind: LetterKind, hours: int
) -> None:
    asked = replace(LOGIN, kind=kind)
    token, _ = await made(tickets, asked, letter="old", ago=hours * 3600 + 1)
    assert await tickets.look(token) is None
    await made(tickets, asked)
    (key,) = [key async for key in redis.scan_iter("notify:ticket:*")]
    assert (hours - 1) * 3_600_000 < await redis.pttl(key) <= hours * 3_600_000


async def test_a_code_has_no_place_where_no_browser_asked(redis: Redis, tickets: Tickets) -> None:
    token, code = await made(tickets, replace(LOGIN, kind=LetterKind.MOVED, browser=""))
    assert code == ""
    assert await tickets.look(token)
    assert not [key async for key in redis.scan_iter("notify:codes:*")]


async def test_redis_tells_neither_link_nor_code_nor_whose(redis: Redis, tickets: Tickets) -> None:
    token, code = await made(tickets, replace(LOGIN, browser="browser-1"))
    await use_code(tickets, "browser-1", wrong(code))
    held = await dump(redis)
    for word in (token, f"'{code}'", f" {code}", "kari", "example", "browser-1", "login"):
        assert word.encode() not in held
