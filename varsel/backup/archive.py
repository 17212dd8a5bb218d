"""The file of a backup: a tar, sealed with age (age-encryption.org/v1) for its recipients.

It is sealed as it is written, so it is nowhere in the clear, and opened as it is read. age seals it
in parts, each bound to its place, so one that was changed or cut off does not open.
"""

import hashlib
import io
import os
import secrets
import shutil
import tarfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyrage

from shared import durable_file

_BYTES_AT_ONCE = 1 << 18


class BackupUnreadable(Exception):
    """The file is no backup, is damaged, or is for somebody else's identity; in Norwegian."""


@dataclass(frozen=True)
class Part:
    """One file of a backup."""

    name: str
    content: Path | bytes

    @property
    def size(self) -> int:
        """In bytes."""
        if isinstance(self.content, bytes):
            return len(self.content)
        return self.content.stat().st_size


def recipient(text: str) -> Any:
    """Whom `age1…` names; ValueError if nobody."""
    try:
        return pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise ValueError("en mottaker begynner med age1") from None


def new_identity(path: Path) -> str:
    """Make an identity in the new file `path`, which only its owner can read; gives the recipient
    that it opens. OSError if the file is there, or cannot be written."""
    identity = pyrage.x25519.Identity.generate()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"# public key: {identity.to_public()}\n{identity}\n")
        file.flush()
        os.fsync(descriptor)
    return str(identity.to_public())


def identities(path: Path) -> list[Any]:
    """Those in a file as age-keygen writes it. BackupUnreadable if there is none."""
    lines = [line.strip() for line in path.read_text(errors="replace").splitlines()]
    try:
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and line[0] != "#"]
    except pyrage.IdentityError:
        found = []
    if not found:
        raise BackupUnreadable(f"{path} er ingen identitet; den begynner med AGE-SECRET-KEY-1")
    return found


class _Hashing:
    """Writes to a file and hashes what it writes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.hash.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


def pack(
    target: Path,
    recipients: Sequence[Any],
    parts: Sequence[Part],
    told: Callable[[int], None] = lambda _: None,
) -> str:
    """Write `parts` to the file `target` and the SHA-256 of that to one beside it, both for their
    owner alone; gives the SHA-256. `told` hears how many bytes were read. Blocks. OSError if it
    cannot be written: then there is no `target`."""
    beside = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file, ThreadPoolExecutor(1) as pool:
            sealed = _Hashing(file)
            with _pipe() as (source, sink):
                writing = pool.submit(_write_tar, sink, parts, told)
                pyrage.encrypt_io(source, sealed, list(recipients))
                writing.result()
            file.flush()
            os.fsync(descriptor)
        sha256 = sealed.hash.hexdigest()
        durable_file.write(_sum_of(target), f"{sha256}  {target.name}\n".encode(), mode=0o600)
        beside.replace(target)
        durable_file.flush(target.absolute().parent)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return sha256


def unpack(
    source: Path,
    opened_by: Sequence[Any],
    folder: Path,
    told: Callable[[int], None] = lambda _: None,
) -> None:
    """Write the parts of the backup `source` into `folder`, for their owner alone. Blocks.
    BackupUnreadable, or OSError."""
    _compare_sum(source)
    with ThreadPoolExecutor(1) as pool, source.open("rb") as file, _pipe() as (clear, sink):
        opening = pool.submit(_open, file, sink, opened_by)
        try:
            with tarfile.open(fileobj=clear, mode="r|") as tar:
                for member in tar:
                    _take_out(tar, member, folder)
                    told(member.size)
            while clear.read(_BYTES_AT_ONCE):  # what fills the last block
                pass
        except tarfile.TarError:
            clear.close()
            opening.result()  # it may know better why
            raise BackupUnreadable(f"{source} er ingen sikkerhetskopi av Varsel") from None
        opening.result()


def _take_out(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one part into `folder`; TarError if it is no file, or none that belongs there. Not by
    `TarFile.extract`, whose filters came with Python 3.11.4."""
    name = PurePosixPath(member.name)
    target = folder / name
    content = tar.extractfile(member) if member.isfile() else None
    if content is None or name.is_absolute() or ".." in name.parts or target.exists():
        raise tarfile.TarError(member.name)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with content, os.fdopen(descriptor, "wb") as file:
        shutil.copyfileobj(content, file, _BYTES_AT_ONCE)


def _open(file: IO[bytes], sink: IO[bytes], opened_by: Sequence[Any]) -> None:
    try:
        with suppress(BrokenPipeError), sink:
            pyrage.decrypt_io(file, sink, list(opened_by))
    except (pyrage.DecryptError, OSError) as error:
        if getattr(error, "errno", None):  # the disk's; age's own has no number
            raise
        raise BackupUnreadable(
            f"kopien åpner seg ikke ({error}). Se om den er hel, og om det er rett identitet"
        ) from None


def _write_tar(sink: IO[bytes], parts: Sequence[Part], told: Callable[[int], None]) -> None:
    with sink, tarfile.open(fileobj=sink, mode="w|", bufsize=_BYTES_AT_ONCE) as tar:
        for part in parts:
            info = tarfile.TarInfo(part.name)
            info.size, info.mode = part.size, 0o600
            opened = (
                io.BytesIO(part.content)
                if isinstance(part.content, bytes)
                else part.content.open("rb")
            )
            with opened as content:
                tar.addfile(info, content)
            told(info.size)


def _compare_sum(source: Path) -> None:
    beside = _sum_of(source)
    if not beside.exists():
        return
    with source.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if beside.read_text().split()[:1] != [found]:
        raise BackupUnreadable(f"{source} er ikke den filen som {beside.name} ble skrevet for")


def _sum_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.sha256")


@contextmanager
def _pipe() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Its two ends. Whoever writes closes theirs."""
    reading, writing = os.pipe()
    source, sink = os.fdopen(reading, "rb"), os.fdopen(writing, "wb")
    try:
        yield source, sink
    finally:
        source.close()  # first: a thread that still writes then ends
        with suppress(OSError):
            sink.close()
