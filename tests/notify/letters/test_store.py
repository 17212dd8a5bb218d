"""A letter that was accepted is kept until it is sent, by one sender at a time."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.letters import store
from services.notify.letters.asked import Asked, LetterKind, from_bytes, to_bytes
from services.notify.letters.store import Full, LetterHold, Letters
from tests.notify.steps import dump
from tests.wait import until

LOGIN = Asked(LetterKind.LOGIN, "kari@example.org", browser="b1")
JOIN = Asked(
    LetterKind.JOIN, "ola@example.org", name="Ola", subjects=("s1",), consent="c", browser="b2"
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    st.builds(
        Asked,
        kind=st.sampled_from(LetterKind),
        email=texts,
        name=texts,
        lang=st.sampled_from(["nb", "nn"]),
        subjects=st.none() | st.lists(texts, max_size=3).map(tuple),
        consent=texts,
        browser=texts,
        number=st.integers(0, 10**9),
        at=st.none() | st.datetimes(timezones=st.just(UTC)),
    )
)
def test_what_was_asked_is_sealed_whole(asked: Asked) -> None:
    assert from_bytes(to_bytes(asked)) == asked


async def take(letters: Letters, at_most: int = 10, *, an_hour: int = 100) -> list[LetterHold]:
    holds, _ = await letters.take(at_most, joins_at_most=at_most, joins_an_hour=an_hour)
    return holds


async def test_an_accepted_letter_is_taken_by_one_sender(letters: Letters) -> None:
    await letters.ask(LOGIN)
    (hold,) = await take(letters)
    assert await take(letters) == []
    letter = await letters.read(hold)
    assert letter
    assert letter.asked == replace(LOGIN, at=letter.asked.at)
    assert letter.tries == 0
    assert await letters.finish(hold, asks=1)
    assert await take(letters) == []
    assert await letters.take(1, joins_at_most=1, joins_an_hour=9) == ([], None)


async def test_a_killed_senders_letter_is_taken_over(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LEASE_SECONDS", 0.2)
    await letters.ask(LOGIN)
    (hold,) = await take(letters)

    async def again() -> list[LetterHold]:
        return await take(letters)

    (other,) = await until(again)
    assert other.id == hold.id
    assert not await letters.finish(hold, asks=1), "who lost a letter changes nothing"
    assert await letters.keep_hold([hold]) == set()
    assert await letters.finish(other, asks=1)


async def test_a_letter_is_kept_in_hand_while_its_sender_lives(
    redis: Redis, letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    await letters.ask(LOGIN)
    await letters.ask(JOIN)
    holds = await take(letters)
    monkeypatch.setattr(store, "LEASE_SECONDS", 60)
    before = [await redis.zscore(hold.queue, hold.id) for hold in holds]
    assert await letters.keep_hold(holds) == {hold.id for hold in holds}
    for hold, due in zip(holds, before, strict=True):
        assert await redis.zscore(hold.queue, hold.id) > due + 40_000
        assert await letters.finish(hold, asks=1)
    assert await letters.keep_hold(holds) == set()
    assert not await redis.exists(store.HELD)


async def test_asking_again_from_the_same_browser_is_asking_for_the_same_letter(
    letters: Letters,
) -> None:
    await letters.ask(LOGIN)
    await letters.ask(LOGIN)
    (hold,) = await take(letters)
    first = await letters.read(hold)
    assert first
    assert first.asks == 2, "one that waits is sent once"
    await letters.ask(LOGIN)
    assert await letters.finish(hold, asks=2)
    (again,) = await take(letters)
    second = await letters.read(again)
    assert second
    assert (second.id, second.made, second.asks) == (first.id, first.made, 3)
    assert await letters.finish(again, asks=3)
    assert await take(letters) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(LOGIN, browser="b9"),
        replace(LOGIN, email="ola@example.org"),
        replace(LOGIN, kind=LetterKind.MOVE, number=7),
        replace(LOGIN, lang="nn"),
    ],
)
async def test_whatever_else_is_asked_is_another_letter(letters: Letters, other: Asked) -> None:
    await letters.ask(LOGIN)
    await letters.ask(other)
    assert len({hold.id for hold in await take(letters)}) == 2


async def test_after_15_minutes_it_is_a_new_letter(redis: Redis, letters: Letters) -> None:
    await letters.ask(LOGIN)
    (hold,) = await take(letters)
    old = await letters.read(hold)
    assert old
    key = f"notify:letter:{hold.id}"
    await redis.hset(key, "made", int(await redis.hget(key, "made") or 0) - 900_001)
    await letters.ask(LOGIN)
    assert not await letters.finish(hold, asks=1), "its sender has the old one in hand"
    (hold,) = await take(letters)
    new = await letters.read(hold)
    assert new
    assert new.made >= old.made
    assert (datetime.now(UTC) - new.made).total_seconds() < 60


async def test_letters_for_who_joins_come_last_and_so_many_in_an_hour(letters: Letters) -> None:
    for nth in range(5):
        await letters.ask(replace(JOIN, browser=f"b{nth}"))
    await letters.ask(LOGIN)
    holds = await take(letters, an_hour=3)
    assert [hold.is_join for hold in holds] == [False, True, True, True]
    assert await take(letters, an_hour=3) == []
    for hold in holds:
        assert await letters.finish(hold, asks=1, again_in=0.0)
    assert len(await take(letters, an_hour=3)) == 4, "one that was counted is not counted twice"


async def test_a_letter_to_a_stranger_waits_with_those_for_who_joins(letters: Letters) -> None:
    await letters.ask(LOGIN)
    (hold,) = await take(letters)
    assert await letters.put_with_joins(hold)
    assert not await letters.finish(hold, asks=1), "it is not in hand any more"
    assert await take(letters, an_hour=0) == []
    (there,) = await take(letters, an_hour=1)
    assert (there.id, there.is_join) == (hold.id, True)
    assert await letters.put_with_joins(hold), "who lost a letter changes nothing"
    await letters.ask(LOGIN)
    assert await letters.finish(there, asks=1)
    assert await take(letters, an_hour=1) == [], "another mail is another of the hour"
    (again,) = await take(letters, an_hour=2)
    assert again.is_join, "asked for again while it is sent, it comes again"


async def test_where_too_many_wait_to_be_sent_to_strangers_no_more_do(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_WAITING", 1)
    await letters.ask(JOIN)
    await letters.ask(LOGIN)
    holds, _ = await letters.take(9, joins_at_most=0, joins_an_hour=9)
    assert not await letters.put_with_joins(holds[0])
    assert await letters.finish(holds[0], asks=1), "it is still in hand"


async def test_one_that_was_counted_comes_again_though_the_hour_is_full_and_others_wait_before_it(
    letters: Letters,
) -> None:
    await letters.ask(replace(JOIN, browser="first"))
    (first,) = await take(letters, an_hour=1)
    for nth in range(5):
        await letters.ask(replace(JOIN, browser=f"b{nth}"))
    assert await letters.finish(first, asks=1, again_in=0.0)
    holds, _ = await letters.take(10, joins_at_most=2, joins_an_hour=1)
    assert [hold.id for hold in holds] == [first.id]


async def test_each_mail_to_who_asks_again_is_one_of_the_hour(
    redis: Redis, letters: Letters
) -> None:
    await letters.ask(JOIN)
    (first,) = await take(letters, an_hour=2)
    await letters.ask(JOIN)  # while it is sent: it comes again
    assert await letters.finish(first, asks=1)
    (second,) = await take(letters, an_hour=2)
    assert await letters.finish(second, asks=2, again_in=0.0), (
        "no new mail: the same is tried again"
    )
    (second,) = await take(letters, an_hour=2)
    assert await letters.finish(second, asks=2)
    await letters.ask(JOIN)
    assert await redis.zcard(store.JOINED) == 2
    assert await take(letters, an_hour=2) == [], "a third mail, and two are the most"
    assert [hold.id for hold in await take(letters, an_hour=3)] == [first.id]


async def test_letters_that_no_longer_are_leave_the_hour_to_others(
    redis: Redis, letters: Letters
) -> None:
    for nth in range(3):
        await letters.ask(replace(JOIN, browser=f"b{nth}"))
    old = await take(letters, an_hour=3)
    await letters.ask(replace(JOIN, browser="new"))
    assert await take(letters, an_hour=3) == []
    for hold in old:
        await redis.delete(f"notify:letter:{hold.id}")  # as its life ends
        assert await letters.read(hold) is None
        assert await letters.finish(hold, is_mail=False)
    assert len(await take(letters, an_hour=1)) == 1


async def test_at_most_three_letters_an_hour_go_to_an_address(letters: Letters) -> None:
    for nth in range(4):
        email = "KARI@example.org" if nth % 2 else "kari@example.org"
        await letters.ask(replace(LOGIN, browser=f"b{nth}", email=email))
    found = [letter for hold in await take(letters) if (letter := await letters.read(hold))]
    assert [await letters.admit(letter) for letter in found] == [True, True, True, False]
    assert await letters.admit(found[0]), "a letter that is tried again is no second one"


async def test_a_member_asks_for_at_most_three_new_addresses_an_hour(letters: Letters) -> None:
    for nth in range(4):
        await letters.ask(Asked(LetterKind.MOVE, f"m{nth}@example.org", browser="b", number=7))
    found = [letter for hold in await take(letters) if (letter := await letters.read(hold))]
    assert [await letters.admit(letter) for letter in found] == [True, True, True, False]


async def test_what_cannot_be_kept_is_not_accepted(
    letters: Letters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_WAITING", 1)
    await letters.ask(LOGIN)
    await letters.ask(LOGIN)
    with pytest.raises(Full):
        await letters.ask(replace(LOGIN, browser="b9"))
    await letters.ask(JOIN)


async def test_redis_holds_nothing_readable_of_a_letter(redis: Redis, letters: Letters) -> None:
    await letters.ask(replace(JOIN, browser="browser-1", subjects=("subject-1",)))
    for hold in await take(letters):
        letter = await letters.read(hold)
        assert letter
        await letters.admit(letter)
    held = await dump(redis)
    for word in (b"ola@", b"example", b"browser-1", b"subject-1"):
        assert word not in held


async def test_a_letter_goes_once_nobody_can_ask_for_it_again(
    redis: Redis, letters: Letters
) -> None:
    await letters.ask(replace(LOGIN, browser=""))
    (hold,) = await take(letters)
    key = f"notify:letter:{hold.id}"
    assert 47 * 3_600_000 < await redis.pttl(key) <= 48 * 3_600_000
    await letters.finish(hold, asks=1)
    assert 0 < await redis.pttl(key) <= 900_000


async def test_what_waits_for_one_is_found_without_looking_at_what_waits_for_others(
    letters: Letters, redis: Redis
) -> None:
    mine = [
        LOGIN,
        replace(JOIN, email="KARI@example.org"),
        Asked(LetterKind.MOVE, "ny@example.org", number=7),
        Asked(LetterKind.MOVE, "ola@example.org", number=8),
    ]
    for asked in mine:
        await letters.ask(asked)
    calls = []
    for others in (0, 200):
        for nth in range(others):
            await letters.ask(replace(JOIN, email=f"ny{nth}@example.org"))
        before = await _calls(redis)
        found = await letters.waiting_of("kari@example.org", [7])
        calls.append(await _calls(redis) - before)
        assert [(one.asked.kind, one.asked.email) for one in found] == [
            (one.kind, one.email) for one in mine[:3]
        ]
    assert calls[0] == calls[1]
    for hold in await take(letters, 300, an_hour=300):
        await letters.finish(hold, asks=1)
    assert await letters.waiting_of("kari@example.org", [7, 8]) == [], "sent"


async def test_of_letters_without_end_to_one_address_the_newest_are_found(
    letters: Letters, redis: Redis
) -> None:
    for nth in range(130):
        await letters.ask(replace(LOGIN, browser=f"b{nth}"))
    found = await letters.waiting_of("kari@example.org", [])
    assert {one.asked.browser for one in found} == {f"b{nth}" for nth in range(30, 130)}
    (key,) = [key async for key in redis.scan_iter("notify:letters:of:*")]
    assert 0 < await redis.pttl(key) <= LOGIN.kind.life.total_seconds() * 1000


async def _calls(redis: Redis) -> int:
    """How many commands have run."""
    told = await redis.info("commandstats")
    return sum(int(of["calls"]) for of in told.values())
