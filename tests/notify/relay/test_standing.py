"""How often a relay is asked that refuses us."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.relay.replies import NO_ANSWER, Phase, Reply
from services.notify.relay.standing import (
    ENOUGH,
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    SLOW_SECONDS,
    Standing,
)

TAKEN = Reply("data", 250)
NO_LOGIN = Reply("auth", 535, "5.7.8")
NO_STARTTLS = Reply("connect", NO_ANSWER, trouble="offers no STARTTLS")
DROPPED = Reply("connect", NO_ANSWER, trouble="connection lost")
POLICY, BUSY = Reply("rcpt", 550, "5.7.1"), Reply("mail", 452, "4.5.3")
GONE, LATER = Reply("rcpt", 550, "5.1.1"), Reply("rcpt", 450, "4.2.0")
TOO_LARGE = Reply("mail", 552, "5.3.4")
MOMENT = 0.01

troubles = st.just(DROPPED) | st.builds(
    Reply,
    st.sampled_from(("connect", "auth", "mail", "rcpt", "data", "dot")),
    st.sampled_from((NO_ANSWER, 421, 530, 553, 521)),
)


def hear(standing: Standing, reply: Reply, now: float) -> None:
    standing.answered()
    if reply.is_about_mail:
        standing.hear(reply, now)
    else:
        standing.not_let_in(reply, now)


def asked_within(
    seconds: float, answer: Callable[[], Reply], standing: Standing | None = None
) -> int:
    """How often a relay is asked, in so many seconds, by one who always wants to mail."""
    standing, asked = standing or Standing(), 0
    for moment in range(round(seconds / MOMENT)):
        now = 1000.0 + moment * MOMENT
        while standing.may_ask(now):
            standing.ask(now)
            asked += 1
            hear(standing, answer(), now)
    return asked


@given(st.data())
def test_a_relay_that_refuses_us_is_asked_at_most_12_times_in_50_seconds(
    data: st.DataObject,
) -> None:
    assert asked_within(50, lambda: data.draw(troubles)) <= 12
    took_mail_before = sure()
    assert asked_within(50, lambda: data.draw(troubles), took_mail_before) <= 12


@pytest.mark.parametrize(("reply", "times"), [(NO_LOGIN, 8), (BUSY, 8), (POLICY, ENOUGH + 7)])
def test_pauses_grow_with_each_refusal(reply: Reply, times: int) -> None:
    assert asked_within(50, lambda: reply) == times


def test_a_relay_that_comes_back_is_asked_within_a_minute_however_long_it_was_away() -> None:
    standing, now = Standing(), 0.0
    for _ in range(1000):
        now += standing.pause(now)
        standing.refused(NO_STARTTLS, now)
        assert 0 < standing.pause(now) <= LONGEST_PAUSE_SECONDS


def sure() -> Standing:
    standing = Standing()
    standing.hear(TAKEN, 0.0)
    return standing


def test_a_relay_of_which_nothing_is_known_is_asked_with_one_mail_at_a_time() -> None:
    standing = Standing()
    assert standing.may_ask(0.0)
    standing.ask(0.0)
    assert not standing.may_ask(SLOW_SECONDS / 2)
    assert standing.may_ask(SLOW_SECONDS), "it takes long over the first"
    hear(standing, TAKEN, 0.5)
    for _ in range(50):
        assert standing.may_ask(0.5)
        standing.ask(0.5)


@pytest.mark.parametrize("reply", [GONE, LATER, TOO_LARGE])
def test_a_relay_that_speaks_of_members_is_no_relay_that_refuses_us(reply: Reply) -> None:
    standing = Standing()
    for _ in range(100):
        assert standing.may_ask(0.0)
        standing.ask(0.0)
        hear(standing, reply, 0.0)
    assert standing.trouble is None
    standing.refused(NO_STARTTLS, 0.0)
    hear(standing, reply, 1.0)
    assert standing.trouble is None, "it lets us in"


def test_a_few_refusals_among_mails_that_it_takes_are_no_trouble() -> None:
    standing = sure()
    for _ in range(100):
        for reply in [POLICY] * (ENOUGH - 1):
            hear(standing, reply, 0.0)
        assert standing.is_in_doubt
        hear(standing, TAKEN, 0.0)
    assert standing.trouble is None


def test_a_connection_that_is_dropped_between_good_ones_is_no_trouble() -> None:
    standing = sure()
    for _ in range(100):
        hear(standing, DROPPED, 0.0)
        assert standing.trouble is None
        assert standing.may_ask(0.0)
        hear(standing, TAKEN, 0.0)
    hear(standing, DROPPED, 0.0)
    hear(standing, DROPPED, 0.0)
    assert standing.trouble is DROPPED, "it took nothing in between"
    assert standing.pause(0.0) == FIRST_PAUSE_SECONDS


def test_a_relay_that_took_no_mail_yet_is_not_asked_again_at_once_if_it_drops_us() -> None:
    standing = Standing()
    hear(standing, DROPPED, 0.0)
    assert standing.pause(0.0) == FIRST_PAUSE_SECONDS


def test_a_relay_that_took_mail_and_says_why_it_does_not_let_us_in_is_taken_at_its_word() -> None:
    standing = sure()
    hear(standing, NO_LOGIN, 0.0)
    assert standing.pause(0.0) == FIRST_PAUSE_SECONDS


def test_pauses_begin_anew_after_a_mail_that_it_takes_whatever_it_said_of_others() -> None:
    standing = Standing()
    for now in (0.0, 1.0, 2.0):
        hear(standing, NO_STARTTLS, now)
    hear(standing, GONE, 10.0)
    assert not standing.is_well, "it has to hear of the mail that is taken"
    hear(standing, TAKEN, 10.0)
    assert standing.is_well
    hear(standing, NO_STARTTLS, 10.0)
    assert standing.pause(10.0) == FIRST_PAUSE_SECONDS


def test_once_it_has_refused_us_one_more_refusal_is_enough_and_one_mail_ends_it() -> None:
    standing = sure()
    for _ in range(ENOUGH):
        hear(standing, POLICY, 0.0)
    assert standing.trouble is POLICY
    hear(standing, GONE, 1.0)
    assert standing.trouble is POLICY, "it proves nothing of other mail"
    before = standing.pause(0.0)
    hear(standing, POLICY, 2.0)
    assert standing.pause(2.0) == 2 * before
    hear(standing, TAKEN, 3.0)
    assert standing.is_well
    assert standing.pause(3.0) == 0


def test_once_no_connection_is_open_it_is_asked_with_one_mail_again() -> None:
    standing = sure()
    standing.begin_anew()
    standing.ask(0.0)
    assert not standing.may_ask(0.0)
    assert standing.trouble is None


def test_what_was_on_its_way_when_a_pause_began_makes_it_no_longer() -> None:
    standing = sure()
    standing.refused(NO_LOGIN, 0.0)
    pause = standing.pause(0.0)
    for _ in range(20):
        hear(standing, BUSY, 0.1)
    assert standing.pause(0.0) == pause


def test_a_relay_that_nobody_wants_to_mail_by_is_no_problem() -> None:
    standing = Standing()
    assert standing.problem(0.0) == ""
    standing.refused(NO_STARTTLS, 1000.0)
    assert standing.problem(1001.0) == "offers no STARTTLS"
    assert standing.problem(1000.0 + 3600) == ""
    standing.want(5000.0)
    assert standing.problem(5001.0) == "offers no STARTTLS"


@pytest.mark.parametrize(
    ("phase", "code", "enhanced", "words"),
    [
        ("auth", 535, "5.7.8", "refuses the log-in (5.7.8 535)"),
        ("connect", 421, "4.7.0", "connect 4.7.0 421"),
        ("mail", 550, "", "mail 550"),
        ("dot", NO_ANSWER, "", "no answer"),
    ],
)
def test_trouble_has_words_and_never_code_000(
    phase: Phase, code: int, enhanced: str, words: str
) -> None:
    assert Reply(phase, code, enhanced).words == words
