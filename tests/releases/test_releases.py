"""A release is put in, and taken back, while an alert goes out to thousands; nothing is lost."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.notify.ledger.delivery import delivery_key
from shared.bus import data_form
from shared.release import FORM
from tests.chaos import sink
from tests.examples import SHARE
from tests.releases.steps import AFTER, FIRST, NEXT, Rolling, git, releases, unread_by
from tests.server import Valkey
from tests.system.steps import told
from tests.wait import until

MEMBERS = 3000
PACE = 0.3
"""Seconds that each mail of the first alert takes, so that it goes out all the while."""
MOST_TWICE = 64
PARTS = ("ingest", "render", "notify-1", "notify-2")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return releases(tmp_path_factory.mktemp("releases"))


@pytest.fixture
async def rolling(
    made: dict[str, Path], own_server: Valkey, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Rolling]:
    monkeypatch.setattr(sink, "PACE", PACE)
    async with Rolling(made[FIRST], own_server) as system:
        yield system


@pytest.fixture
def members(tmp_path: Path) -> Path:
    """A list of them."""
    file = tmp_path / "medlemmer.csv"
    lines = "".join(f"medlem{n}@example.org,Medlem {n},nb\n" for n in range(MEMBERS))
    file.write_text(f"email,name,lang\n{lines}")
    return file


def test_each_release_is_a_tag_of_a_clean_tree_that_says_what_it_is(made: dict[str, Path]) -> None:
    for step, (version, tree) in enumerate(made.items()):
        assert git(tree, "status", "--porcelain") == ""
        assert git(tree, "tag", "--points-at", "HEAD").strip() == f"v{version}"
        code = (tree / "shared/release.py").read_text()
        assert f'\nVERSION = "{version}"\n' in code
        assert f"\nFORM = {FORM + step}\n" in code


async def test_up_and_back_in_mid_delivery_loses_nothing_and_two_steps_back_is_refused(
    rolling: Rolling, made: dict[str, Path], members: Path
) -> None:
    await rolling.take_in(members)
    rolling.sink.slow.add(1)
    _, first = await rolling.submit()
    assert await rolling.approve("Ola", first) == "in_review"
    _, second = await rolling.submit()
    assert await rolling.approve("Ola", second) == "in_review"
    assert await rolling.approve("Per", first) == "published"
    delivery = f"{first}.1"
    for part in PARTS:
        await _goes_on(rolling, delivery)
        await rolling.replace(part, made[NEXT])
    await _goes_on(rolling, delivery)
    assert await rolling.approve("Per", second) == "published", "Ola's approval is of before"
    async with rolling.redis as redis:
        wrote = [f"ingest:article:{second}", f"render:article:{second}", delivery_key(delivery)]
        for key in wrote:
            await until(lambda key=key: redis.hget(key, "release"))  # type: ignore[misc]
    _, third = await rolling.submit()
    assert await rolling.approve("Ola", third) == "in_review"
    for part in PARTS:
        await _goes_on(rolling, delivery)
        await rolling.replace(part, made[FIRST])
    await _goes_on(rolling, delivery)
    assert await rolling.approve("Per", third) == "published", "Ola's approval is of the next one"
    assert _twice(rolling, delivery) == 0, "each process that ended handed back what it had"

    rolling.sink.slow.clear()
    for article in (first, second, third):
        done = await rolling.complete(article)
        assert (done["audience"], done["handed_over"]) == (MEMBERS, MEMBERS)
        assert _twice(rolling, f"{article}.1") == 0
        assert _reached(rolling, f"{article}.1") == MEMBERS
    assert await rolling.given_up() == 0
    entries = await rolling.told()
    assert len(entries) > 20
    for version in (FIRST, NEXT):
        assert unread_by(made[version], entries) == "", version
    await _two_steps_back_are_refused_in_words_and_who_runs_stops(rolling, made)


async def _two_steps_back_are_refused_in_words_and_who_runs_stops(
    rolling: Rolling, made: dict[str, Path]
) -> None:
    await rolling.replace("ingest", made[AFTER])
    older = [rolling.parts[name] for name in ("render", "notify-1", "notify-2")]
    for part in older:
        await until(lambda part=part: "unknown_form" in _health(part.url))  # type: ignore[misc]
    async with rolling.redis as redis:
        before = await redis.hgetall(data_form.KEY)  # type: ignore[misc]
    assert before == {str(FORM): FIRST, str(FORM + 1): NEXT, str(FORM + 2): AFTER}

    said = told(await asyncio.to_thread(rolling.operator.run, "watch", "--once"), 1)
    assert f"skrevet av Varsel {AFTER} i form {FORM + 2}" in said
    assert f"Dette er Varsel {FIRST}, som ikke leser nyere enn form {FORM + 1}" in said

    render = rolling.parts["render"]
    await asyncio.to_thread(render.end, signal.SIGTERM)
    render.log_file.write_text("")
    code = await asyncio.to_thread(render.launch().wait, 60)
    assert code == 1
    assert f"Dette er Varsel {FIRST}, som ikke leser nyere enn" in " ".join(render.log().split())
    assert "Traceback" not in render.log()

    for part in older:
        if part is not render:
            await asyncio.to_thread(part.end, signal.SIGTERM)
        part.tree = made[NEXT]
        await asyncio.to_thread(part.start)
    _, article = await rolling.submit()
    assert await rolling.approve("Ola", article) == "in_review"


@pytest.mark.skipif(SHARE < 1, reason="make proof-systems")
async def test_killed_while_it_is_replaced_at_most_64_get_it_twice(
    rolling: Rolling, made: dict[str, Path], members: Path
) -> None:
    await rolling.take_in(members)
    rolling.sink.slow.add(1)
    _, article = await rolling.submit()
    assert await rolling.approve("Ola", article) == "in_review"
    assert await rolling.approve("Per", article) == "published"
    delivery, killed = f"{article}.1", 0
    for part in PARTS:
        await _goes_on(rolling, delivery)
        await rolling.replace(part, made[NEXT], signal.SIGKILL)
        killed += part.startswith("notify")
    rolling.sink.slow.clear()
    done = await rolling.complete(article)
    assert (done["audience"], done["handed_over"]) == (MEMBERS, MEMBERS)
    assert _reached(rolling, delivery) == MEMBERS
    assert _twice(rolling, delivery) <= MOST_TWICE * killed
    ids = {mail.message_id for mail in rolling.sink.taken if mail.delivery == delivery}
    assert len(ids) == MEMBERS, "a second copy has the first one's id"


async def _goes_on(rolling: Rolling, delivery: str) -> None:
    before = rolling.sink.count[delivery]
    await until(lambda: rolling.sink.count[delivery] > before, timeout=60)
    assert rolling.sink.count[delivery] < MEMBERS, "it was over; the test shows nothing"


def _health(url: str) -> str:
    return httpx.get(f"{url}/health/ready").text


def _recipients(rolling: Rolling, delivery: str) -> Counter[str]:
    return Counter(mail.recipient for mail in rolling.sink.taken if mail.delivery == delivery)


def _reached(rolling: Rolling, delivery: str) -> int:
    return len(_recipients(rolling, delivery))


def _twice(rolling: Rolling, delivery: str) -> int:
    """How many mails there are beyond one for each."""
    found = _recipients(rolling, delivery)
    return found.total() - len(found)
