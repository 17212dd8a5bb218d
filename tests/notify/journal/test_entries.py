import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.journal.entries import (
    GONE,
    RETURNS,
    EntryKind,
    JournalEntry,
    JournalState,
    seal,
    state_of,
    unseal,
)
from services.notify.vault.vault import Vault

START = datetime(2026, 11, 28, tzinfo=UTC)
HASHES = [bytes([n]) * 16 for n in range(1, 4)]


@st.composite
def any_entry(draw: st.DrawFn) -> JournalEntry:
    kind = draw(st.sampled_from(EntryKind))
    at = START + timedelta(seconds=draw(st.integers(0, 5)))
    if kind in (EntryKind.DELIVERY, EntryKind.POST):
        return JournalEntry(kind, at, id=draw(st.sampled_from(["a.1", "a.2", "b.1"])))
    number = draw(st.integers(1, 6))
    if kind is EntryKind.WISH:
        return JournalEntry(kind, at, number, id=draw(st.sampled_from(["a.1", "a.2"])))
    if kind is EntryKind.NUMBERS:
        return JournalEntry(kind, at, number)
    return JournalEntry(
        kind, at, number, draw(st.sampled_from([*HASHES, b""])), draw(st.integers(0, 3))
    )


@given(st.lists(any_entry()), st.randoms(use_true_random=False))
def test_what_follows_does_not_depend_on_order_files_or_repeats(
    entries: list[JournalEntry], chance: random.Random
) -> None:
    expected = state_of(entries)
    again = entries + chance.choices(entries, k=len(entries)) if entries else []
    chance.shuffle(again)
    assert state_of(again) == expected


@given(st.lists(any_entry(), min_size=1))
def test_a_number_that_ended_never_returns_and_the_erased_stay_erased(
    entries: list[JournalEntry],
) -> None:
    state = state_of(entries)
    assert state.gone.keys() == {e.number for e in entries if e.kind in GONE}
    erased = {e.number for e in entries if e.kind is EntryKind.ERASED}
    assert {number for number in state.gone if state.is_erased(number)} == erased


@given(st.lists(any_entry()))
def test_the_highest_number_is_never_too_low(entries: list[JournalEntry]) -> None:
    numbers = [e.number for e in entries if e.kind is not EntryKind.WISH]
    assert state_of(entries).highest == max(numbers, default=0)


@given(st.lists(any_entry()))
def test_of_each_delivery_the_newest_wish_that_was_heard_is_known(
    entries: list[JournalEntry],
) -> None:
    wishes = [e for e in entries if e.kind is EntryKind.WISH]
    newest = {e.id: max(w.number for w in wishes if w.id == e.id) for e in wishes}
    assert state_of(entries).wishes == newest


@st.composite
def a_life(draw: st.DrawFn) -> list[JournalEntry]:
    """What becomes of one address: it is left, erased and held again, in turn, by numbers that
    grow, at times that grow."""
    entries: list[JournalEntry] = []
    number, is_member = draw(st.integers(1, 3)), True
    for nth in range(draw(st.integers(1, 8))):
        at = START + timedelta(seconds=nth)
        if is_member:
            kind = draw(st.sampled_from(sorted(GONE)))
            entries.append(JournalEntry(kind, at, number, HASHES[0]))
            is_member = False
        elif draw(st.booleans()):
            before, number = number, number + draw(st.integers(1, 3))
            kind = draw(st.sampled_from(sorted(RETURNS)))
            entries.append(JournalEntry(kind, at, number, HASHES[0], before))
            is_member = True
        else:
            entries.append(JournalEntry(EntryKind.ERASED, at, number, HASHES[0]))
    return entries


@given(a_life(), st.randoms(use_true_random=False))
def test_of_an_address_the_last_word_counts(
    life: list[JournalEntry], chance: random.Random
) -> None:
    last = life[-1]
    chance.shuffle(life)
    state = state_of(life)
    assert state.is_gone(HASHES[0]) == (last.kind in GONE)
    assert state.holders[HASHES[0]] == last
    assert not state.is_gone(HASHES[1])


@pytest.mark.parametrize("kind", sorted(GONE))
def test_of_two_at_the_same_moment_the_greater_number_is_the_later(kind: EntryKind) -> None:
    ended = JournalEntry(kind, START, 1, HASHES[0])
    back = JournalEntry(EntryKind.JOINED, START, 2, HASHES[0], 1)
    for order in ([ended, back], [back, ended]):
        assert not state_of(order).is_gone(HASHES[0])
    left_again = JournalEntry(EntryKind.LEFT, START, 2, HASHES[0])
    for order in ([left_again, back], [back, left_again]):
        assert state_of(order).is_gone(HASHES[0])


def test_deliveries_and_posts_are_known_by_their_ids() -> None:
    said = [
        JournalEntry(EntryKind.DELIVERY, START, id="a.1"),
        JournalEntry(EntryKind.POST, START, id="p"),
    ]
    assert state_of(said) == JournalState(deliveries={"a.1"}, posts={"p"})


@given(any_entry())
def test_a_line_gives_back_its_entry_and_shows_nothing_of_it(entry: JournalEntry) -> None:
    vault = Vault(bytes(32), bytes(range(32)))
    line = seal(vault, entry)
    assert unseal(vault, line) == entry
    assert b"\n" not in line
    assert seal(vault, entry) != line
    if entry.index:
        assert entry.index.hex().encode() not in line


@given(any_entry(), st.data())
def test_a_line_that_is_cut_or_changed_is_no_entry(
    entry: JournalEntry, data: st.DataObject
) -> None:
    vault = Vault(bytes(32), bytes(range(32)))
    line = seal(vault, entry)
    broken = line[: data.draw(st.integers(0, len(line) - 1))]
    with pytest.raises(ValueError, match=r".*"):
        unseal(vault, broken)
    place = data.draw(st.integers(0, len(line) - 5))
    other = b"A" if line[place : place + 1] != b"A" else b"B"
    with pytest.raises(ValueError, match=r".*"):
        unseal(vault, line[:place] + other + line[place + 1 :])


def test_an_entry_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        JournalEntry(EntryKind.LEFT, datetime(2026, 1, 1), 1)  # noqa: DTZ001
