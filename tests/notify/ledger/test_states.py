"""The ledger's byte has the same names in the scripts and in Python."""

import re
from enum import IntEnum, IntFlag
from pathlib import Path

from redis.asyncio import Redis

from services.notify.ledger import states
from services.notify.ledger.states import BEGUN, STATES, Flag, State

LUA = Path(states.__file__).with_name("states.lua")
OPEN = BEGUN | {State.PLANNED}
BYTES = STATES * 2 ** len(Flag)
"""No byte is that great."""
EVERY = [state + flags for state in State for flags in range(0, BYTES, STATES)]


def table(name: str) -> dict[str, int]:
    """Names and numbers of a table in states.lua."""
    found = re.search(rf"local {name} = \{{(.*?)\n\}}", LUA.read_text(), re.S)
    assert found
    return {n: int(value) for n, value in re.findall(r"(\w+) = (\d+),", found[1])}


def named(enum: type[IntEnum] | type[IntFlag]) -> dict[str, int]:
    return {str(member.name).lower(): int(member) for member in enum}


def test_states_and_flags_are_the_same_in_python_and_lua() -> None:
    assert table("State") == named(State)
    assert table("Flag") == named(Flag)
    assert f"local STATES = {STATES} " in LUA.read_text()


def test_a_byte_that_scripts_write_by_name_is_that_state_with_these_flags() -> None:
    found = re.search(r"^local Byte = \{ (.*?) \}", LUA.read_text(), re.M)
    assert found
    written = {name: int(value) for name, value in re.findall(r"(\w+) = '\\(\d+)'", found[1])}
    assert written == {
        "planned": State.PLANNED,
        "outside": State.OUTSIDE,
        "owed": State.PLANNED + Flag.EARLIER,
    }


async def classes(redis: Redis, name: str) -> set[int]:
    """The bytes that a character class of states.lua holds, by Lua itself."""
    script = LUA.read_text() + (
        f"local found = {{}} for byte = 0, {BYTES - 1} do "
        f"if string.char(byte):find(Class.{name}) then found[#found + 1] = byte end end "
        "return found"
    )
    return set(await redis.eval(script, 0))


async def test_each_class_holds_the_bytes_that_its_name_says(redis: Redis) -> None:
    def split(byte: int) -> tuple[State, int]:
        return State(byte % STATES), byte - byte % STATES

    wanted = {
        "waits": {b for b in EVERY if split(b) in ((State.PLANNED, 0), (State.PLANNED, 8))},
        "may_have_it": {
            b for b in range(BYTES) if b >= 8 or b in (State.SENDING, State.HANDED_OVER)
        },
        "not_in_doubt": set(range(BYTES)) - {
            b for b in EVERY
            if split(b)[0] in OPEN and (split(b)[0] is State.SENDING or split(b)[1])
        },
        "deferred": {int(State.DEFERRED)},
        "given_up": {int(State.FAILED), int(State.SUPPRESSED)},
        "not_owed": set(range(BYTES)) - {State.PLANNED + Flag.EARLIER},
    }  # fmt: skip
    for name, bytes_ in wanted.items():
        assert await classes(redis, name) == bytes_, name
    assert set(re.findall(r"^  (\w+) = '", LUA.read_text(), re.M)) == wanted.keys()
