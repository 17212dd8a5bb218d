import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.deliveries.chunk_pass import ENOUGH, ChunkPass
from services.notify.ledger.states import State
from services.notify.relay.replies import NO_ANSWER, TRIES, Reply

TAKEN = Reply("data", 250)
BARE, POLICY = Reply("rcpt", 550), Reply("rcpt", 550, "5.7.1")
GONE, LATER, BROKEN = Reply("rcpt", 550, "5.1.1"), Reply("rcpt", 450), Reply("data", NO_ANSWER)
UNANSWERED = Reply("dot", NO_ANSWER)


def heard(*replies: Reply, tries: dict[int, int] | None = None) -> ChunkPass:
    numbers = list(range(1, len(replies) + 1))
    attempt = ChunkPass(numbers, tries=tries or {}, overdue=False)
    for number, reply in zip(numbers, replies, strict=True):
        attempt.hear(number, reply)
    return attempt


def states(attempt: ChunkPass) -> list[str]:
    return [outcome.state for outcome in attempt.conclude()]


def test_a_bare_refusal_is_the_members_after_some_tries_while_others_are_taken() -> None:
    for place, replies in ((1, (BARE, TAKEN)), (2, (TAKEN, BARE))):
        assert states(heard(*replies)) == [State.DEFERRED]
        assert states(heard(*replies, tries={place: TRIES - 1})) == [State.FAILED]
    alone = heard(BARE)
    assert states(alone) == [State.DEFERRED]
    assert alone.relay_is_down


def test_a_relay_that_had_enough_in_the_middle_fails_nobody_after_that() -> None:
    last = dict.fromkeys(range(1, ENOUGH + 3), TRIES - 1)
    attempt = heard(BARE, TAKEN, *[BARE] * ENOUGH, LATER, tries=last | {ENOUGH + 3: 0})
    assert attempt.stopped
    assert states(attempt) == [State.FAILED, *[State.DEFERRED] * (ENOUGH + 1)]
    assert attempt.relay_is_down


TOO_LARGE = (
    Reply("mail", 552, "5.3.4"), Reply("data", 552, "5.3.4"), Reply("data", 552, "5.2.3"),
    Reply("data", 552), Reply("mail", 552, "5.0.0"), Reply("data", 554, "5.3.4"),
)  # fmt: skip
FULL = Reply("rcpt", 552, "5.2.2"), Reply("data", 552, "5.2.2"), Reply("rcpt", 552)


@pytest.mark.parametrize("reply", TOO_LARGE)
@pytest.mark.parametrize("count", [1, ENOUGH])
def test_a_mail_that_is_too_large_is_no_relay_that_is_down(reply: Reply, count: int) -> None:
    attempt = heard(*[reply] * count)
    assert states(attempt) == [State.DEFERRED] * count
    assert (attempt.relay_is_down, attempt.mail_is_too_large) == (False, True)


@pytest.mark.parametrize("reply", FULL)
def test_a_full_mailbox_is_neither(reply: Reply) -> None:
    attempt = heard(reply)
    assert states(attempt) == [State.DEFERRED]
    assert (attempt.relay_is_down, attempt.mail_is_too_large) == (False, False)


@pytest.mark.parametrize("reply", TOO_LARGE)
def test_a_mail_that_others_got_is_not_too_large(reply: Reply) -> None:
    attempt = heard(TAKEN, *[reply] * ENOUGH)
    attempt.conclude()
    assert (attempt.relay_is_down, attempt.mail_is_too_large) == (False, False)


@pytest.mark.parametrize("other", [POLICY, BROKEN])
def test_a_relay_that_is_down_is_so_whatever_else_it_says(other: Reply) -> None:
    attempt = heard(TOO_LARGE[0], other)
    attempt.conclude()
    assert (attempt.relay_is_down, attempt.mail_is_too_large) == (True, False)


def test_a_pass_starts_again_only_after_the_relay_took_somebody() -> None:
    attempt = heard(TAKEN, *[POLICY] * ENOUGH)
    assert attempt.start_again()
    assert not attempt.stopped
    for number in range(100, 100 + ENOUGH):
        attempt.hear(number, POLICY)
    assert attempt.stopped
    assert not attempt.start_again()


def test_who_was_refused_while_others_were_taken_is_tried_on_alone() -> None:
    (outcome,) = heard(POLICY, tries={1: 3}).conclude()
    assert (outcome.state, outcome.tries) == (State.DEFERRED, 4)
    attempt = heard(POLICY, tries={1: 4})
    assert states(attempt) == [State.FAILED]
    assert not attempt.relay_is_down
    assert states(heard(POLICY, POLICY, tries={1: 4})) == [State.DEFERRED, State.DEFERRED]


def test_who_was_only_put_off_is_no_evidence_that_the_relay_takes_others() -> None:
    """Greylisted once, then a relay that refuses everybody: nobody is blamed."""
    assert states(heard(BARE, BARE, tries={1: 0, 2: 0})) == [State.DEFERRED, State.DEFERRED]


def test_no_connection_is_a_relay_that_is_down_whoever_is_left() -> None:
    attempt = ChunkPass([1], tries={1: 4}, overdue=True, let_in=False)
    assert attempt.conclude() == []
    assert attempt.relay_is_down


def test_g9_a_refusal_is_known_at_once_and_so_is_that_the_last_answer_was_lost() -> None:
    """Its delivery may be superseded before the pass ends, or its worker may die."""
    attempt = ChunkPass([1, 2, 3, 4], tries={}, overdue=False)
    said = (LATER, BARE, BROKEN, UNANSWERED)
    known = [attempt.hear(number, reply).state for number, reply in enumerate(said, 1)]
    assert known == [State.DEFERRED, State.DEFERRED, State.DEFERRED, State.SENDING]
    assert [outcome.state for outcome in attempt.conclude()] == known


@given(st.lists(st.sampled_from((BARE, POLICY, GONE, LATER, BROKEN, UNANSWERED, TAKEN))))
def test_everybody_who_was_asked_has_one_outcome(replies: list[Reply]) -> None:
    attempt = ChunkPass(list(range(len(replies))), tries={}, overdue=False)
    now = [attempt.hear(number, reply) for number, reply in enumerate(replies)]
    assert [outcome.number for outcome in now] == list(range(len(replies)))
    final = [
        outcome.number for outcome in now if outcome.state in (State.HANDED_OVER, State.FAILED)
    ]
    concluded = attempt.conclude()
    final += [outcome.number for outcome in concluded]
    assert sorted(final) == list(range(len(replies)))
    assert attempt.handed_over == replies.count(TAKEN)
    assert attempt.failed == [outcome.state for outcome in (*now, *concluded)].count(State.FAILED)
    if TAKEN not in replies:
        assert attempt.failed == replies.count(GONE)
