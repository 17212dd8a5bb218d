"""G1, G6, G7 and G9 with real processes: what a short run shows of `make chaos`.

Each round is audited whole: nobody without mail, few mails twice and only for workers that were
killed, a ledger that adds up at every moment; see audit.py.
"""

import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.chaos.kills import SUPERSEDES, Counts, Kill, Signal, learn, one_round, places
from tests.chaos.matrix import FORMS
from tests.chaos.resp import REPO
from tests.chaos.sink import Happening
from tests.chaos.storm import storm
from tests.chaos.system import ALL, REDIS, Chaos
from tests.chaos.versions import Findings
from tests.chaos.without import WITHOUT

pytestmark = [pytest.mark.xdist_group("chaos"), pytest.mark.asyncio(loop_scope="module")]
System = tuple[Chaos, dict[Happening, Counts]]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """One for all tests here, and what it does in a round in which nobody dies."""
    async with Chaos(tmp_path_factory.mktemp("chaos"), workers=2) as chaos:
        await learn(chaos)  # the first loads the scripts
        yield chaos, {"alert": await learn(chaos)}


async def kill(
    system: System,
    victim: str,
    service: str,
    words: str,
    signal: Signal = "SIGKILL",
    form: Happening = "alert",
) -> Findings:
    """A round in which `victim` is killed at the place of `service` that the words name."""
    chaos, counts = system
    if form not in counts:
        await learn(chaos, form)  # the first loads the scripts
        counts[form] = await learn(chaos, form)
    place = next(
        place
        for place in places(counts[form])
        if place.process == service and f"{place.moment} {place.kind}".startswith(words)
    )
    done, found = await one_round(chaos, [Kill(victim, place, signal)], form)
    assert done, f"nothing came to {place}"
    assert not found.wrong
    return found


async def test_g1_ingest_dies_when_the_article_is_accepted_and_not_yet_answered(
    system: System,
) -> None:
    await kill(system, "ingest", "ingest", "after EVALSHA advance")


async def test_g1_redis_dies_when_the_article_is_accepted_and_not_yet_answered(
    system: System,
) -> None:
    await kill(system, REDIS, "ingest", "after EVALSHA advance")


async def test_g1_render_dies_when_the_page_is_written_and_not_yet_told(system: System) -> None:
    await kill(system, "render", "render", "before EVALSHA commit.lua articles")


async def test_g7_a_worker_dies_when_the_relay_has_the_mail_and_the_answer_is_on_its_way(
    system: System,
) -> None:
    found = await kill(system, "notify", "notify", "after SMTP dot")
    assert found.most_twice > 0, "the mail whose answer was lost came once; the test shows nothing"


async def test_g7_a_worker_that_is_asked_to_stop_mails_nobody_twice(system: System) -> None:
    found = await kill(system, "notify", "notify", "before SMTP dot", "SIGTERM")
    assert not found.twice


async def test_g6_g7_everything_dies_at_once_when_outcomes_are_to_be_written_down(
    system: System,
) -> None:
    await kill(system, ALL, "notify", "before EVALSHA record")


async def test_g9_the_worker_dies_whose_script_supersedes_a_delivery_that_is_under_way(
    system: System,
) -> None:
    await kill(system, "notify", "notify", f"after {SUPERSEDES}", form="correction")


async def test_g9_redis_dies_when_the_correction_of_a_delivery_under_way_is_mailed(
    system: System,
) -> None:
    await kill(system, REDIS, "notify", "before SMTP dot", form="correction")


async def test_g9_a_worker_dies_in_a_withdrawal_when_the_relay_has_the_mail(
    system: System,
) -> None:
    found = await kill(system, "notify", "notify", "after SMTP dot", form="withdrawal")
    assert found.most_twice > 0, "the mail whose answer was lost came once; the test shows nothing"


async def test_a_worker_dies_when_it_has_noted_what_came_back_and_not_forgotten_the_mails(
    system: System,
) -> None:
    await kill(system, "notify", "notify", "before EVALSHA handled.lua", form="return")


async def test_redis_dies_when_mail_that_came_back_is_kept_and_not_yet_answered(
    system: System,
) -> None:
    await kill(system, REDIS, "notify", "after EVALSHA bounces/keep.lua", form="return")


async def test_the_page_has_every_script_and_every_step_of_smtp_on_the_path(system: System) -> None:
    lines = (REPO / "docs" / "crash-matrix.md").read_text().splitlines()
    for service, kind, moment in system[1]["alert"]:
        if (
            kind.removeprefix("EVALSHA ") in WITHOUT
        ):  # a slow delivery has some that come by the clock
            continue
        if "heartbeat.lua" in kind:  # by the clock, of whatever takes long on a busy machine
            assert any("`EVALSHA heartbeat.lua " in line for line in lines)
        elif kind.startswith(("EVALSHA", "SMTP", "JOURNAL")):
            start = f"| {service} | `{kind}` | {moment} |"
            assert any(line.startswith(start) for line in lines), f"no line {start}"
    for script in ("bounces/keep", "bounced", "handled"):
        start = f"| notify | `EVALSHA {script}.lua` | after, in a return |"
        assert any(line.startswith(start) for line in lines), f"no line {start}"
    for form in FORMS:
        start = f"| notify | `{SUPERSEDES}` | after, in a {form} |"
        assert any(line.startswith(start) for line in lines), f"no line {start}"


async def test_g1_g6_g7_ten_kills_at_random(system: System) -> None:
    chaos, counts = system
    seed = random.randrange(10**6)
    report = await storm(chaos, counts["alert"], 10, random.Random(seed), burst=(10, 10))
    assert not report.found.wrong, f"seed {seed}"
    assert (report.kills, report.found.lost) == (10, 0)
