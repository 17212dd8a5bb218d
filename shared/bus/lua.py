"""Loads the scripts that run inside Redis, and calls them with keys and arguments by name.

A script is a `*.lua` file that can be read alone. Its head says, in comment lines, all that the
loader needs:

    -- with: states, tell                      fragments that it stands on, put before it
    -- key.ledger string: what it holds        a key and its Redis type, `any` for no check
    -- key.records hash...: …                  as many keys of this type as the caller gives
    -- arg.first number: …                     an argument: text, number, flag or json
    -- arg.numbers number...: …                as many as the caller gives
    -- answer taken revision, numbers…: …      a word that it may answer with, and what follows

The script reads `key.ledger` and `arg.first`, and nothing by its place. Text is given as it is; a
number is nil if the caller gives None; a flag is a boolean; json is decoded. A key of a type
with a question mark (`string?`) may be None, and is nil then. Before the script's first line every
key is found absent or of its type, else the call raises WRONGTYPE: a script has no rollback.

A fragment is a file of the same shape, beside the script, else in this folder, else `subject/name`
in the service's folder.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared.bus.epoch import FIELD, ServiceRedis
from shared.events import Event, to_fields

ArgumentKind = Literal["text", "number", "flag", "json"]
KeyNames = str | None | Sequence[str] | Sequence[bytes]
Word = TypeVar("Word", bound=StrEnum)

_HERE = Path(__file__).parent
OVER = "EPOCHOVER"
_PRELUDE = (_HERE / "prelude.lua").read_text()
_WITH = re.compile(r"-- with: (.+)")
_KEY = re.compile(r"-- key\.(\w+) (\w+)(\?)?(\.\.\.)?(?::.*)?")
_ARG = re.compile(r"-- arg\.(\w+) (text|number|flag|json)(\.\.\.)?(?::.*)?")
_ANSWER = re.compile(r"-- answer (\w+)\b.*")
_EPOCH = f"""local epoch = ARGV[#ARGV]
if epoch ~= '' and redis.pcall('HGET', KEYS[#KEYS], '{FIELD}') ~= epoch then
  return redis.error_reply('{OVER} the data is of another epoch')
end"""
"""Before each script of a service, whose last key and argument are those of its epoch."""
_LOOKS_DECLARED = re.compile(r"-- (key\.|arg\.|answer |with:)")


class Done(StrEnum):
    """The answer of a script that can only succeed."""

    DONE = "done"


@dataclass(frozen=True)
class Declared:
    """A key or an argument as a script's head declares it."""

    name: str
    kind: str
    """A key's Redis type, an argument's kind."""
    is_list: bool
    is_optional: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether a call says how many there are: a Redis user may have no right to a key that
        stands for none."""
        return self.is_list or self.is_optional


@dataclass(frozen=True)
class ScriptSource:
    """A script with its fragments before it, as Redis gets it, and what its head declares."""

    text: str
    keys: tuple[Declared, ...]
    """Those that are always there first, then the others."""
    args: tuple[Declared, ...]
    words: frozenset[str]


@dataclass(frozen=True)
class Answer(Generic[Word]):
    """What a script answers: a word, and what its head says that follows it."""

    word: Word
    values: Sequence[Any] = ()


class Script(Generic[Word]):
    """A script on one Redis.

    `words` are all that it may answer with; ValueError if its head names others.
    """

    def __init__(self, redis: Redis, path: Path, words: type[Word]) -> None:
        self.source = read(path)
        self._words = words
        if set(words) != self.source.words:
            differing = sorted(set(words) ^ self.source.words)
            raise ValueError(f"{path.name} and {words.__name__} differ in {', '.join(differing)}")
        self._epoch = redis.epoch if isinstance(redis, ServiceRedis) else None
        text = in_epoch(self.source.text) if self._epoch else self.source.text
        self._script = redis.register_script(text)

    async def __call__(
        self, *, keys: Mapping[str, KeyNames], args: Mapping[str, Any] | None = None
    ) -> Answer[Word]:
        """Run it. TypeError if a name is missing or unknown; EpochOver, without effect, if Redis
        holds other data than the service began with; redis-py's errors."""
        in_keys, in_args = arguments(self.source, keys, args or {})
        if epoch := self._epoch:
            in_args.append(epoch.id)
            if epoch.id:
                in_keys.append(epoch.key)
        try:
            word, *values = await self._script(in_keys, in_args)
        except ResponseError as error:
            if epoch and str(error).startswith(OVER):
                raise epoch.end() from None
            raise
        return Answer(self._words(word.decode()), tuple(values))


def load(redis: Redis, path: Path, words: type[Word]) -> Script[Word]:
    """The script in a file, to be called on `redis`; see this module's head."""
    return Script(redis, path, words)


def in_epoch(text: str) -> str:
    """A script's text as a service has it, whose last argument is its epoch (or empty, if none is
    begun) and its last key that epoch's."""
    return f"{_EPOCH}\n{text}"


def fields(event: Event) -> str:
    """An event as `emit` and `filled` take it: a JSON list of names and values."""
    return json.dumps([part for pair in to_fields(event).items() for part in pair])


def arguments(
    source: ScriptSource, keys: Mapping[str, KeyNames], args: Mapping[str, Any]
) -> tuple[list[Any], list[Any]]:
    """KEYS and ARGV of a call, in the order in which the made prelude names them.

    The lengths of the lists stand first in ARGV.
    """
    lengths: list[int] = []
    in_keys = list(_in_order(source.keys, keys, lengths))
    in_args = list(_in_order(source.args, args, lengths))
    return in_keys, [*lengths, *in_args]


def _in_order(
    names: Sequence[Declared], given: Mapping[str, Any], lengths: list[int]
) -> Iterator[Any]:
    if given.keys() != {name.name for name in names}:
        differing = sorted(given.keys() ^ {name.name for name in names})
        raise TypeError(f"a script is called with other names than its own: {', '.join(differing)}")
    for name in names:
        value = given[name.name]
        if name.is_counted:
            several = value if name.is_list else [] if value is None else [value]
            lengths.append(len(several))
            yield from (_encoded(name, one) for one in several)
        else:
            yield _encoded(name, value)


def _encoded(name: Declared, value: Any) -> Any:
    if name.kind == "json":
        return json.dumps(value)
    if name.kind == "flag":
        return "1" if value else ""
    return "" if value is None else value


@cache
def read(path: Path) -> ScriptSource:
    """A script's file with its fragments. ValueError if its head cannot be understood."""
    texts: dict[Path, str] = {}
    _collect(path, texts)
    keys, args, words = [], [], set()
    for line in "\n".join(texts.values()).splitlines():
        if found := _KEY.fullmatch(line):
            name, kind, optional, many = found.groups()
            keys.append(Declared(name, kind, bool(many), bool(optional)))
        elif found := _ARG.fullmatch(line):
            name, kind, many = found.groups()
            args.append(Declared(name, kind, bool(many)))
        elif found := _ANSWER.fullmatch(line):
            words.add(found[1])
        elif _LOOKS_DECLARED.match(line) and not _WITH.fullmatch(line):
            raise ValueError(f"{path.name}: this line declares nothing: {line}")
    for names in (keys, args):
        given = [name.name for name in names]
        if twice := {name for name in given if given.count(name) > 1}:
            # The caller would give one value for both, the fence's own perhaps.
            raise ValueError(f"{path.name}: declared twice: {', '.join(sorted(twice))}")
    keys.sort(key=lambda name: name.is_counted)
    args.sort(key=lambda name: name.is_counted)
    *fragments, own = texts.values()
    text = "\n".join(
        [_PRELUDE, *_naming(keys, args), *fragments, *map(_check, keys), own],
    )
    return ScriptSource(text, tuple(keys), tuple(args), frozenset(words))


def _collect(path: Path, texts: dict[Path, str]) -> None:
    """The texts of a script and of what it stands on, each once, what is stood on first."""
    text = path.read_text()
    first = _WITH.match(text)
    for name in first[1].split(", ") if first else ():
        found = _fragment(path, name)
        if found not in texts:
            _collect(found, texts)
    texts[path] = text


def _fragment(path: Path, name: str) -> Path:
    for folder in (path.parent, _HERE, path.parent.parent):
        if (folder / f"{name}.lua").exists():
            return folder / f"{name}.lua"
    raise ValueError(f"{path.name}: there is no fragment {name}")


def _naming(keys: Sequence[Declared], args: Sequence[Declared]) -> Iterator[str]:
    """Lua that gives KEYS and ARGV their names."""
    counted_keys = sum(name.is_counted for name in keys)
    counted = counted_keys + sum(name.is_counted for name in args)
    yield "local key, arg = {}, {}"
    yield from _named("key", "KEYS", keys, at=1, length=1)
    yield from _named("arg", "ARGV", args, at=counted + 1, length=1 + counted_keys)


def _named(
    table: str, source: str, names: Sequence[Declared], *, at: int, length: int
) -> Iterator[str]:
    single = [name for name in names if not name.is_counted]
    for place, name in enumerate(single, at):
        yield f"{table}.{name.name} = {_decoded(name, f'{source}[{place}]')}"
    if len(single) == len(names):
        return
    yield "do"
    yield f"  local from, count = {at + len(single)}, 0"
    for place, name in enumerate((name for name in names if name.is_counted), length):
        yield f"  count = tonumber(ARGV[{place}])"
        if name.is_optional:
            yield f"  if count == 1 then {table}.{name.name} = {source}[from] end"
            yield "  from = from + count"
            continue
        yield f"  {table}.{name.name} = {{}}"
        yield "  for place = from, from + count - 1 do"
        value = _decoded(name, f"{source}[place]")
        yield f"    {table}.{name.name}[place - from + 1] = {value}"
        yield "  end"
        yield "  from = from + count"
    yield "end"


def _decoded(name: Declared, value: str) -> str:
    if name.kind == "number":
        return f"tonumber({value})"
    if name.kind == "flag":
        return f"{value} == '1'"
    if name.kind == "json":
        return f"cjson.decode({value})"
    return value


def _check(name: Declared) -> str:
    if name.kind == "any":
        return ""
    if name.is_list:
        return f"for _, one in ipairs(key.{name.name}) do expect(one, '{name.kind}') end"
    check = f"expect(key.{name.name}, '{name.kind}')"
    return f"if key.{name.name} then {check} end" if name.is_optional else check
