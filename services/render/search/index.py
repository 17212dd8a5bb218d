"""The index on disk: SQLite's FTS5 over the tokens of words.py, made anew whenever it is no good.

Writers in several processes do no harm: each says from where it went on, and what it wrote counts
only if that is where the index still is. A search reads a state that is whole.
"""

import fcntl
import os
import secrets
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.render.search import spelling, words
from services.render.search.texts import Text

_BUSY_SECONDS = 5.0
_SCHEMA = """
CREATE TABLE state (mark TEXT, epoch TEXT, walk INTEGER);
CREATE TABLE article (number INTEGER PRIMARY KEY, id TEXT UNIQUE, teaser TEXT);
CREATE VIRTUAL TABLE found USING fts5 (names, title, lead, body, title_parts, parts,
  tokenize = "ascii");
CREATE VIRTUAL TABLE begins USING fts5 (said, tokenize = "ascii", prefix = "1 2 3");
CREATE TABLE heard (key TEXT, word TEXT, PRIMARY KEY (key, word)) WITHOUT ROWID;
CREATE TABLE other (name TEXT, other TEXT, origin TEXT, PRIMARY KEY (name, other, origin))
  WITHOUT ROWID;
CREATE INDEX other_origin ON other (origin);
"""
COLUMNS = ("names", "title", "lead", "body", "title_parts", "parts")
_NO_GOOD = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""What SQLite says of a file that is damaged, or not as this code makes it."""


class Damaged(Exception):
    """The file is no index, or no longer."""


class Unwritable(Exception):
    """The disk does not take it now. `str` says why in a word."""


@dataclass(frozen=True)
class IndexPlace:
    """How far the index has come."""

    mark: str
    """The last entry of `pages` that is in it."""
    epoch: str
    """Of the data that it is made from."""
    walk: int
    """Articles up to this sequence number are still to be read; 0 if all are in it."""


class SearchIndex:
    """The index in the file `path`. Its methods block: call them in a thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = path.with_name("index.lock")

    def place(self) -> IndexPlace | None:
        """How far it has come; None if there is no index, or one that other code made.
        Damaged, Unwritable."""
        if not self.path.exists():
            return None
        with self.reading() as base:
            if base.execute("PRAGMA user_version").fetchone()[0] != _version():
                return None
            row = base.execute("SELECT mark, epoch, walk FROM state").fetchone()
        return IndexPlace(*row) if row else None

    def check(self) -> None:
        """See that the whole file can be read. Damaged, Unwritable."""
        with self.reading() as base:
            if base.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise Damaged

    def generation(self) -> str:
        """Another one each time that the index was made anew, by whatever process."""
        try:
            return self._lock.read_text()
        except FileNotFoundError:
            return ""

    def make_anew(self, place: IndexPlace, generation: str) -> bool:
        """Begin an empty one; False, and nothing is done, if it is no longer the `generation` that
        was found to be no good. Waits until nobody has it open. Unwritable."""
        with _judged(), self._held(fcntl.LOCK_EX):
            if self.generation() != generation:
                return False
            for ending in ("", "-wal", "-shm", "-journal"):
                self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
            base = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
            try:
                base.execute("PRAGMA journal_mode = WAL")
                base.execute("BEGIN IMMEDIATE")
                base.execute(f"PRAGMA user_version = {_version()}")
                for statement in _SCHEMA.strip().split(";\n"):
                    base.execute(statement)
                base.execute(
                    "INSERT INTO state VALUES (?, ?, ?)", (place.mark, place.epoch, place.walk)
                )
                base.execute("COMMIT")
            finally:
                base.close()
            self._lock.write_text(secrets.token_hex(8))
        return True

    def go_on(
        self, before: IndexPlace, after: IndexPlace, texts: Iterable[Text], gone: Iterable[str]
    ) -> bool:
        """Put in `texts`, take out the articles that are `gone`, and be at `after`; False, and
        nothing is done, if the index is no longer at `before`. Damaged, Unwritable."""
        with self._writing() as base:
            moved = base.execute(
                "UPDATE state SET mark = ?, epoch = ?, walk = ? "
                "WHERE mark = ? AND epoch = ? AND walk = ?",
                (after.mark, after.epoch, after.walk, before.mark, before.epoch, before.walk),
            )
            if moved.rowcount != 1:
                return False
            for article in gone:
                _take_out(base, article)
            for text in texts:
                _take_out(base, text.id)
                _put_in(base, text)
        return True

    def set_names(self, names: Iterable[tuple[str, str]]) -> None:
        """Know these names for these others, beside those that alerts tell of, and no more.
        Damaged, Unwritable."""
        with self._writing() as base:
            base.execute("DELETE FROM other WHERE origin = ''")
            _put_names(base, "", names)

    @contextmanager
    def _held(self, kind: int) -> Iterator[None]:
        """The lock that keeps the file from being replaced while it is open."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, kind)
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that can only read. Damaged, Unwritable."""
        with _judged(), self._held(fcntl.LOCK_SH):
            base = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=_BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                base.execute("PRAGMA query_only = 1")
                yield base
            finally:
                base.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it, or nothing."""
        with _judged(), self._held(fcntl.LOCK_SH):
            base = sqlite3.connect(
                f"{self.path.absolute().as_uri()}?mode=rw",
                uri=True,
                timeout=_BUSY_SECONDS,
                isolation_level=None,
            )
            try:
                # Survives a killed process, and a power cut leaves a whole file, if an older one.
                base.execute("PRAGMA synchronous = NORMAL")
                base.execute("BEGIN IMMEDIATE")
                yield base
                base.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    base.execute("ROLLBACK")
                raise
            finally:
                base.close()


@contextmanager
def _judged() -> Iterator[None]:
    """SQLite's and the disk's errors as what is to be done about them. None of them is told as it
    is: it may quote what was asked for."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        if code == sqlite3.SQLITE_INTERRUPT:
            raise
        if code & 0xFF in _NO_GOOD:
            raise Damaged from None
        name = getattr(error, "sqlite_errorname", "SQLITE_UNKNOWN")
        raise Unwritable(name) from None
    except OSError as error:
        raise Unwritable(type(error).__name__) from None


