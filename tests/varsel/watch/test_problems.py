"""What is wrong is told, each with what to do, and nothing else is."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.topology import STREAMS
from tests.examples import examples
from tests.varsel.watch.faults import FAULTS, server
from tests.varsel.watch.looks import (
    NOW,
    SERVER,
    consumer,
    delivery,
    group,
    well,
    with_group,
    with_stream,
)
from varsel.watch.problems import MEMORY, STALLS, WAITS, problems
from varsel.watch.state import GONE, Look

PLACES = [(stream.name, name) for stream in STREAMS for name in stream.groups]


def words(look: Look) -> list[str]:
    return [word for word, _ in problems(look)]


@pytest.mark.parametrize("word", FAULTS)
def test_each_fault_is_told_once_with_what_to_do_and_nothing_else_is(word: str) -> None:
    look, says = FAULTS[word]
    [(told, text)] = problems(look)
    assert told == word
    assert says in text


WELL: dict[str, Callable[[], Look]] = {
    "a follower is away for a few minutes": lambda: well(failing={"sykehus.example.org": [3]}),
    "nothing happens": well,
    "a long delivery's last chunk waits for its turn": lambda: with_group(
        well(), "chunks", "notify", pending=1, oldest=7200.0
    ),
    "a delivery has just started": lambda: well(
        NOW, delivery(told_at=0, started="2026-11-24T03:31:00+00:00")
    ),
    "a complete delivery is old": lambda: well(NOW, delivery(state="complete", told_at=0, open=0)),
    "a person has paused a delivery, long ago": lambda: well(
        NOW, delivery(state="paused", cause="operator", told_at=0)
    ),
    "a person has cancelled a delivery": lambda: well(
        NOW, delivery(state="complete", cause="cancelled", told_at=0, suppressed=600, open=0)
    ),
    "an event waits for less than two minutes": lambda: with_group(
        well(), "pages", "notify", pending=1, oldest=WAITS - 1
    ),
    "a delivery stands still for less than a quarter of an hour": lambda: well(
        NOW, delivery(told_at=NOW - STALLS + 1)
    ),
    "memory is nearly short": lambda: server(memory=int(MEMORY * SERVER.maxmemory) - 1),
    "memory has no limit": lambda: server(maxmemory=0, memory=10**12),
    "one of two left nothing behind": lambda: with_group(
        well(), "chunks", "notify", consumers=(consumer("a"), consumer("b", idle=GONE + 1))
    ),
    "lag is unknown": lambda: with_group(well(), "pages", "notify", lag=None),
}


@pytest.mark.parametrize("why", WELL)
def test_nothing_is_told_where(why: str) -> None:
    assert problems(WELL[why]()) == []


@settings(max_examples=examples(50))
@given(silent=st.sets(st.sampled_from(PLACES)), missing=st.sets(st.sampled_from(PLACES)))
def test_a_service_is_told_to_be_stopped_once_if_and_only_if_it_reads_one_stream_of_its_less(
    silent: set[tuple[str, str]], missing: set[tuple[str, str]]
) -> None:
    look = well()
    for stream, name in silent:
        look = with_group(look, stream, name, consumers=(consumer(idle=GONE + 1),))
    for place in missing:
        [found] = [s for s in look.streams if s.name == place[0]]
        left = tuple(g for g in found.groups if g.name != place[1])
        look = with_stream(look, place[0], groups=left)
    stopped = {name for _, name in silent | missing}
    told = [text for word, text in problems(look) if word == "service_stopped"]
    if missing == set(PLACES):
        assert words(look) == ["not_started"]
        return
    assert sorted(text.split()[0] for text in told) == sorted(stopped)


def test_a_group_that_nobody_knows_is_no_problem() -> None:
    """It holds nothing up; the table of streams shows it."""
    stray = group("redis-insight", consumers=())
    [found] = [s for s in well().streams if s.name == "articles"]
    look = with_stream(well(), "articles", groups=(*found.groups, stray))
    assert words(look) == []


def test_of_a_service_that_is_stopped_nothing_else_is_told() -> None:
    """That its events wait, and that nobody takes over what it left, follows from it."""
    alone = (consumer("notify-1", pending=3, idle=GONE + 1),)
    look = with_group(well(), "pages", "notify", pending=3, oldest=WAITS, consumers=alone)
    assert words(look) == ["service_stopped"]


@pytest.mark.parametrize(
    ("lag", "pending", "says"),
    [
        (0, 0, "ingenting venter"),
        (1, 0, "1 hendelse blir liggende"),
        (2, 5, "7 hendelser blir liggende"),
        (None, 5, "hendelsene blir liggende"),
    ],
)
def test_how_much_waits_for_a_service_is_told_where_it_is_known(
    lag: int | None, pending: int, says: str
) -> None:
    look = with_group(well(), "chunks", "notify", lag=lag, pending=pending, consumers=())
    [(_, text)] = problems(look)
    assert f"leser ikke chunks; {says}" in text


def test_for_a_group_that_is_lost_nobody_knows_what_waits() -> None:
    [(_, text)] = problems(with_stream(well(), "articles", groups=()))
    assert "leser ikke articles; hendelsene blir liggende" in text


def test_that_redis_just_started_is_told_until_silence_could_be_seen_and_after_what_is_wrong() -> (
    None
):
    late = replace(SERVER, uptime=int(GONE) + 6)
    assert problems(well(redis=late)) == []
    assert words(with_stream(server(uptime=0), "pages", dead=1)) == ["dead_letters"]


def test_every_problem_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "cli.md").read_text()
    told = page.partition("- `problem` is one of")[2].partition("\n\n")[0]
    documented = set(re.findall(r"`([a-z_]+)`", told))
    assert documented == FAULTS.keys()
