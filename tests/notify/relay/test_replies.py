import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.relay.replies import (
    NO_ANSWER,
    TABLE,
    TRIES,
    Meaning,
    Phase,
    Reply,
    reply_of,
    rule,
    tried,
    verdict,
)

H, F, D, R = Meaning.HANDED_OVER, Meaning.FAILED, Meaning.DEFERRED, Meaning.RELAY_TROUBLE
O, S = Meaning.FAILED_IF_OTHERS_TAKEN, Meaning.SESSION  # noqa: E741

# Replies as relays give them, and the number of the row of the table that each must fall into.
REPLIES: list[tuple[Phase, int, str, Meaning, int]] = [
    ("data", 250, "2.0.0", H, 0),
    ("data", 250, "", H, 0),
    ("connect", NO_ANSWER, "", R, 1),
    ("data", NO_ANSWER, "", R, 1),
    ("rcpt", 421, "4.7.0", S, 3),
    ("connect", 554, "", R, 2),
    ("auth", 535, "5.7.8", R, 2),
    ("auth", 454, "4.7.0", R, 2),
    ("rcpt", 450, "4.7.1", D, 15),
    ("rcpt", 452, "4.2.2", D, 13),
    ("mail", 451, "4.3.0", S, 4),
    ("data", 451, "", D, 15),
    ("mail", 550, "5.1.8", R, 16),
    ("mail", 530, "5.7.0", R, 16),
    ("mail", 550, "5.1.1", R, 16),
    ("rcpt", 550, "5.1.1", F, 17),
    ("rcpt", 554, "5.1.2", F, 17),
    ("rcpt", 501, "5.1.3", F, 17),
    ("rcpt", 550, "5.1.6", F, 17),
    ("data", 550, "5.1.1", F, 17),
    ("rcpt", 556, "5.1.10", F, 18),
    ("rcpt", 550, "5.2.1", F, 19),
    ("rcpt", 550, "5.1.7", R, 20),
    ("rcpt", 553, "5.1.8", R, 20),
    ("data", 553, "5.1.8", R, 20),
    ("rcpt", 500, "", R, 21),
    ("rcpt", 501, "", R, 21),
    ("rcpt", 503, "5.5.1", R, 21),
    ("data", 504, "", R, 21),
    ("rcpt", 521, "", R, 22),
    ("rcpt", 521, "5.2.2", R, 22),
    ("rcpt", 530, "", R, 23),
    ("rcpt", 535, "", R, 23),
    ("rcpt", 538, "5.2.0", R, 23),
    ("rcpt", 550, "5.7.1", R, 24),
    ("data", 550, "5.7.26", R, 24),
    ("rcpt", 550, "5.7.515", R, 24),
    ("data", 552, "5.3.4", R, 25),
    ("rcpt", 550, "5.4.1", R, 25),
    ("rcpt", 550, "5.5.0", R, 25),
    ("rcpt", 553, "5.6.7", R, 25),
    ("data", 552, "5.2.2", O, 26),
    ("rcpt", 552, "5.2.2", O, 26),
    ("rcpt", 550, "5.1.0", O, 26),
    ("rcpt", 554, "", R, 27),
    ("data", 554, "", R, 27),
    ("rcpt", 550, "", O, 28),
    ("rcpt", 553, "", O, 28),
    ("rcpt", 550, "5.0.0", O, 28),
    ("data", 550, "", R, 29),
    ("rcpt", 250, "", R, 29),
    ("connect", 421, "4.3.2", R, 2),
    ("mail", 421, "", S, 3),
    ("data", 421, "4.4.2", S, 3),
    ("data", 421, "4.3.0", S, 3),
    ("mail", 452, "4.5.3", S, 4),
    ("mail", 450, "4.7.1", S, 4),
    ("mail", 452, "", S, 4),
    ("data", 432, "4.3.2", S, 5),
    ("data", 454, "", S, 6),
    ("rcpt", 452, "4.3.1", S, 7),
    ("rcpt", 451, "4.3.5", S, 7),
    ("rcpt", 451, "4.3.0", D, 15),
    ("data", 452, "4.4.5", S, 8),
    ("rcpt", 451, "4.4.2", S, 8),
    ("rcpt", 451, "4.4.3", D, 15),
    ("rcpt", 452, "4.5.3", S, 9),
    ("rcpt", 451, "4.7.0", S, 10),
    ("rcpt", 451, "4.7.500", S, 11),
    ("rcpt", 451, "4.7.651", S, 11),
    ("rcpt", 450, "4.2.0", D, 13),
    ("rcpt", 450, "4.2.1", D, 13),
    ("rcpt", 450, "4.1.1", D, 13),
]

# The same where the codes do not tell, and the relay's words do.
WORDS: list[tuple[int, str, Meaning, int]] = [
    (450, "4.2.1 Peak SMTP relay limit exceeded for customer.", S, 12),
    (450, "4.2.1 The user you are trying to contact is receiving mail too quickly.", D, 13),
    (450, "4.2.1 The user is receiving mail at a rate that prevents more messages.", D, 13),
    (452, "4.2.2 Mailbox full, too many messages", D, 13),
    (450, "4.2.0 <m@example.org>: Recipient address rejected: Greylisted", D, 13),
    (450, "4.1.2 <m@example.org>: Recipient address rejected: Domain not found", D, 13),
    (452, "too many messages in this connection", S, 14),
    (452, "4.7.1 Maximum 100 messages per session", S, 14),
    (451, "Too many recipients received this hour", S, 14),
    (450, "4.7.1 Error: too much mail, sending rate exceeded", S, 14),
    (451, "4.7.1 Rate limit exceeded, slow down", S, 14),
    (451, "Throttling failure: Maximum sending rate exceeded.", S, 14),
    (451, "The server is too busy, try later", S, 14),
    (451, "4.7.1 Greylisting in action, please use another connection in this session", D, 15),
    (452, "mailbox full: too many messages", D, 15),
    (450, "4.7.1 Service unavailable - try again later", D, 15),
    (451, "Temporary local problem - please try later", D, 15),
    (550, "5.7.1 too many messages per session", R, 24),
]


