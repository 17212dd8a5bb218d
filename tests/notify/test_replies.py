import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.replies import NO_ANSWER, TABLE, Action, Phase, Reply, action, row

H, F, D, R = Action.HANDED_OVER, Action.FAILED, Action.DEFERRED, Action.RELAY_TROUBLE

# Replies as relays give them, and the number of the row of the table that each must fall into.
REPLIES: list[tuple[Phase, int, str, Action, int]] = [
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
    ("rcpt", 550, "5.7.1", R, 6),
    ("data", 550, "5.7.26", R, 6),
    ("rcpt", 550, "5.7.515", R, 6),
    ("data", 552, "5.3.4", R, 7),
    ("rcpt", 501, "5.5.4", R, 7),
    ("rcpt", 553, "5.6.7", R, 7),
    ("rcpt", 550, "5.1.1", F, 8),
    ("rcpt", 554, "5.1.2", F, 8),
    ("data", 550, "5.1.1", F, 8),
    ("rcpt", 556, "5.1.10", F, 8),
    ("rcpt", 550, "5.2.1", F, 9),
    ("data", 552, "5.2.2", F, 9),
    ("rcpt", 554, "", R, 10),
    ("data", 554, "", R, 10),
    ("rcpt", 550, "", F, 11),
    ("rcpt", 553, "", F, 11),
    ("data", 550, "", R, 12),
    ("rcpt", 250, "", R, 12),
]


@pytest.mark.parametrize(("phase", "code", "enhanced", "expected", "place"), REPLIES)
def test_a_reply_means(
    phase: Phase, code: int, enhanced: str, expected: Action, place: int
) -> None:
    reply = Reply(phase, code, enhanced)
    assert action(reply) is expected
    assert row(reply) is TABLE[place]


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
    meant = action(Reply(phase, code, enhanced))
    assert (meant is H) == (phase == "data" and 200 <= code < 300)
    if meant is F:
        assert phase in ("rcpt", "data")
        assert 500 <= code < 600


def test_a_reply_shows_its_codes_and_never_its_words() -> None:
    reply = Reply("rcpt", 550, "5.1.1", "<kari@example.org> unknown")
    assert reply.short == "5.1.1 550"
    assert "kari" not in repr(reply)
