"""Runs a program that the kernel kills when the process that started it dies, or just the thread of
it that did so.

Usage: python tied.py PARENT_PID PROGRAM [ARGUMENT…]. It is a program of its own,
since the child must make the request between fork and exec, when Python code of a threaded parent
is not safe.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
"""Of prctl(2): the signal that a process gets when its parent dies."""


def tie(parent: int) -> None:
    """Have this process killed with the thread of `parent` that started it; end it if that is
    dead already."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the line above
            sys.exit(1)


if __name__ == "__main__":
    tie(int(sys.argv[1]))
    program = sys.argv[2:]
    os.execv(program[0], program)  # noqa: S606 - no shell is what is wanted
