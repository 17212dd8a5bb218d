"""Pure: Redis's protocol, as far as it takes to tell commands and replies apart.

What a command is called here is its kind: its name, the script that it calls, and the streams or
the family of keys that it works on, as in `EVALSHA claim.lua chunks` or `HGETALL notify:members`.
Names of scripts are read from the files, so a new script needs no word here; if several rooms have
a script of one name, the room stands before it, as in `EVALSHA bounces/keep.lua`.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from shared.bus import lua
from shared.topology import TOPOLOGY

REPO = Path(__file__).parents[2]
FETCHES = ("XREADGROUP", "XAUTOCLAIM")
"""Commands that mostly find nothing: their replies count only where they bring entries."""
_BY_SCRIPT = ("EVALSHA", "EVAL", "EVALSHA_RO", "EVAL_RO", "FCALL", "FCALL_RO")
_LENGTHS = {b"*": 1, b"~": 1, b">": 1, b"%": 2, b"|": 2}
"""Types that hold others, and how many values each of their entries has."""


class Parser:
    """Takes bytes as they come, in any pieces, and gives whole values, each with its own bytes."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Any, bytes]]:
        self._buffer += data
        while (found := _value(self._buffer, 0)) is not None:
            value, end = found
            raw = bytes(self._buffer[:end])
            del self._buffer[:end]
            yield value, raw


class Push(list[Any]):
    """What the server says unasked: no reply to anything."""


def _value(buffer: bytearray, at: int) -> tuple[Any, int] | None:
    """The value that begins at `at` and where it ends; none where it is not all there yet."""
    line_end = buffer.find(b"\r\n", at)
    if line_end < 0:
        return None
    kind, rest, at = bytes(buffer[at : at + 1]), bytes(buffer[at + 1 : line_end]), line_end + 2
    if kind in _LENGTHS:
        items: list[Any] = Push() if kind == b">" else []
        for _ in range(max(int(rest), 0) * _LENGTHS[kind]):
            found = _value(buffer, at)
            if found is None:
                return None
            item, at = found
            items.append(item)
        if kind == b"|":  # attributes stand before the value that they are about
            return _value(buffer, at)
        return (None if rest == b"-1" else items), at
    if kind in (b"$", b"=", b"!"):
        length = int(rest)
        if length < 0:
            return None, at
        end = at + length + 2
        return (bytes(buffer[at : end - 2]), end) if len(buffer) >= end else None
    if kind == b"_":
        return None, at
    return rest, at


def brings_something(reply: Any) -> bool:
    """Whether a fetch's reply has entries: XREADGROUP's is nil where not, XAUTOCLAIM's second part
    is empty."""
    if isinstance(reply, list) and len(reply) == 3 and isinstance(reply[1], list):
        return bool(reply[1])
    return bool(reply)


class Kinds:
    """Names commands. It learns scripts that are loaded, and knows those in the repository."""

    def __init__(self) -> None:
        self._scripts = dict(_scripts_of_the_repository())
        self._texts = {path.read_text(): name for name, path in scripts().items()}

    def name(self, command: list[bytes]) -> str:
        words = [word.decode(errors="replace") for word in command[:3]]
        name = words[0].upper()
        if name == "SCRIPT" and len(command) > 2:
            return f"SCRIPT LOAD {self._learn(command[2])}" if words[1].upper() == "LOAD" else name
        if name in _BY_SCRIPT:
            script = self._scripts.get(words[1], words[1][:8])
            if name in ("EVAL", "EVAL_RO"):
                script = self._learn(command[1])
            elif name.startswith("FCALL"):
                script = words[1]
            count = int(command[2])
            return " ".join([name, script, *_streams(command[3 : 3 + min(count, 1)])])
        if name.startswith("X") and name != "XGROUP" and (streams := _streams(command[1:])):
            return f"{name} {streams[0]}"
        if name in ("CLIENT", "CONFIG", "ACL", "XGROUP") and len(words) > 1:
            return f"{name} {words[1].upper()}"
        if len(words) > 1 and ":" in words[1]:
            return f"{name} {':'.join(words[1].split(':')[:2])}"
        return name

    def _learn(self, text: bytes) -> str:
        """The file's name of a script that is loaded: its own text comes last."""
        sha, source = hashlib.sha1(text).hexdigest(), text.decode(errors="replace")
        name = next((n for t, n in self._texts.items() if source.endswith(t)), sha[:8])
        return self._scripts.setdefault(sha, name)


def scripts() -> dict[str, Path]:
    """Each script of the product and its fragments, by the name that it has here."""
    files = [path for top in ("services", "shared") for path in (REPO / top).rglob("*.lua")]
    count = Counter(path.name for path in files)
    return {
        path.name if count[path.name] == 1 else f"{path.parent.name}/{path.name}": path
        for path in sorted(files)
    }


def _scripts_of_the_repository() -> Iterator[tuple[str, str]]:
    """SHA-1 and name of each: clients call a script before they ask whether it is loaded."""
    nowhere = Redis()
    for name, path in scripts().items():
        text = lua.read(path).text
        for sent in (text, lua.in_epoch(text)):
            yield str(nowhere.register_script(sent).sha), name


def _streams(words: list[bytes]) -> list[str]:
    found = (word.decode(errors="replace") for word in words if len(word) < 32)
    return [word for word in found if word in TOPOLOGY]
