"""The audit trail's rule: whatever is changed, left out or moved is found, and where it begins."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.ingest.audit.entries import (
    NOTHING,
    Broken,
    Head,
    TrailAction,
    TrailEntry,
    Verified,
    verify,
)

NOW = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
actions = st.lists(
    st.builds(
        TrailAction,
        actor=texts,
        what=texts,
        article=texts,
        revision=st.integers(0, 9),
        sha256=texts,
        detail=st.dictionaries(texts, texts | st.integers(-9, 9), max_size=3),
    ),
    min_size=1,
    max_size=12,
)


def entries(actions: list[TrailAction]) -> Iterator[TrailEntry]:
    head = Head()
    for place, action in enumerate(actions):
        entry = TrailEntry.after(head, action, NOW + timedelta(seconds=place))
        head = entry.head
        yield entry


def trail(actions: list[TrailAction]) -> list[bytes]:
    return [entry.line for entry in entries(actions)]


def some(count: int) -> list[bytes]:
    return trail([TrailAction("Kari", "published", "a1b2c3d4e5f6", n) for n in range(count)])


@given(actions)
def test_a_whole_trail_is_verified_and_its_root_is_the_last_hash(
    actions: list[TrailAction],
) -> None:
    written = list(entries(actions))
    found = verify(trail(actions), root=written[-1].hash, entries=len(written))
    assert found == Verified(len(written), written[-1].hash)
    assert [TrailEntry.of(entry.line) for entry in written] == written


def test_an_empty_trail_is_whole() -> None:
    assert verify([]) == Verified(0, NOTHING)
    assert verify([], root=NOTHING, entries=0) == Verified(0, NOTHING)


@given(actions, st.data())
def test_any_byte_that_is_changed_is_found_in_its_entry(
    actions: list[TrailAction], data: st.DataObject
) -> None:
    lines = trail(actions)
    which = data.draw(st.integers(0, len(lines) - 1))
    line = bytearray(lines[which])
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != line[place]))
    lines[which] = bytes(line)
    found = verify(lines)
    assert isinstance(found, Broken)
    assert found.number == which + 1


@given(actions, st.data())
def test_any_byte_that_is_put_in_or_taken_out_is_found(
    actions: list[TrailAction], data: st.DataObject
) -> None:
    lines = trail(actions)
    which = data.draw(st.integers(0, len(lines) - 1))
    line = lines[which]
    place = data.draw(st.integers(0, len(line) - 1))
    more = data.draw(st.binary(max_size=2))
    changed = line[:place] + more + line[place + (not more) :]
    found = verify([*lines[:which], changed, *lines[which + 1 :]])
    assert isinstance(found, Broken)
    assert found.number == which + 1


@given(st.integers(2, 12), st.data())
def test_entries_that_are_missing_moved_or_repeated_are_found(
    count: int, data: st.DataObject
) -> None:
    lines = some(count)
    place = data.draw(st.integers(0, count - 2))
    other = data.draw(st.integers(place + 1, count - 1))
    missing = lines[:place] + lines[place + 1 :]
    assert verify(missing) == Broken(place + 1, "number")
    swapped = [*lines]
    swapped[place], swapped[other] = swapped[other], swapped[place]
    assert verify(swapped) == Broken(place + 1, "number")
    repeated = [*lines[: other + 1], lines[place], *lines[other + 1 :]]
    assert verify(repeated) == Broken(other + 2, "number")


@given(st.integers(1, 12), st.data())
def test_an_end_that_is_missing_is_found_where_the_number_or_the_root_is_known(
    count: int, data: st.DataObject
) -> None:
    lines = some(count)
    root = TrailEntry.of(lines[-1]).hash
    left = data.draw(st.integers(0, count - 1))
    assert verify(lines[:left], entries=count) == Broken(left + 1, "end")
    assert verify(lines[:left], root=root) == Broken(left, "root")
    assert verify(lines, entries=left) == Broken(left + 1, "beyond")


def test_a_root_that_was_published_holds_while_the_trail_grows() -> None:
    lines = some(9)
    published = TrailEntry.of(lines[4]).hash
    assert verify(lines, root=published) == Verified(9, TrailEntry.of(lines[-1]).hash)


def test_a_trail_that_was_made_anew_is_found_by_the_root_that_was_published() -> None:
    published = TrailEntry.of(some(5)[-1]).hash
    forged = trail([TrailAction("Ola", "published", "a1b2c3d4e5f6", n) for n in range(9)])
    assert isinstance(verify(forged), Verified)
    assert verify(forged, root=published) == Broken(9, "root")


def test_an_entry_of_another_trail_is_found_by_what_it_follows() -> None:
    mine, theirs = some(3), trail([TrailAction("Ola", "x")] * 3)
    assert verify([mine[0], theirs[1]]) == Broken(2, "previous")


@given(st.binary(max_size=30))
def test_a_line_that_is_no_entry_is_told(line: bytes) -> None:
    assert verify([*some(1), line]) == Broken(2, "unreadable")


def test_an_entry_with_a_field_that_none_has_is_none() -> None:
    """Also if its hash is that of all its fields: nobody would know what the field means."""
    fields = json.loads(some(1)[0]) | {"zeal": "much"}
    del fields["hash"]
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    whole = text.replace('"number":', f'"hash":"{sha256}","number":', 1)
    assert verify([whole.encode()]) == Broken(1, "unreadable")


def test_half_characters_and_other_spellings_of_the_same_are_found() -> None:
    (line,) = some(1)
    assert verify([line.replace(b"Kari", b"\\u004bari")]) == Broken(1, "changed")
    assert verify([line.replace(b"Kari", b"\\ud800")]) == Broken(1, "changed")
    assert verify([line.decode().encode("utf-16")]) == Broken(1, "unreadable")
    assert verify([b"[" * 100_000]) == Broken(1, "unreadable")
