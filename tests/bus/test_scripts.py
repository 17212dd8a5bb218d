"""Scripts name what they are given; what Redis hands over by number is named once, in the prelude
that the loader puts before each of them."""

import re
import tomllib
from enum import StrEnum
from itertools import takewhile
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared.bus import lua

REPO = Path(__file__).parents[2]
PRELUDE = "prelude.lua"
MOST_OF_PURPOSE = 6
"""Lines that say what a script is for; the rest stands where it is done."""
WIDTH = 100
"""Characters of a line."""
BY_NUMBER = re.compile(r"\b(KEYS|ARGV)\b")
SCRIPTS = sorted(
    script
    for folder in ("services", "shared")
    for script in (REPO / folder).rglob("*.lua")
    if script.name != PRELUDE
)
SERVICES = [REPO / f"services/{name}" for name in ("ingest", "render", "notify")]
WITH = "-- with: "
LOADS = re.compile(r"\.(register_script|script_load|eval|evalsha)\(")
"""How redis-py is given a script's text."""
SCRIPT = """-- key.hash hash
-- key.none string?
-- key.sets set...
-- arg.text text
-- arg.number number
-- arg.no_number number
-- arg.flag flag
-- arg.json json
-- arg.numbers number...
-- arg.texts text...
-- answer seen
return { 'seen', key.hash, key.none == nil and 1 or 0, key.sets[2], #key.sets, arg.text,
  arg.number + 1, arg.no_number == nil and 1 or 0, arg.flag and 1 or 0, arg.json.a[2],
  arg.numbers[1] + arg.numbers[2], arg.texts[1] }
"""


class Seen(StrEnum):
    SEEN = "seen"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.relative_to(REPO)))
def test_a_script_addresses_nothing_that_it_is_given_by_number(script: Path) -> None:
    lines = [line.partition("--")[0] for line in script.read_text().splitlines()]
    found = [(n, line) for n, line in enumerate(lines, 1) if BY_NUMBER.search(line)]
    assert found == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.relative_to(REPO)))
def test_a_script_reads_each_name_that_its_head_declares_and_no_other(script: Path) -> None:
    source, text = lua.read(script), script.read_text()
    code = "\n".join(line.partition("--")[0] for line in text.splitlines())
    read = set(re.findall(r"\b(?:key|arg)\.\w+", code))
    declared = set(re.findall(r"^-- ((?:key|arg)\.\w+)", text, re.M))
    known = {f"key.{key.name}" for key in source.keys} | {f"arg.{arg.name}" for arg in source.args}
    assert declared <= read, "a name that nobody reads"
    assert read <= known, "a name that nobody gives"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: str(script.relative_to(REPO)))
def test_a_head_is_what_it_is_for_then_what_it_is_given_then_what_it_answers(script: Path) -> None:
    head = list(takewhile(lambda line: line.startswith("--"), script.read_text().splitlines()))
    if head[0].startswith(WITH):
        del head[0]
    kinds = "".join(map(kind_of, head))
    assert re.fullmatch(rf"p{{1,{MOST_OF_PURPOSE}}}(-(g\.*)+)?(-(a\.*)+)?", kinds)
    assert max(map(len, head)) <= WIDTH


def kind_of(line: str) -> str:
    """Of a line of a head: purpose, given, answer, more of the same, or nothing between two."""
    if line == "--":
        return "-"
    if re.match(r"-- (key|arg)\.", line):
        return "g"
    if line.startswith("-- answer "):
        return "a"
    return "." if line.startswith("--   ") else "p"


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_a_script_stands_only_on_rooms_below_its_own(service: Path) -> None:
    """As an import does: `lint-imports` reads no Lua."""
    contracts = tomllib.loads((REPO / "pyproject.toml").read_text())["tool"]["importlinter"]
    [layers] = [
        contract["layers"]
        for contract in contracts["contracts"]
        if contract.get("containers") == [f"services.{service.name}"]
    ]
    depth = {room: n for n, layer in enumerate(layers) for room in layer.split(" : ")}
    wrong = [
        f"{script.relative_to(service)}: {name}"
        for script in sorted(service.rglob("*.lua"))
        for name in stood_on(script)
        if "/" in name
        and depth[name.partition("/")[0]] <= depth[script.relative_to(service).parts[0]]
    ]
    assert wrong == []


def stood_on(script: Path) -> list[str]:
    """What a script's first line names."""
    first = script.read_text().partition("\n")[0]
    return first[len(WITH) :].split(", ") if first.startswith(WITH) else []


def test_only_the_loader_gives_redis_a_script() -> None:
    """So none is put together of texts elsewhere."""
    modules = [
        module
        for folder in ("services", "shared", "varsel")
        for module in (REPO / folder).rglob("*.py")
    ]
    loaders = [module for module in modules if LOADS.search(module.read_text())]
    assert [str(module.relative_to(REPO)) for module in loaders] == ["shared/bus/lua.py"]


async def test_keys_and_arguments_arrive_by_name_and_kind(redis: Redis, tmp_path: Path) -> None:
    path = tmp_path / "seen.lua"
    path.write_text(SCRIPT)
    answer = await lua.load(redis, path, Seen)(
        keys={"hash": "a", "none": None, "sets": ["b", "c"]},
        args={
            "text": b"\xff",
            "number": 41,
            "no_number": None,
            "flag": True,
            "json": {"a": [1, 2]},
            "numbers": [3, 4],
            "texts": ["æ"],
        },
    )
    assert answer.word is Seen.SEEN
    assert answer.values == (b"a", 1, b"c", 2, b"\xff", 42, 1, 1, 2, 7, "æ".encode())


async def test_a_key_of_another_type_is_found_before_the_first_line(
    redis: Redis, tmp_path: Path
) -> None:
    path = tmp_path / "write.lua"
    path.write_text(
        "-- key.first string\n-- key.second hash\n-- answer done\n"
        "redis.call('SET', key.first, 1)\nreturn { 'done' }"
    )
    await redis.set("second", "no hash")
    script = lua.load(redis, path, lua.Done)
    with pytest.raises(ResponseError, match="WRONGTYPE"):
        await script(keys={"first": "first", "second": "second"})
    assert not await redis.exists("first")


@pytest.mark.parametrize("names", [{}, {"lease": "a", "other": "b"}])
async def test_a_name_that_is_missing_or_unknown_is_an_error_of_the_caller(
    redis: Redis, names: dict[str, str]
) -> None:
    script = lua.load(redis, REPO / "services/notify/ledger/release.lua", lua.Done)
    with pytest.raises(TypeError, match=r"lease|other"):
        await script(keys=names, args={"owner": "x"})


def test_words_that_differ_from_the_head_are_an_error_at_the_start(tmp_path: Path) -> None:
    path = tmp_path / "other.lua"
    path.write_text("-- answer done\n-- answer other\nreturn { 'done' }")
    with pytest.raises(ValueError, match="other"):
        lua.load(Redis(), path, lua.Done)


def test_a_line_of_the_head_that_declares_nothing_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "typo.lua"
    path.write_text("-- arg.number numbr\n-- answer done\nreturn { 'done' }")
    with pytest.raises(ValueError, match="numbr"):
        lua.read(path)


def test_a_name_that_a_fragment_declares_too_is_an_error(tmp_path: Path) -> None:
    """Else the caller's value would take the place of the fence's own."""
    path = tmp_path / "twice.lua"
    path.write_text("-- with: fence\n-- arg.consumer text\n-- answer done\nreturn { 'done' }")
    with pytest.raises(ValueError, match="consumer"):
        lua.read(path)
