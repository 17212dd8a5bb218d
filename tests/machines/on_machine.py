"""One service as on a machine of its own: `python -m tests.machines.on_machine NAME SERVICE`.

If HALTS_AT is set, the process stops itself, as a machine that hangs, just before a file whose path
has that text in it takes its place: it is written, and everybody still sees the one before.
"""

import os
import platform
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from varsel.cli import main

_PUTS = ("replace", "hardlink_to")
"""What puts a file that was written beside its place into it (shared/durable_file.py)."""


def _halt_before(at: str) -> None:
    """Stop once, before the file is put into its place."""
    puts = {name: getattr(Path, name) for name in _PUTS}

    def halting(name: str) -> Any:
        def put(self: Path, other: Any) -> Any:
            if at in f"{self} {other}":
                for one, original in puts.items():
                    setattr(Path, one, original)
                # To this thread: another would be the first to stop, and this one go on a little.
                signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)
            return puts[name](self, other)

        return put

    for name in _PUTS:
        setattr(Path, name, halting(name))


if __name__ == "__main__":
    machine, service = sys.argv[1:]
    platform.node = lambda: machine
    if halts := os.environ.pop("HALTS_AT", ""):
        _halt_before(halts)
    sys.argv = ["varsel", "up", service]
    main()
