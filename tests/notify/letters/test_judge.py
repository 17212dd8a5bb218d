"""What a relay's reply comes to for a letter."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from services.notify.letters.judge import (
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    LONGEST_RELAY_PAUSE_SECONDS,
    Became,
    judge,
)
from services.notify.relay.replies import TRIES, Meaning, Phase, Reply

replies = st.builds(
    Reply,
    phase=st.sampled_from(get_args(Phase)),
    code=st.sampled_from([0, 250, 354, 421, 432, 450, 451, 452, 454, 550, 552, 553, 554, 571]),
    enhanced=st.sampled_from(["", "2.0.0", "4.2.2", "4.7.1", "5.1.1", "5.1.8", "5.2.1", "5.7.1"]),
)
tries = st.integers(0, 10_000)
chance = st.floats(0, 1)


@given(reply=st.none() | replies, tries=tries, chance=chance)
def test_a_letter_is_sent_only_if_the_relay_took_it(
    reply: Reply | None, tries: int, chance: float
) -> None:
    taken = reply is not None and reply.meaning is Meaning.HANDED_OVER
    assert (judge(reply, tries=tries, chance=chance).became is Became.SENT) == taken


@given(reply=st.none() | replies, tries=tries, chance=chance)
def test_pauses_grow_up_to_a_bound_and_are_spread_by_a_fifth(
    reply: Reply | None, tries: int, chance: float
) -> None:
    found = judge(reply, tries=tries, chance=chance)
    if found.became is not Became.AGAIN:
        return
    whole = judge(reply, tries=tries, chance=1.0).pause_seconds
    assert 0.8 * whole - 1e-9 <= found.pause_seconds <= whole
    assert FIRST_PAUSE_SECONDS <= whole <= LONGEST_PAUSE_SECONDS
    if tries and judge(reply, tries=tries - 1, chance=1.0).became is Became.AGAIN:
        assert judge(reply, tries=tries - 1, chance=1.0).pause_seconds <= whole


@given(reply=st.none() | replies, tries=tries)
def test_a_relays_own_trouble_never_ends_a_letter(reply: Reply | None, tries: int) -> None:
    found = judge(reply, tries=tries, chance=1.0)
    if reply is None or not reply.is_about_a_member:
        assert found.became is not Became.REFUSED
    if found.became is Became.AGAIN and (reply is None or not reply.code):
        assert found.pause_seconds <= LONGEST_RELAY_PAUSE_SECONDS


def test_a_refusal_that_may_speak_of_us_is_tried_a_few_times() -> None:
    unclear = Reply("rcpt", 550)
    became = [judge(unclear, tries=n, chance=0.5).became for n in range(TRIES)]
    assert became == [*[Became.AGAIN] * (TRIES - 1), Became.REFUSED]


def test_an_address_that_is_none_ends_it_at_once() -> None:
    assert judge(Reply("rcpt", 550, "5.1.1"), tries=0, chance=0.5).became is Became.REFUSED
