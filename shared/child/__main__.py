"""The child's own program. It answers what it is asked, one thing at a time, until its parent ends.

Usage: python -m shared.child PARENT_PID MEMORY_MIB [MODULE…]. Questions come on standard input and
answers leave on standard output: four bytes of length, then a pickle of a word and a value. The
word is `done` or `failed`; what a generator gives comes as one `part` after the other before that.
"""

import contextlib
import ctypes
import gc
import importlib
import os
import pickle
import resource
import signal
import struct
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

_LENGTH = struct.Struct(">I")
_PR_SET_PDEATHSIG = 1
"""Of prctl(2): the signal that a process gets when its parent dies."""


def main(parent: int, memory_mib: int, imports: list[str]) -> None:
    _die_with(parent)
    # What the work prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for module in imports:
        importlib.import_module(module)
    gc.freeze()
    gc.disable()  # a hundred thousand tokens are looked through again and again, and all are in use
    _limit_memory(memory_mib)
    _send(answers, b"")
    while head := sys.stdin.buffer.read(_LENGTH.size):
        question = sys.stdin.buffer.read(_LENGTH.unpack(head)[0])
        for answer in _answers(question):
            _send(answers, answer)
        gc.collect()


def _answers(question: bytes) -> Iterator[bytes]:
    try:
        work, args, kwargs = pickle.loads(question)  # noqa: S301 (from the parent)
        found = work(*args, **kwargs)
        if isinstance(found, Generator):
            for part in found:
                yield pickle.dumps(("part", part))
            found = None
        yield pickle.dumps(("done", found))
    except MemoryError:
        yield pickle.dumps(("failed", MemoryError()))
    except Exception as error:
        yield _pickled_error(error)


def _pickled_error(error: Exception) -> bytes:
    try:
        data = pickle.dumps(("failed", error))
        pickle.loads(data)  # noqa: S301 (just made)
    except Exception:  # an error whose class cannot be made again; its text may quote the input
        return pickle.dumps(("failed", RuntimeError(type(error).__name__)))
    return data


def _send(answers: BinaryIO, data: bytes) -> None:
    answers.write(_LENGTH.pack(len(data)) + data)
    answers.flush()


def _die_with(parent: int) -> None:
    """Elsewhere than on Linux an idle child still ends with its standard input."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        # If memory runs out, this goes first, and not the service.
        with contextlib.suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("1000")
        if os.getppid() != parent:  # it died before the line above
            sys.exit(1)


def _limit_memory(mib: int) -> None:
    with contextlib.suppress(OSError, ValueError):  # not every system has both
        taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        limit = taken + mib * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
