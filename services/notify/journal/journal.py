"""The journal of one process: appends to a file of its own, and reads those of all."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.journal.entries import (
    EntryKind,
    JournalEntry,
    JournalState,
    seal,
    state_of,
    unseal,
)
from services.notify.journal.files import JournalFile, read
from services.notify.vault.vault import Vault
from shared import log

BLOCK = 100
"""Member numbers that are reserved at a time, so that not each joining waits for the disk. A
process that starts gives none of those that were reserved before."""
LATE = "notify:journal:late"
"""Set: lines, sealed, that the disk did not take."""
_AT_ONCE = 1000
"""Late lines that are written at once."""
RETRY_SECONDS = 10.0
"""From try to try of what the disk did not take."""


class JournalAway(Exception):
    """The journal cannot be written: what must not be forgotten has to wait."""


class Journal:
    """Reads and writes the files of `folder`; `vault` seals their lines.

    `note` is for what has to wait for the disk, `note_late` for what must not: leaving works
    without the journal, and is written down as soon as it can be. Until then it waits in Redis, so
    that no process that ends takes it along.
    """

    def __init__(self, folder: Path, vault: Vault, redis: Redis) -> None:
        self._folder = folder
        self._vault = vault
        self._redis = redis
        self._file: JournalFile | None = None
        self._lock = asyncio.Lock()
        self._waiting: list[bytes] = []
        """Lines that are to be written with the next."""
        self._reserved = 0
        self._wrong = ""
        """Why the last try failed."""
        self._unreadable = ""

    async def read(self) -> JournalState:
        """What all files say together. A file that cannot be read is a problem (see `problems`),
        not an error: alerts must go on."""
        try:
            lines, torn = await asyncio.to_thread(self._read)
        except OSError as error:
            self._unreadable = f"journal: cannot be read: {error.strerror}"
            log.get("notify").error("journal_unreadable", cause=type(error).__name__)
            return JournalState()
        entries, damaged = [], 0
        for line in lines:
            try:
                entries.append(unseal(self._vault, line))
            except ValueError:
                damaged += 1
        self._unreadable = f"journal: {damaged} lines cannot be read" if damaged else ""
        log.get("notify").info("journal_read", entries=len(entries), damaged=damaged, torn=torn)
        return state_of(entries)

    def _read(self) -> tuple[list[bytes], int]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return read(self._folder)

    async def open(self) -> None:
        """Take a file, so that a journal that cannot be written is seen before it is needed."""
        with suppress(JournalAway):
            await self._probe()
            await self._write_late()

    async def note(self, *entries: JournalEntry) -> None:
        """Write down; it survives a power cut once this returns. JournalAway if the disk does not
        take it; then it may still be written later, or never."""
        await self._write([seal(self._vault, entry) for entry in entries])

    async def note_late(self, *entries: JournalEntry) -> None:
        """The same, but if the disk does not take it, it is tried again until it does; meanwhile
        health is red. redis-py's errors: then it is written nowhere."""
        lines = [seal(self._vault, entry) for entry in entries]
        try:
            await self._write(lines)
        except JournalAway:
            await self._redis.sadd(LATE, *lines)

    async def reserve(self, last: int) -> None:
        """Have the numbers up to `last` reserved, before one of them is given; JournalAway if they
        are not and cannot be."""
        if last > self._reserved:
            reserved = last + BLOCK
            await self.note(JournalEntry(EntryKind.NUMBERS, datetime.now(UTC), reserved))
            self._reserved = max(reserved, self._reserved)

    async def keep_trying(self) -> None:
        """Write what the disk did not take once it does, whichever process could not, until
        cancelled."""
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            with suppress(JournalAway, RedisError):  # health tells, or the bus does
                if self._wrong:
                    await self._probe()
                await self._write_late()

    async def _probe(self) -> None:
        """Write a line that says nothing: only that shows that the disk takes one."""
        await self.note(JournalEntry(EntryKind.NUMBERS, datetime.now(UTC)))

    async def _write_late(self) -> None:
        """Several processes may do so at once: a line that is written twice says the same."""
        while lines := await self._late():
            await self._write(lines)
            await self._redis.srem(LATE, *lines)

    async def _late(self) -> list[bytes]:
        return cast("list[bytes]", await self._redis.srandmember(LATE, _AT_ONCE))

    def problems(self) -> list[str]:
        """For health: what keeps the journal from being written or read."""
        return [problem for problem in (self._wrong, self._unreadable) if problem]

    async def close(self) -> None:
        """Let the file go."""
        async with self._lock:
            file, self._file = self._file, None
            if file:
                await asyncio.to_thread(file.close)

    async def _write(self, lines: Sequence[bytes]) -> None:
        """Append lines together with those of others who wait: one sync serves them all."""
        mine = list(lines)
        self._waiting += mine
        # Not ended half-way if the caller is: the lock would be free while the disk is at work.
        await asyncio.shield(asyncio.ensure_future(self._flush(mine)))

    async def _flush(self, mine: list[bytes]) -> None:
        async with self._lock:
            if mine and not any(line is mine[0] for line in self._waiting):
                return  # somebody who waited before wrote them
            batch, self._waiting = self._waiting, []
            try:
                if self._file is None:
                    self._file = await asyncio.to_thread(JournalFile.take, self._folder)
                if batch:
                    await asyncio.to_thread(self._file.append, batch)
            except OSError as error:
                others = [line for line in batch if not any(line is one for one in mine)]
                self._waiting = others + self._waiting  # each of them hears it for itself
                await self._failed(error)
                raise JournalAway from None
            self._wrong = ""

    async def _failed(self, error: OSError) -> None:
        if not self._wrong:
            log.get("notify").error("journal_not_written", cause=type(error).__name__)
        self._wrong = f"journal: cannot be written: {error.strerror or error}"
        file, self._file = self._file, None
        if file:
            await asyncio.to_thread(file.close)
