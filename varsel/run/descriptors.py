"""File descriptors: every connection and open file takes one, and the system sets a limit."""

import contextlib
import errno
import os
import resource
from pathlib import Path

_ENOUGH = 65_536
"""Open files of a process."""
_FEW_LEFT_PERCENT = 90
_OPEN = Path("/dev/fd")


def raise_limit() -> None:
    """Ask for as many as we may have: shells give 1,024, and the system allows more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def problems() -> list[str]:
    """For health: that few are left. Without any, nobody new is answered, and health is the last to
    tell, on a connection that it has."""
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit == resource.RLIM_INFINITY:
        return []
    try:
        taken = len(os.listdir(_OPEN))  # noqa: PTH208 (names alone)
    except OSError as error:
        if error.errno not in (errno.EMFILE, errno.ENFILE):
            return []
        taken = limit
    few = taken * 100 >= limit * _FEW_LEFT_PERCENT
    return [f"process: file descriptors {taken} of {limit}"] if few else []
