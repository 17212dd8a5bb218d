"""Each of the relay's answers has its own time, and those that have come are read in order."""

import asyncio
from contextlib import suppress

import pytest

from services.notify.relay.answers import ConnectionBroken, RelayAnswers

LONG_SECONDS = 600.0
SHORT_SECONDS = 0.05


async def heard_at_once(answers: RelayAnswers, seconds: float) -> None:
    """Wait for an answer as long as `seconds`, which comes while it is waited for."""
    asyncio.get_running_loop().call_soon(answers.data_received, b"250 2.0.0 Ok\r\n")
    assert await answers.next(seconds) == (250, "2.0.0 Ok")


async def heard(answers: RelayAnswers, seconds: float) -> tuple[int, str] | None:
    """The next answer; none if it did not come within `seconds`."""
    with suppress(ConnectionBroken):
        return await answers.next(seconds)
    return None


async def test_silence_ends_in_its_own_time_after_an_answer_that_had_longer() -> None:
    answers = RelayAnswers(asyncio.get_running_loop())
    await heard_at_once(answers, LONG_SECONDS)
    waiting = asyncio.create_task(heard(answers, SHORT_SECONDS))
    await asyncio.wait({waiting}, timeout=LONG_SECONDS / 60)
    assert answers.ended
    assert await waiting is None


async def test_an_answer_has_its_time_after_one_that_had_less() -> None:
    loop = asyncio.get_running_loop()
    answers = RelayAnswers(loop)
    await heard_at_once(answers, SHORT_SECONDS)
    loop.call_later(3 * SHORT_SECONDS, answers.data_received, b"354 Go on\r\n")
    assert await heard(answers, LONG_SECONDS) == (354, "Go on")
    assert not answers.ended


async def test_nobody_who_waits_for_nothing_is_given_up() -> None:
    answers = RelayAnswers(asyncio.get_running_loop())
    await heard_at_once(answers, SHORT_SECONDS)
    looked = asyncio.Event()
    asyncio.get_running_loop().call_later(2 * SHORT_SECONDS, looked.set)
    await looked.wait()
    assert not answers.ended


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        (b"250 a\r\n250 b\r\n354 c\r\n", True),
        (b"250 a\r\n250 b\r\n354 c\r\n250 d\r\n", True),
        (b"250 a\r\n250 b\r\n", False),
        (b"250 a\r\n550 b\r\n354 c\r\n", False),
        (b"", False),
    ],
)
async def test_replies_are_taken_together_only_if_all_are_as_hoped(
    said: bytes, taken: bool
) -> None:
    answers = RelayAnswers(asyncio.get_running_loop())
    answers.data_received(said)
    assert answers.take_if((250, 250, 354)) is taken
    left = said.splitlines()[3 if taken else 0 :]
    for line in left:
        assert await answers.next(LONG_SECONDS) == (int(line[:3]), line[4:].decode())
    assert answers.silent
