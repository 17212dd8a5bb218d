"""The picture: everything that matters is whole at 80 columns, and more is there at 140."""

import re
from dataclasses import replace
from io import StringIO
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from services.notify.relay.replies import Trouble
from shared.disk import Disk
from tests.examples import examples
from tests.varsel.watch.faults import FAULTS
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
from varsel.watch.problems import JUST_STARTED
from varsel.watch.state import GONE, DeliveryLook, Look, Server
from varsel.watch.text import count, reason
from varsel.watch.view import LAST, view


def seen(
    *looks: Look, width: int = 80, height: int | None = None, away: str | None = None
) -> list[str]:
    """The lines of the picture."""
    console = Console(width=width, height=height or 100, record=True, file=StringIO())
    console.print(view(looks, width=width, height=height, away=away))
    return console.export_text().splitlines()


BROKEN = Server(480_000_000, 512_000_000, True, False, False, False, 3600)


DISKS = (Disk("site", 71_000_000_000, 252_000_000_000), Disk("redis", 1_000_000, 100_000_000))


def broken(*deliveries: DeliveryLook) -> Look:
    """All that can be told from one look is wrong at once."""
    look = well(NOW, delivery(told_at=NOW - 1000), *deliveries, redis=BROKEN, disks=DISKS)
    look = with_stream(look, "articles", dead=12)
    look = with_group(look, "pages", "notify", pending=1, oldest=900.0)
    look = with_group(look, "deliveries", "ingest", consumers=())
    two = (consumer("notify-1"), consumer("notify-2", pending=3, idle=GONE + 1))
    return with_group(look, "chunks", "notify", consumers=two)


@pytest.mark.parametrize("width", [80, 140])
@settings(max_examples=examples(50))
@given(
    length=st.integers(0, 50_000_000),
    lag=st.integers(0, 999_999),
    pending=st.integers(0, 99_999),
    dead=st.integers(0, 999),
    gone=st.integers(0, 20),
    audience=st.integers(0, 999_999),
    failed=st.integers(0, 99_999),
)
def test_no_number_is_cut_and_no_line_is_too_long(
    width: int,
    length: int,
    lag: int,
    pending: int,
    dead: int,
    gone: int,
    audience: int,
    failed: int,
) -> None:
    lost = [consumer(f"n{n}", pending=1, idle=99) for n in range(gone)]
    consumers = (consumer("notify-1"), *lost)
    groups = (
        group("notify", lag=lag, pending=pending, oldest=3000.0, consumers=consumers),
        group("ingest"),
    )
    look = with_stream(
        well(NOW, delivery(audience=audience, handed_over=audience, failed=failed)),
        "pages", length=length, dead=dead, groups=groups,
    )  # fmt: skip
    lines = seen(look, replace(look, at=NOW + 1), width=width)
    assert all(len(line) <= width for line in lines)
    picture = "\n".join(lines)
    assert "…" not in picture
    [row] = [line for line in lines if line.startswith("pages")]
    for value in (count(length), count(lag), count(pending), count(dead), "50\u00a0min"):
        assert value in row
    assert ("1" if not gone else f"1, {gone} borte") in row
    [row] = [line for line in lines if line.startswith("a1b2c3d4e5f6.1")]
    for value in (count(audience), count(failed)):
        assert value in row


def test_a_name_that_is_too_long_is_folded_and_never_cut() -> None:
    long = "z" * 32 + ".12345"
    lines = seen(well(NOW, delivery(id=long, audience=999_999, handed_over=999_998)))
    assert max(map(len, lines)) <= 80
    assert "".join(lines).count("z") == 32
    assert "999\u00a0998" in "".join(lines)


@pytest.mark.parametrize("word", FAULTS)
def test_each_problem_stands_whole_above_the_tables(word: str) -> None:
    look, says = FAULTS[word]
    lines = seen(look)
    first = "nettopp startet" if word == JUST_STARTED else "1 ting å se på"
    assert lines[0].startswith(f"Varsel: {first}")
    above = " ".join(line.strip() for line in lines[: lines.index("")])
    assert says in above
    assert sum(len(line) > 0 for line in lines[1 : lines.index("")]) <= 2


def test_all_is_well_is_said() -> None:
    assert seen(well(NOW, delivery()))[0].startswith("Varsel: alt er i orden")


def test_more_is_told_where_there_is_room() -> None:
    names = ("Hvem", "Utelatt", "Gjenstår", "Startet")
    narrow, wide = ("\n".join(seen(broken(), width=w)) for w in (80, 140))
    assert not any(name in narrow for name in names)
    assert all(name in wide for name in names)
    assert "notify-2 (borte i 31\u00a0s)" in wide


