"""Lets all others on this machine go first: a backup has time, and an alert has none."""

import os
from contextlib import suppress
from pathlib import Path

LEAST = 19
"""The priority of who takes only the processor time that nobody else wants (setpriority(2))."""


def give_way(process: int | None = None) -> None:
    """Let this process, or a child of it, take only what is left; also what it starts from now on.

    Where Linux weighs whole sessions against each other (autogroups, sched(7)), a process that
    leads one makes that light. In somebody's terminal the session is theirs and stays as it is.
    """
    who = process or os.getpid()
    os.setpriority(os.PRIO_PROCESS, who, LEAST)
    if os.getsid(who) == who:
        with suppress(OSError):  # there are no autogroups here
            Path(f"/proc/{who}/autogroup").write_text(str(LEAST))


def gives_way() -> bool:
    """Whether this process does."""
    return os.getpriority(os.PRIO_PROCESS, 0) == LEAST