def _take_out(base: sqlite3.Connection, article: str) -> None:
    row = base.execute("SELECT number FROM article WHERE id = ?", (article,)).fetchone()
    if row:
        for table in ("found", "begins"):
            base.execute(f"DELETE FROM {table} WHERE rowid = ?", row)  # noqa: S608 (two names)
        base.execute("DELETE FROM article WHERE number = ?", row)
        base.execute("DELETE FROM other WHERE origin = ?", (article,))


def _put_in(base: sqlite3.Connection, text: Text) -> None:
    put = base.execute(
        "INSERT INTO article (id, teaser) VALUES (?, ?)", (text.id, text.teaser.model_dump_json())
    )
    number = put.lastrowid
    titles = list(words.spoken(f"{text.names}\n{text.title}"))
    leads = list(words.spoken(text.lead))
    bodies = list(words.spoken(text.body))
    base.execute(
        "INSERT INTO found (rowid, names, title, lead, body, title_parts, parts) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            _tokens(words.spoken(text.names)),
            _tokens(words.spoken(text.title)),
            _tokens(leads),
            _tokens(bodies),
            _parts(titles),
            _parts([*leads, *bodies]),
        ),
    )
    said = " ".join(dict.fromkeys(words.folded(word) for word in titles))
    base.execute("INSERT INTO begins (rowid, said) VALUES (?, ?)", (number, said))
    known = {word for word in (*titles, *leads) if len(word) >= spelling.SHORTEST}
    base.executemany(
        "INSERT OR IGNORE INTO heard VALUES (?, ?)",
        [(key, word) for word in known for key in spelling.keys(word)],
    )
    _put_names(base, text.id, text.others)


def _put_names(base: sqlite3.Connection, origin: str, names: Iterable[tuple[str, str]]) -> None:
    base.executemany(
        "INSERT OR IGNORE INTO other VALUES (?, ?, ?)",
        [
            (" ".join(words.phrase(name)), " ".join(words.phrase(other)), origin)
            for name, other in names
        ],
    )


def _tokens(said: Iterable[str]) -> str:
    return " ".join(one for word in said for one in words.tokens(word))


def _parts(said: Sequence[str]) -> str:
    found = (part for word in said for part in words.parts(word))
    return " ".join(one for part in found for one in dict.fromkeys((part, words.folded(part))))


@cache
def _version() -> int:
    """Changes with the code and the lists that make an index: another's is made anew."""
    here = Path(__file__).parent
    files = sorted([*here.glob("*.txt"), *here.glob("[istw]*.py")])
    return zlib.crc32(b"".join(path.read_bytes() for path in files)) & 0x7FFFFFFF
