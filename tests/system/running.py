"""`varsel up` as a process of its own, and the commands beside it."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
from redis.asyncio import Redis

from services.ingest.people.keys import create_key
from shared.bus.users import OPERATOR
from tests.server import TIED, free_port, processes_with_open
from tests.starter import Started, Starter
from varsel.run.embedded import redis_url

REPO = Path(__file__).parents[2]
VARSEL = [sys.executable, "-c", "from varsel.cli import main; main()"]
AnyProcess = subprocess.Popen[bytes] | Started
starter: Starter | None = None
"""What starts processes for tests (tests/conftest.py sets it); a benchmark starts them as people
do."""


_OF_A_START = ("LD_PRELOAD", "PYTHONPATH", "PYTHONUNBUFFERED")
"""What Python and the loader ask for when they start."""


class Up:
    """A system in a folder of its own. Use as a context manager: it leaves nothing behind."""

    def __init__(self, **settings: str) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="vu-"))
        self.log_file = self.data / "up.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("VARSEL_")} | {
            "VARSEL_DATA": str(self.data),
            "VARSEL_PORT": str(self.port),
            **settings,
        }
        self.process: AnyProcess | None = None

    def start(self) -> "Up":
        """Start it and wait until it is ready."""
        self.launch()
        deadline = time.monotonic() + 120
        while not self.is_ready():
            assert self.process and self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.02)
        return self

    def is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health/ready").status_code == 200
        except httpx.HTTPError:
            return False

    def waits_for(self, file: Path) -> bool:
        """Whether its process has `file` open."""
        assert self.process
        return self.process.pid in processes_with_open(file)

    def launch(self) -> AnyProcess:
        """Start it and do not wait."""
        self.process = self.started([*VARSEL, "up"])
        return self.process

    def started(self, command: list[str]) -> AnyProcess:
        """What `python -c CODE ARGUMENT…` starts, which ends with this process and writes to the
        log."""
        with self.log_file.open("ab") as log:
            if starter and not _changes_python(self.env):
                with Path(os.devnull).open("rb") as nothing:
                    return starter.start(command, self.env, nothing, log, log)
            return subprocess.Popen(
                [*TIED, *command], env=self.env, cwd=REPO, stdout=log, stderr=log
            )

    def end(self, number: signal.Signals) -> int:
        """Send a signal and wait for the end; the exit code."""
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(30)

    def log(self) -> str:
        return self.log_file.read_text()

    def run(
        self, *arguments: str, key: str = "", stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a `varsel` command against this system."""
        return command(arguments, self.env | ({"VARSEL_KEY": key} if key else {}), stdin)

    def json(self, *arguments: str, key: str = "", stdin: str = "") -> dict[str, Any]:
        """The document of a `varsel` command with `--json`, which must succeed."""
        done = self.run(*arguments, "--json", key=key, stdin=stdin)
        assert done.returncode == 0, done.stdout + done.stderr
        document: dict[str, Any] = json.loads(done.stdout)
        return document

    def key(self) -> str:
        """A new API key, as `varsel keys create test --role editor` makes it, without the second
        that a command takes to start."""

        async def make() -> str:
            url = self.env.get("VARSEL_REDIS_URL") or redis_url(self.data, OPERATOR)
            async with Redis.from_url(url) as redis:
                return await create_key(redis, "test", "editor")

        with ThreadPoolExecutor(1) as thread:  # the caller may have an event loop of its own
            return thread.submit(asyncio.run, make()).result()

    def __enter__(self) -> "Up":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.data, ignore_errors=True)


def _changes_python(env: dict[str, str]) -> bool:
    """Whether a process with this environment is another one from its first moment."""
    return any(env.get(name) != os.environ.get(name) for name in _OF_A_START)


def command(
    words: Sequence[str], env: dict[str, str], stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a `varsel` command with this environment."""
    if starter and not _changes_python(env):
        return starter.run([*VARSEL, *words], env, stdin, timeout=120)
    return subprocess.run(
        [*VARSEL, *words],
        env=env,
        cwd=REPO,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