@pytest.mark.parametrize(("code", "words", "expected", "place"), WORDS)
def test_a_reply_whose_codes_do_not_tell_is_known_by_its_words(
    code: int, words: str, expected: Meaning, place: int
) -> None:
    for phase in ("rcpt", "data"):
        reply = reply_of(phase, code, words)
        assert reply.meaning is expected
        assert rule(reply) is TABLE[place]


@pytest.mark.parametrize(("phase", "code", "enhanced", "expected", "place"), REPLIES)
def test_a_reply_means(
    phase: Phase, code: int, enhanced: str, expected: Meaning, place: int
) -> None:
    reply = Reply(phase, code, enhanced)
    assert reply.meaning is expected
    assert rule(reply) is TABLE[place]


def test_every_row_of_the_table_has_an_example() -> None:
    assert {place for *_, place in [*REPLIES, *WORDS]} == set(range(len(TABLE)))


@given(
    st.sampled_from(("connect", "auth", "mail", "rcpt", "data")),
    st.integers(0, 999),
    st.from_regex(r"([245]\.\d{1,3}\.\d{1,3})?", fullmatch=True),
)
def test_every_reply_has_a_meaning_and_only_the_relays_yes_is_one(
    phase: Phase, code: int, enhanced: str
) -> None:
    meant = Reply(phase, code, enhanced).meaning
    assert (meant is H) == (phase == "data" and 200 <= code < 300)
    if meant in (F, O):
        assert phase in ("rcpt", "data")
        assert 500 <= code < 600
    if meant is S:
        assert phase in ("mail", "rcpt", "data")
        assert 400 <= code < 500


def test_a_reply_shows_its_codes_and_never_its_words() -> None:
    reply = Reply("rcpt", 550, "5.1.1", "<kari@example.org> unknown")
    assert reply.short == "5.1.1 550"
    assert "kari" not in repr(reply)


GONE, BARE = Reply("rcpt", 550, "5.1.1"), Reply("rcpt", 550)
POLICY, BROKEN, LATER = Reply("data", 550, "5.7.1"), Reply("data", NO_ANSWER), Reply("rcpt", 450)
UNANSWERED = Reply("dot", NO_ANSWER)


@pytest.mark.parametrize(
    ("reply", "others_taken", "tries", "overdue", "expected"),
    [
        (GONE, False, None, False, F),
        (BARE, True, None, False, D),
        (BARE, True, TRIES - 1, False, F),
        (BARE, False, None, False, R),
        (BARE, False, None, True, F),
        (UNANSWERED, True, TRIES - 2, False, D),
        (UNANSWERED, True, TRIES - 1, False, F),
        (UNANSWERED, False, TRIES, False, R),
        (POLICY, False, TRIES, True, R),
        (POLICY, True, None, False, D),
        (POLICY, True, TRIES - 2, False, D),
        (POLICY, True, TRIES - 1, False, F),
        (BROKEN, True, TRIES, False, D),
        (BROKEN, False, TRIES, True, R),
        (LATER, True, TRIES, False, D),
        (LATER, False, None, True, D),
        (LATER, False, 0, True, F),
        (Reply("mail", 550), True, TRIES, True, R),
    ],
)
def test_what_a_refusal_comes_to(
    reply: Reply, others_taken: bool, tries: int | None, overdue: bool, expected: Meaning
) -> None:
    assert verdict(reply, others_taken=others_taken, tries=tries, overdue=overdue) is expected


@pytest.mark.parametrize(
    ("reply", "others_taken", "before", "after"),
    [
        (POLICY, True, None, 1),
        (POLICY, True, 3, 4),
        (POLICY, False, 3, 3),
        (POLICY, False, None, None),
        (BARE, True, None, 1),
        (UNANSWERED, True, 1, 2),
        (UNANSWERED, False, 1, 1),
        (LATER, True, None, 0),
        (LATER, True, 3, 3),
        (LATER, False, None, 0),
        (BROKEN, True, 0, 0),
        (BROKEN, False, None, None),
    ],
)
def test_only_a_refusal_while_others_taken_is_a_try(
    reply: Reply, others_taken: bool, before: int | None, after: int | None
) -> None:
    assert tried(reply, others_taken=others_taken, tries=before) == after


BUSY = [Reply("rcpt", 421), Reply("data", 452, "4.4.5"), Reply("mail", 452, "4.5.3")]


@given(
    reply=st.sampled_from(BUSY),
    others_taken=st.booleans(),
    overdue=st.booleans(),
    tries=st.none() | st.integers(0, 2 * TRIES),
)
def test_a_word_on_the_session_is_never_counted_against_the_member(
    reply: Reply, others_taken: bool, overdue: bool, tries: int | None
) -> None:
    assert tried(reply, others_taken=others_taken, tries=tries) == tries
    came_to = verdict(reply, others_taken=others_taken, tries=tries, overdue=overdue)
    assert came_to is (D if others_taken and reply.is_about_a_member else R)


@given(st.lists(st.sampled_from((BARE, POLICY, BROKEN, LATER, *BUSY)), max_size=30))
def test_a_relay_that_takes_nobody_fails_nobody(replies: list[Reply]) -> None:
    tries = None
    for reply in replies:
        assert verdict(reply, others_taken=False, tries=tries, overdue=False) is not F
        tries = tried(reply, others_taken=False, tries=tries)
