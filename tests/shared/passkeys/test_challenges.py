"""A challenge counts once, in the browser and for the purpose that it was made for."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from shared.passkeys import challenges as module
from shared.passkeys.challenges import LIFE_SECONDS, Challenges

KEY = b"k" * 32


def _challenges(redis: Redis) -> Challenges:
    return Challenges(redis, "ingest:challenge", KEY)


async def test_a_challenge_counts_once(redis: Redis) -> None:
    challenge = _challenges(redis).make("nettleser", "inn")
    assert await _challenges(redis).use(challenge, "nettleser", "inn")
    assert not await _challenges(redis).use(challenge, "nettleser", "inn"), "another process, too"


async def test_it_counts_in_its_own_browser_and_for_its_own_purpose_alone(redis: Redis) -> None:
    challenges = _challenges(redis)
    challenge = challenges.make("nettleser", "inn")
    assert not await challenges.use(challenge, "en annen", "inn")
    assert not await challenges.use(challenge, "nettleser", "lag 7")
    assert not await challenges.use(challenge, "", "inn")
    assert not await Challenges(redis, "x", b"l" * 32).use(challenge, "nettleser", "inn")
    assert await challenges.use(challenge, "nettleser", "inn"), "a wrong try used it up"


async def test_it_ends(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    challenge = _challenges(redis).make("nettleser", "inn")
    later = time.time() + LIFE_SECONDS
    monkeypatch.setattr(module.time, "time", lambda: later)
    assert not await _challenges(redis).use(challenge, "nettleser", "inn")


async def test_pages_that_strangers_open_leave_nothing(redis: Redis) -> None:
    for number in range(10):
        _challenges(redis).make(f"nettleser {number}", "inn")
    assert await redis.dbsize() == 0


async def test_what_was_used_is_noted_until_it_ends_by_itself(redis: Redis) -> None:
    await _challenges(redis).use(_challenges(redis).make("b", "inn"), "b", "inn")
    [key] = [key async for key in redis.scan_iter()]
    assert 0 < await redis.ttl(key) <= LIFE_SECONDS


@given(st.binary(max_size=100))
async def test_what_we_did_not_make_is_none(said: bytes) -> None:
    nowhere = Redis(port=1)
    assert not await _challenges(nowhere).use(said, "nettleser", "inn")


@given(st.data())
async def test_no_byte_of_it_can_be_changed(data: st.DataObject) -> None:
    nowhere = Redis(port=1)
    challenge = bytearray(_challenges(nowhere).make("nettleser", "inn"))
    at = data.draw(st.integers(0, len(challenge) - 1))
    challenge[at] ^= data.draw(st.integers(1, 255))
    assert not await _challenges(nowhere).use(bytes(challenge), "nettleser", "inn")
