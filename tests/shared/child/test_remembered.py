"""A heavy text is worked on once, and a light one whenever it is asked for."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest

from shared.child import remembered
from shared.child.children import SHORT, Children, GaveUp
from shared.child.remembered import MOST, Remembered

HEAVY = SHORT + 1


class Counted(Children):
    """Says how often it was asked."""

    def __init__(self) -> None:
        super().__init__(most=1)
        self.asked: list[object] = []
        self.gives_up = False

    async def run_apart(self, seconds, work, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.asked.append(args[0])
        if self.gives_up:
            raise GaveUp
        return await super().run_apart(seconds, work, *args, **kwargs)


@pytest.fixture
async def children() -> AsyncIterator[Counted]:
    children = Counted()
    yield children
    await children.close()


async def test_a_heavy_text_is_worked_on_once_also_if_many_ask_at_once(children: Counted) -> None:
    known = Remembered(children)
    found = await asyncio.gather(
        *(known.run("a", HEAVY, 60.0, str.upper, "a") for _ in range(5)),
        known.run("b", HEAVY, 60.0, str.upper, "b"),
    )
    assert found == ["A"] * 5 + ["B"]
    assert await known.run("a", HEAVY, 60.0, str.upper, "a") == "A"
    assert sorted(map(str, children.asked)) == ["a", "b"]


async def test_another_day_and_what_was_given_up_are_worked_on_anew(
    children: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Remembered(children)
    children.gives_up = True
    for _ in range(2):
        with pytest.raises(GaveUp):
            await known.run("a", HEAVY, 60.0, str.upper, "a")
    children.gives_up = False
    await known.run("a", HEAVY, 60.0, str.upper, "a")
    monkeypatch.setattr(remembered, "oslo_today", lambda: date(2126, 1, 1))
    await known.run("a", HEAVY, 60.0, str.upper, "a")
    assert len(children.asked) == 4


async def test_only_the_newest_are_kept(children: Counted) -> None:
    known = Remembered(children)
    for number in range(MOST + 1):
        await known.run(str(number), HEAVY, 60.0, str.upper, str(number))
        await known.run("0", HEAVY, 60.0, str.upper, "0")  # asked for again and again, it stays
    assert children.asked.count("0") == 1
    await known.run("1", HEAVY, 60.0, str.upper, "1")
    assert children.asked.count("1") == 2
