"""The rule of the audit trail: how an entry is bound to all before it, and how to check that. Pure.

An entry is one line of canonical JSON (sorted keys, no spaces, UTF-8). Its `hash` is the SHA-256 of
the canonical JSON of all its other fields, and one of these is `previous`, the hash of the entry
before. So a person who knows one hash can tell whether anything up to it was changed, left out or
moved, with this file and nothing else.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, Self

NOTHING = "0" * 64
"""The hash before the first entry."""

BrokenWhy = Literal["unreadable", "changed", "number", "previous", "end", "beyond", "root"]
"""See `Broken.why`."""

_decode = json.JSONDecoder().decode
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class TrailAction:
    """What somebody did.

    `article`, `revision` and `sha256` are of the content that it was done to. They are empty and 0
    if it was done to no content.
    """

    actor: str
    """The person, as their key names them; `operator`; `expert`: somebody outside who has a link; a
    service that acts by itself."""
    what: str
    """In the past tense, as `approved`."""
    article: str = ""
    revision: int = 0
    sha256: str = ""
    detail: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """How far a trail goes: the last entry's number and hash."""

    number: int = 0
    hash: str = NOTHING


@dataclass(frozen=True)
class TrailEntry(TrailAction):
    """An action as it stands in the trail."""

    number: int = 0
    """From 1, without gaps."""
    time: str = ""
    """ISO 8601, in UTC, by the clock of the process that wrote the entry."""
    previous: str = NOTHING
    """The hash of the entry before."""
    hash: str = ""
    """SHA-256 of all other fields, as 64 hexadecimal digits."""

    @classmethod
    def after(cls, head: Head, action: TrailAction, at: datetime) -> Self:
        """The entry of `action` that follows `head`."""
        content = asdict(action) | {
            "number": head.number + 1,
            "time": at.isoformat(timespec="milliseconds"),
            "previous": head.hash,
        }
        return cls(**content, hash=_sha256(_encode(content).encode()))

    @classmethod
    def of(cls, line: bytes) -> Self:
        """The entry in a `line`, unchecked. Raises ValueError or TypeError if it is no entry."""
        return cls(**json.loads(line))

    @property
    def line(self) -> bytes:
        """The entry as it is stored and hashed, without a line end."""
        return _encode(asdict(self)).encode()

    @property
    def head(self) -> Head:
        return Head(self.number, self.hash)


_FIELDS = {one.name for one in fields(TrailEntry)}


@dataclass(frozen=True)
class Verified:
    """The whole trail is as it was written."""

    entries: int
    root: str
    """The last entry's hash."""
    began: str = field(default="", compare=False)
    """The first entry's time. Nothing tells of what was done before."""


@dataclass(frozen=True)
class Broken:
    """The first place at which a trail is not as it was written."""

    number: int
    """The number of the entry that should have been there."""
    why: BrokenWhy
    """`unreadable`: it is no entry. `changed`: its hash is not that of its content. `number`:
    another number stands there, because an entry is missing, moved or repeated. `previous`: it
    follows another entry than the one before. `end`: the last ones are missing. `beyond`: there are
    more than there should be. `root`: no entry has the hash that was expected."""


class Verifier:
    """Checks a trail line by line, in memory that does not grow.

    Each of `roots`, hashes that were published, must be the hash of an entry. `entries` is how many
    there must be, if that is known.
    """

    def __init__(self, *, roots: Iterable[str] = (), entries: int | None = None) -> None:
        self._head = Head()
        self.began = ""
        """The first entry's time; empty before it."""
        self.missing = set(roots) - {NOTHING}
        """The roots that no entry has had so far."""
        self._entries = entries

    def take(self, line: bytes) -> Broken | None:
        """Check the next line, which comes without its line end. Gives what is wrong with it, if
        anything; after that no line may follow."""
        number, previous = self._head.number + 1, self._head.hash
        if self._entries is not None and number > self._entries:
            return Broken(number, "beyond")
        entry = _read(line)
        if entry is None:
            return Broken(number, "unreadable")
        sha256 = entry.pop("hash")
        if not _is_unchanged(entry, sha256, line):
            return Broken(number, "changed")
        if entry["number"] != number:
            return Broken(number, "number")
        if entry["previous"] != previous:
            return Broken(number, "previous")
        self._head = Head(number, sha256)
        self.began = self.began or str(entry["time"])
        self.missing.discard(sha256)
        return None

    def end(self) -> Verified | Broken:
        """The outcome, after the last line."""
        if self._entries is not None and self._head.number < self._entries:
            return Broken(self._head.number + 1, "end")
        if self.missing:
            return Broken(self._head.number, "root")
        return Verified(self._head.number, self._head.hash, self.began)


def verify(
    lines: Iterable[bytes], *, root: str | None = None, entries: int | None = None
) -> Verified | Broken:
    """Check all `lines` of a trail, as `Verifier` does."""
    verifier = Verifier(roots=() if root is None else (root,), entries=entries)
    for line in lines:
        if broken := verifier.take(line):
            return broken
    return verifier.end()


def _read(line: bytes) -> dict[str, Any] | None:
    """The fields of an entry; None if the line is no entry."""
    try:
        found = _decode(line.decode())
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.keys() != _FIELDS:
        return None
    return found if type(found["number"]) is int and isinstance(found["hash"], str) else None


def _is_unchanged(content: dict[str, Any], sha256: str, line: bytes) -> bool:
    """Whether `sha256` is the content's hash, and the line is canonical JSON. Without the second,
    nobody would see an added space."""
    text = _encode(content)
    # "hash" is sorted before "number", and inside a value no such text can be: quotes are escaped.
    place = text.rindex('"number":')
    try:
        whole = f'{text[:place]}"hash":"{sha256}",{text[place:]}'.encode()
        return whole == line and _sha256(text.encode()) == sha256
    except UnicodeEncodeError:  # half a character, which only an escape can bring
        return False


def _sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
