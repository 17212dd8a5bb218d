"""What is wrong is told, each with what to do, and nothing else is."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.topology import STREAMS
from tests.watch.looks import NOW, SERVER, consumer, delivery, group, well, with_group, with_stream
from varsel.watch_problems import HISTORY, WAITS, problems
from varsel.watch_state import GONE, Look

PLACES = [(stream.name, name) for stream in STREAMS for name in stream.groups]


def words(*looks: Look) -> list[str]:
    return [word for word, _ in problems(looks)]


def _server(**overrides: object) -> Look:
    return well(redis=replace(SERVER, **overrides))  # type: ignore[arg-type]


GONE_ONE = (consumer("notify-1"), consumer("notify-2", pending=3, idle=GONE + 1))
EMPTY = well(streams=tuple(replace(s, groups=()) for s in well().streams))
STALLED = delivery(told_at=NOW - WAITS)

FAULTS: dict[str, tuple[Look, str]] = {
    "aof_off": (_server(aof=False), "appendonly yes"),
    "aof_write": (_server(aof_write_ok=False), "Frigjør plass"),
    "aof_rewrite": (_server(aof_rewrite_ok=False), "plass på disken"),
    "memory": (_server(memory=461_000_000), "maxmemory"),
    "dead_letters": (with_stream(well(), "pages", dead=3), "varsel dead list"),
    "service_stopped": (with_group(well(), "chunks", "notify", consumers=()), "Start notify"),
    "consumer_gone": (with_group(well(), "chunks", "notify", consumers=GONE_ONE), "notify-2"),
    "event_waits": (with_group(well(), "pages", "notify", pending=1, oldest=WAITS), "loggen"),
    "delivery_stalled": (well(NOW, STALLED), "600 gjenstår"),
    "not_started": (EMPTY, "varsel up"),
}  # fmt: skip


@pytest.mark.parametrize("word", FAULTS)
def test_each_fault_is_told_once_with_what_to_do_and_nothing_else_is(word: str) -> None:
    look, says = FAULTS[word]
    [(told, text)] = problems([look])
    assert told == word
    assert says in text


WELL: dict[str, Callable[[], Look]] = {
    "nothing happens": well,
    "a long delivery's last chunk waits for its turn": lambda: with_group(
        well(), "chunks", "notify", pending=1, oldest=7200.0
    ),
    "a delivery has just started": lambda: well(
        NOW, delivery(told_at=0, started="2026-11-24T03:31:00+00:00")
    ),
    "a complete delivery is old": lambda: well(NOW, delivery(state="complete", told_at=0, open=0)),
    "memory has no limit": lambda: _server(maxmemory=0, memory=10**12),
    "one of two left nothing behind": lambda: with_group(
        well(), "chunks", "notify", consumers=(consumer("a"), consumer("b", idle=GONE + 1))
    ),
    "lag is unknown": lambda: with_group(well(), "pages", "notify", lag=None),
}


@pytest.mark.parametrize("why", WELL)
def test_nothing_is_told_where(why: str) -> None:
    assert problems([WELL[why]()]) == []


@settings(deadline=None, max_examples=50)
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
    told = [text for word, text in problems([look]) if word == "service_stopped"]
    if missing == set(PLACES):
        assert words(look) == ["not_started"]
        return
    assert sorted(text.split()[0] for text in told) == sorted(stopped)


def test_a_group_that_nobody_knows_and_nobody_serves_is_told() -> None:
    stray = group("redis-insight", consumers=())
    [found] = [s for s in well().streams if s.name == "articles"]
    look = with_stream(well(), "articles", groups=(*found.groups, stray))
    assert words(look) == ["service_stopped"]


def _lags(*lags: int | None, step: float = 3.0) -> list[Look]:
    return [
        with_group(well(NOW + n * step), "pages", "notify", lag=lag) for n, lag in enumerate(lags)
    ]


def test_a_queue_that_grows_for_half_a_minute_is_told() -> None:
    rising = list(range(20, 20 + int(HISTORY / 3) + 1))
    assert words(*_lags(*rising)) == ["queue_grows"]
    assert words(*_lags(*rising[:-1])) == [], "not half a minute yet"
    assert words(*_lags(*rising[::-1])) == [], "it gets shorter"
    assert words(*_lags(*rising[:4], 0, *rising[5:])) == [], "it was empty meanwhile"
    assert words(*_lags(*rising[:4], None, *rising[5:])) == [], "nobody knows"
    assert words(*_lags(*range(1, len(rising)))) == [], "a handful"
