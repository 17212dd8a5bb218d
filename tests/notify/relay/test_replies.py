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
    meaning,
    rule,
    tried,
    verdict,
)

H, F, D, R = Meaning.HANDED_OVER, Meaning.FAILED, Meaning.DEFERRED, Meaning.RELAY_TROUBLE
O = Meaning.FAILED_IF_OTHERS_TAKEN  # noqa: E741

# Replies as relays give them, and the number of the row of the table that each must fall into.
REPLIES: list[tuple[Phase, int, str, Meaning, int]] = [
    ("data", 250, "2.0.0", H, 0),
    ("data", 250, "", H, 0),
    ("connect", NO_ANSWER, "", R, 1),
    ("data", NO_ANSWER, "", R, 1),
    ("rcpt", 421, "4.7.0", R, 2),
    ("connect", 554, "", R, 3),
    ("auth", 535, "5.7.8", R, 3),
    ("auth", 454, "4.7.0", R, 3),
    ("rcpt", 450, "4.7.1", D, 4),
    ("rcpt", 452, "4.2.2", D, 4),
    ("mail", 451, "4.3.0", D, 4),
    ("data", 451, "", D, 4),
    ("mail", 550, "5.1.8", R, 5),
    ("mail", 530, "5.7.0", R, 5),
    ("mail", 550, "5.1.1", R, 5),
    ("rcpt", 550, "5.1.1", F, 6),
    ("rcpt", 554, "5.1.2", F, 6),
    ("rcpt", 501, "5.1.3", F, 6),
    ("rcpt", 550, "5.1.6", F, 6),
    ("data", 550, "5.1.1", F, 6),
    ("rcpt", 556, "5.1.10", F, 7),
    ("rcpt", 550, "5.2.1", F, 8),
    ("rcpt", 550, "5.1.7", R, 9),
    ("rcpt", 553, "5.1.8", R, 9),
    ("data", 553, "5.1.8", R, 9),
    ("rcpt", 500, "", R, 10),
    ("rcpt", 501, "", R, 10),
    ("rcpt", 503, "5.5.1", R, 10),
    ("data", 504, "", R, 10),
    ("rcpt", 521, "", R, 11),
    ("rcpt", 521, "5.2.2", R, 11),
    ("rcpt", 530, "", R, 12),
    ("rcpt", 535, "", R, 12),
    ("rcpt", 538, "5.2.0", R, 12),
    ("rcpt", 550, "5.7.1", R, 13),
    ("data", 550, "5.7.26", R, 13),
    ("rcpt", 550, "5.7.515", R, 13),
    ("data", 552, "5.3.4", R, 14),
    ("rcpt", 550, "5.4.1", R, 14),
    ("rcpt", 550, "5.5.0", R, 14),
    ("rcpt", 553, "5.6.7", R, 14),
    ("data", 552, "5.2.2", O, 15),
    ("rcpt", 552, "5.2.2", O, 15),
    ("rcpt", 550, "5.1.0", O, 15),
    ("rcpt", 554, "", R, 16),
    ("data", 554, "", R, 16),
    ("rcpt", 550, "", O, 17),
    ("rcpt", 553, "", O, 17),
    ("rcpt", 550, "5.0.0", O, 17),
    ("data", 550, "", R, 18),
    ("rcpt", 250, "", R, 18),
]


@pytest.mark.parametrize(("phase", "code", "enhanced", "expected", "place"), REPLIES)
def test_a_reply_means(
    phase: Phase, code: int, enhanced: str, expected: Meaning, place: int
) -> None:
    reply = Reply(phase, code, enhanced)
    assert meaning(reply) is expected
    assert rule(reply) is TABLE[place]


def test_every_row_of_the_table_has_an_example() -> None:
    assert {place for *_, place in REPLIES} == set(range(len(TABLE)))


@given(
    st.sampled_from(("connect", "auth", "mail", "rcpt", "data")),
    st.integers(0, 999),
    st.from_regex(r"([245]\.\d{1,3}\.\d{1,3})?", fullmatch=True),
)
def test_every_reply_has_a_meaning_and_only_the_relays_yes_is_one(
    phase: Phase, code: int, enhanced: str
) -> None:
    meant = meaning(Reply(phase, code, enhanced))
    assert (meant is H) == (phase == "data" and 200 <= code < 300)
    if meant in (F, O):
        assert phase in ("rcpt", "data")
        assert 500 <= code < 600


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


@given(st.lists(st.sampled_from((BARE, POLICY, BROKEN, LATER)), max_size=30))
def test_a_relay_that_takes_nobody_fails_nobody(replies: list[Reply]) -> None:
    tries = None
    for reply in replies:
        assert verdict(reply, others_taken=False, tries=tries, overdue=False) is not F
        tries = tried(reply, others_taken=False, tries=tries)