@pytest.mark.parametrize("away", [None, "Redis svarer ikke (5 s)."])
@pytest.mark.parametrize("height", [24, 30, 50])
def test_a_picture_for_a_screen_is_no_higher_than_it(height: int, away: str | None) -> None:
    done = [delivery(n, state="complete", open=0) for n in range(2, 30)]
    many = well(NOW, *(delivery(n) for n in range(30)), deliveries_total=31)
    for look in (well(NOW, *done), broken(*done), many):
        lines = seen(look, height=height, away=away)
        assert len(lines) <= height
        assert lines[-1].startswith("og "), "what is not shown is told"


def test_each_disk_has_a_line_with_what_is_on_it() -> None:
    look = well(disks=(*DISKS, Disk("pictures", 71_000_000_100, 252_000_000_000)))
    lines = [line.replace("\u00a0", " ") for line in seen(look) if line.startswith("Disk  ")]
    assert [" ".join(line.split()) for line in lines] == [
        "Disk 71 GB (28 %) ledig av 252 GB: nettstedet og bildene",
        "Disk 1,0 MB (1 %) ledig av 100 MB: databasen",
    ]


def test_the_worst_problems_are_shown_where_there_is_no_room_for_all() -> None:
    lines = seen(broken(), height=24)
    said = int(re.findall(r"\d+", lines[0])[0])
    shown = sum(line.startswith("!") for line in lines)
    [more] = [line for line in lines if "varsel watch --once" in line]
    assert 1 <= shown < said
    assert f"og {said - shown} til" in more
    assert sum(line.startswith("!") for line in seen(broken())) == said


def test_deliveries_under_way_come_first_and_of_the_others_the_newest() -> None:
    over = [delivery(n, state="complete", open=0) for n in range(9, 1, -1)]
    lines = seen(well(NOW, *over, delivery(1), deliveries_total=200))
    shown = [line.split()[0] for line in lines if line.startswith("a1b2")]
    assert shown == [f"a1b2c3d4e5f6.{n}" for n in (1, *range(9, 9 - LAST, -1))]
    assert lines[-1] == f"og {200 - LAST - 1} til"


@pytest.mark.parametrize(
    ("later", "status"),
    [
        ({"open": 500}, "5\u00a0s igjen"),
        ({"open": 600}, "venter"),
        ({"open": 0, "state": "complete"}, "ferdig"),
        ({"open": 600, "state": "paused", "cause": "rcpt 5.7.1 550"}, "på pause"),
        ({"open": 500, "cause": "cancelled"}, "avbrytes"),
        ({"open": 0, "state": "complete", "cause": "cancelled"}, "avbrutt"),
    ],
)
def test_a_delivery_tells_how_far_it_is(later: dict[str, object], status: str) -> None:
    looks = [well(NOW, delivery(open=600)), well(NOW + 1, delivery(**later))]
    [row] = [line for line in seen(*looks) if line.startswith("a1b2")]
    assert row.rstrip().endswith(status)
    assert "━" in row


def test_without_redis_the_old_figures_stand_under_what_is_wrong() -> None:
    lines = seen(broken(), away="Redis svarer ikke (5 s).")
    assert lines[0] == "Varsel: Redis svarer ikke (5 s)."
    assert any(line.startswith("chunks") for line in lines)
    assert not any("ting å se på" in line for line in lines)


def test_a_limit_that_is_near_and_a_log_that_fails_are_marked() -> None:
    picture = "\n".join(seen(broken()))
    assert "480\u00a0MB av 512\u00a0MB (94\u00a0%) minne" in picture
    assert "siste skriving feilet, siste komprimering feilet" in picture
    rewriting = well(redis=replace(SERVER, aof_rewriting=True))
    assert "siste komprimering pågår" in "\n".join(seen(rewriting))
    assert "Varig logg  av" in "\n".join(seen(well(redis=replace(SERVER, aof=False))))


@pytest.mark.parametrize("cause", [*get_args(Trouble), "refuses the log-in (5.7.8 535)"])
def test_whatever_keeps_mail_from_the_relay_is_told_in_norwegian_on_two_lines(cause: str) -> None:
    told = reason(cause)
    assert cause not in told
    paused = delivery(state="paused", cause=cause)
    lines = seen(well(NOW, paused))
    above = [line.strip() for line in lines[1 : lines.index("")]]
    assert told in " ".join(above)
    assert len(above) <= 2


def test_a_cause_with_codes_keeps_them() -> None:
    assert reason("refuses the log-in (5.7.8 535)").endswith("avviser innloggingen (5.7.8 535)")
    assert reason("rcpt 5.7.1 550").endswith("avviser oss (rcpt 5.7.1 550)")
    assert reason("mail 4.5.3 452").endswith("ber oss vente (mail 4.5.3 452)")
    assert reason("data 454").endswith("ber oss vente (data 454)")
