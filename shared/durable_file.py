"""Files that are whole or not there, and that are still there after a power cut."""

import ctypes
import os
import secrets
from contextlib import suppress
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL


def write(
    path: Path,
    data: bytes,
    *,
    mode: int | None = None,
    once: bool = False,
    durable: bool = True,
    root: Path | None = None,
) -> None:
    """Write `data` to `path`, and make its folders. OSError if the disk does not take it.

    The file is written beside `path` and takes its place, so that nobody ever reads half of it.
    With `once` a file that is there stays as it is: of two processes that write at the same time,
    one has its way and the other changes nothing.

    If `durable`, the file survives a power cut from when this returns. The content is synced before
    the file gets its name, and the folder after: a name belongs to the folder, not to the file. If
    `root` is given, all folders up to it are synced, for those that are new.

    `mode` is the file's, exactly; without one the umask decides.
    """
    if not (once and path.exists()):
        _make(path, data, mode=mode, once=once, durable=durable)
    if durable:  # also if it is there: the process that made it may have died before it did this
        _sync_folders(path.parent, root or path.parent)


def _make(path: Path, data: bytes, *, mode: int | None, once: bool, durable: bool) -> None:
    # Texts in place of paths: this is most of what a small file costs.
    folder = str(path.parent)
    beside = f"{folder}/.{path.name}.{secrets.token_hex(8)}"
    try:
        descriptor = os.open(beside, _NEW, 0o600 if mode else 0o666)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103 (as above)
        descriptor = os.open(beside, _NEW, 0o600 if mode else 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            if mode:
                os.fchmod(file.fileno(), mode)
            if durable:
                os.fsync(file.fileno())
        if not once:
            Path(beside).replace(path)
            return
        # A link is made once or not at all; a rename would replace the other process's file.
        with suppress(FileExistsError):
            path.hardlink_to(beside)
        os.unlink(beside)  # noqa: PTH108 (as above)
    except BaseException:
        with suppress(FileNotFoundError):  # the rename took it already
            os.unlink(beside)  # noqa: PTH108 (as above)
        raise


def settle(path: Path, root: Path) -> None:
    """Sync the file at `path`, which was written without `durable`, and its folders up to `root`:
    it survives a power cut from when this returns. OSError if the disk does not take it, or if it
    is not there."""
    _sync(path)
    _sync_folders(path.parent, root)


def flush(folder: Path) -> None:
    """Write out all that is not on disk yet of the file system that holds `folder`, in one go: for
    many files that were written without `durable`. OSError if the disk does not take it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if _libc.syncfs(descriptor) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Remove the file at `path` if it is there, and its folder if nothing else is in it. It stays
    removed after a power cut. OSError if the disk does not take it."""
    path.unlink(missing_ok=True)
    folder = path.parent
    with suppress(OSError):
        folder.rmdir()
    # Also if there was nothing to remove: whoever removed it may have died before this.
    there = next(one for one in (folder, *folder.parents) if one.is_dir())
    _sync_folders(there, there)


def _sync_folders(folder: Path, root: Path) -> None:
    for name in (folder, *folder.parents):
        _sync(name)
        if name == root:
            return


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
