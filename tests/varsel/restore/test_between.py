"""What follows from journal and site about what a copy does not know."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notify.journal.entries import EntryKind, JournalEntry, JournalState, state_of
from services.notify.ledger.states import STATES, State, may_have_it
from varsel.restore.between import (
    ended_since,
    in_doubt,
    newer_than,
    numbers_until,
    revisions_until,
)

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
REVISIONS = st.dictionaries(st.sampled_from(["a1", "b2", "c3", "d4"]), st.integers(1, 9))
IS_OPEN = {State.PLANNED, State.SENDING, State.DEFERRED}


@given(st.binary(max_size=200))
def test_whoever_is_open_may_have_it_and_nobody_else_changes(ledger: bytes) -> None:
    ledger = bytes(byte % 64 for byte in ledger)
    after = in_doubt(ledger)
    assert len(after) == len(ledger)
    for old, new in zip(ledger, after, strict=True):
        if old % STATES in IS_OPEN:
            assert new % STATES == State.SENDING
            assert may_have_it(new)
            assert new - new % STATES == old - old % STATES
        else:
            assert new == old


@given(REVISIONS, REVISIONS, REVISIONS, st.booleans())
def test_no_revision_that_anybody_may_have_gets_its_number_again(
    kept: dict[str, int], shown: dict[str, int], started: dict[str, int], has_site: bool
) -> None:
    ids = [f"{article}.{revision}" for article, revision in started.items()]
    until = revisions_until(kept, shown, ids, has_site=has_site)
    assert until.keys() == kept.keys()
    for article, last in until.items():
        known = [kept[article], shown.get(article, 0), started.get(article, 0)]
        assert last >= max(known) if has_site else last > max(kept[article], 99)


@given(st.integers(0, 2_000_000), st.integers(0, 2_000_000))
def test_no_number_is_given_twice_and_a_lost_journal_has_a_margin(highest: int, last: int) -> None:
    state = JournalState(highest=highest)
    assert numbers_until(state, last, is_lost=False) == max(highest, last)
    lost = numbers_until(state, last, is_lost=True)
    assert lost >= max(highest, last) + 1000
    assert lost <= max(highest, last) * 1.1 + 1000


def test_the_site_is_newer_only_of_what_the_copy_has() -> None:
    shown = {"a1": 3, "b2": 1, "new": 2}
    assert newer_than({"a1": 2, "b2": 4, "c3": 1}, shown) == {"a1": (3, 2)}


def test_leavings_and_erasures_since_the_copy_are_counted_apart() -> None:
    def entry(kind: EntryKind, number: int, hours: int) -> JournalEntry:
        return JournalEntry(kind, NOON + timedelta(hours=hours), number)

    state = state_of(
        [
            entry(EntryKind.LEFT, 1, -1),
            entry(EntryKind.LEFT, 2, 1),
            entry(EntryKind.LEFT, 3, 1),
            entry(EntryKind.ERASED, 3, 2),
            entry(EntryKind.ERASED, 4, -2),
        ]
    )
    assert ended_since(state, NOON) == (1, 1)
