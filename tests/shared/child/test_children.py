"""Work in a child process: it ends, whatever it is, and leaves the next its turn."""

import asyncio
import math
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.ingest.problems import FieldError, Problem, invalid
from shared.child.children import SHORT, ChildDied, Children, GaveUp, weigh
from tests.server import TIED
from tests.wait import until

LONG_SECONDS = 60.0


REPO = Path(__file__).parents[3]


@pytest.fixture
async def children(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Children]:
    monkeypatch.setenv("PYTHONPATH", str(REPO))  # for the work below, which is nobody else's
    made = Children("tests.shared.child.test_children", most=1)
    yield made
    await made.close()


def work_for_ever() -> None:
    while True:
        pass


def tell_and_go_on(begun: Path) -> None:
    begun.touch()
    work_for_ever()


def refuse() -> None:
    raise invalid(FieldError("body", "for langt"))


class OddError(Exception):
    """Cannot be made again from its text."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"{one} {other}")


def be_odd() -> None:
    raise OddError(1, 2)


def say_something() -> int:
    print("noise", flush=True)  # noqa: T201
    return 3


def live() -> int:
    return os.getpid()


def is_alive(pid: int) -> bool:
    """A process that has ended and waits to be looked after is not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


async def test_work_is_done_elsewhere_and_its_errors_come_back(children: Children) -> None:
    assert await children.run_apart(LONG_SECONDS, live) != os.getpid()
    assert await children.run_apart(LONG_SECONDS, say_something) == 3
    with pytest.raises(Problem) as refused:
        await children.run_apart(LONG_SECONDS, refuse)
    assert refused.value.document() == invalid(FieldError("body", "for langt")).document()
    with pytest.raises(RuntimeError, match="OddError"):
        await children.run_apart(LONG_SECONDS, be_odd)


async def test_a_child_serves_many(children: Children) -> None:
    pids = [await children.run_apart(LONG_SECONDS, live) for _ in range(5)]
    assert len(set(pids)) == 1


async def test_children_that_stand_ready_are_no_more_than_may_work_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPO))
    two, others = Children("tests.shared.child.test_children", most=2), _mine()
    for warmed in (1, 2, 2):
        await two.warm()
        assert len(_mine() - others) == warmed
    both = await asyncio.gather(*(two.run_apart(LONG_SECONDS, live) for _ in range(6)))
    assert set(both) == _mine() - others
    await two.warm()
    assert set(both) == _mine() - others
    os.kill(both[0], signal.SIGKILL)
    await until(lambda: not is_alive(both[0]))
    await asyncio.gather(*(two.run_apart(LONG_SECONDS, live) for _ in range(6)))
    assert len(_mine() - others) == 2
    await two.close()
    assert _mine() - others == set()


def _mine() -> set[int]:
    """The living children of this process that work for it."""
    found = subprocess.run(
        ["pgrep", "--parent", str(os.getpid()), "--full", "shared[.]child"],
        capture_output=True, text=True, check=False,
    ).stdout.split()  # fmt: skip
    return {int(pid) for pid in found if is_alive(int(pid))}


async def test_what_is_light_is_done_at_once(children: Children) -> None:
    assert await children.run(SHORT, LONG_SECONDS, live) == os.getpid()
    assert await children.run(SHORT + 1, LONG_SECONDS, live) != os.getpid()
    assert weigh("a" * SHORT) <= SHORT < weigh("a" * (SHORT + 1))
    assert weigh("- a\n" * 300) > SHORT


async def test_work_that_does_not_end_is_ended_and_the_next_is_done(children: Children) -> None:
    before = await children.run_apart(LONG_SECONDS, live)
    with pytest.raises(GaveUp):
        await children.run_apart(0.2, work_for_ever)
    assert not is_alive(before)
    assert await children.run_apart(LONG_SECONDS, math.sqrt, 4) == 2


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory has no such limit")
async def test_work_that_fills_its_memory_is_ended_and_the_next_is_done(
    children: Children,
) -> None:
    with pytest.raises(GaveUp):
        await children.run_apart(LONG_SECONDS, bytes, 2_000_000_000)
    assert await children.run_apart(LONG_SECONDS, math.sqrt, 4) == 2


async def test_a_child_that_was_killed_is_replaced(children: Children) -> None:
    before = await children.run_apart(LONG_SECONDS, live)
    os.kill(before, signal.SIGKILL)
    assert await children.run_apart(LONG_SECONDS, live) != before


async def test_work_that_kills_each_child_fails_and_the_next_is_done(children: Children) -> None:
    with pytest.raises(ChildDied):
        await children.run_apart(LONG_SECONDS, os._exit, 1)
    assert await children.run_apart(LONG_SECONDS, math.sqrt, 4) == 2


async def test_who_no_longer_waits_leaves_no_answer_for_another(
    children: Children, tmp_path: Path
) -> None:
    begun = tmp_path / "begun"
    asked = asyncio.create_task(children.run_apart(LONG_SECONDS, tell_and_go_on, begun))
    await until(begun.exists)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert await children.run_apart(LONG_SECONDS, math.sqrt, 4) == 2


async def test_children_end_with_their_service(children: Children) -> None:
    pid = await children.run_apart(LONG_SECONDS, live)
    await children.close()
    assert not is_alive(pid)


PARENT = """
import asyncio
from shared.child.children import Children
from tests.shared.child.test_children import live, work_for_ever

async def main():
    children = Children("tests.shared.child.test_children")
    print(await children.run_apart(60, live), flush=True)
    await children.run_apart(60, work_for_ever)

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a child ends when it is idle")
async def test_a_child_at_work_dies_with_its_parent() -> None:
    parent = subprocess.Popen(
        [*TIED, sys.executable, "-c", PARENT],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(REPO)},
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    await until(lambda: not is_alive(child))
