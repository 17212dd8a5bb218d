"""The product as it runs in containers: a Redis, and each service in processes of its own. Each of
them reaches Redis and the relay by proxies of its own only, and can be killed and started again."""

import asyncio
import base64
import json
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Self

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.notify.ledger.delivery import delivery_key
from shared.bus import tasks
from shared.bus.users import as_user
from tests.chaos.editor import PATIENCE, Editor, Round
from tests.chaos.follower import Follower
from tests.chaos.proxy import Moment, Proxy, RedisProxy, SmtpProxy, Streams, Watch
from tests.chaos.resp import Kinds
from tests.chaos.sink import Form, Life, Sink
from tests.chaos.versions import Mark
from tests.server import Valkey, free_port
from tests.system.running import AnyProcess, Up
from tests.wait import until

RUN = """
import platform
platform.node = lambda: {host!r}
from varsel.cli import main
main()
"""
"""`varsel` with a host name of its own, as each container has one."""
TOLD_OF = """
from tests.chaos import gate
gate.install_at({gate!r})
"""
"""Before that, in those who write the journal."""
OPERATOR = "operator"
_HOOK_SECRET = f"whsec_{base64.b64encode(bytes(32)).decode()}"
_DELIVERY = delivery_key("").encode()
ALONE = 3
"""Members who are each the only one at their domain: mail to them that comes back is no surge."""
REDIS = "redis"
ALL = "all at once"


class Process(Up):
    """One service in a process, which keeps its name, its port and its settings over its lives; or
    the commands of the operator, one after the other."""

    def __init__(self, name: str, **settings: str) -> None:
        super().__init__(**settings)
        self.name = name
        self.service = name.partition("-")[0]
        self.life = Life(name, 0)
        self.proxies: list[Proxy] = []
        self.words = ["up", self.service]
        """What is said to `varsel`."""
        self.returns_port = 0
        """Where it hears of mail that comes back, by a proxy, if it mails."""
        self.killed: set[Life] = set()
        self.stopped: set[Life] = set()

    @property
    def gate(self) -> str:
        """The socket that is told of its writes to the journal."""
        return str(self.data / "gate")

    @property
    def has_gate(self) -> bool:
        return self.service in ("notify", OPERATOR)

    @property
    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def launch(self) -> AnyProcess:
        self.life = Life(self.name, self.life.number + 1)
        code = TOLD_OF.format(gate=self.gate) * self.has_gate + RUN.format(host=self.name)
        self.process = self.started([sys.executable, "-c", code, *self.words])
        return self.process

    def kill(self) -> bool:
        """SIGKILL, after which this life does nothing more; false where it had ended before."""
        assert self.process
        if self.process.poll() is not None:
            return False
        self.killed.add(self.life)
        self.process.kill()
        self.process.wait()
        return True


class Chaos:
    """All of it. `watch` is told of each command of each process; see proxy.Watch."""

    def __init__(self, folder: Path, *, members: int = 300, workers: int = 1) -> None:
        self.members = [
            f"medlem{n}@{f'alene{n}.' if n < ALONE else ''}example.org" for n in range(members)
        ]
        self.counts: Counter[tuple[str, str, Moment]] = Counter()
        """By process, kind and moment, since somebody cleared it."""
        self.on_command: Callable[[Process, str, Moment], bool] = lambda *_: False
        self.sink = Sink()
        self.follower = Follower()
        self.server = Valkey()
        self.processes: dict[str, Process] = {}
        self.operator: Process
        self._gates: list[asyncio.Server] = []
        self.pause: Callable[[], float] = lambda: 0.05
        """Seconds until the keeper looks again what has ended."""
        self.ended: list[str] = []
        """Processes that ended though nobody asked for it, with the last words of their logs."""
        self.rounds = 0
        self.changed = 0
        self.marks: dict[str, Mark] = {}
        """When each delivery was begun."""
        self._slow: dict[str, int] = {}
        """Rounds whose mails are slow until this delivery has begun."""
        self.editor: Editor
        self.site = ""
        """Its address for people: a passkey is for a name, never for an address of digits."""
        self._keeper: asyncio.Task[None] | None = None
        self._folder = folder
        self._workers = workers
        self._kinds = Kinds()
        self._http = httpx.AsyncClient(timeout=10.0)

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._keeper:
            await tasks.end([self._keeper])
        for gate in self._gates:
            gate.close()
        for process in self._all():
            process.__exit__(None, None, None)
            for proxy in process.proxies:
                await proxy.stop()
        await self.sink.stop()
        await self.follower.stop()
        if hasattr(self, "editor"):  # else it has not come so far
            await self.editor.close()
        await self._http.aclose()
        self.server.close()

    @property
    def redis(self) -> Redis:
        """The tester's own way, past the proxies. A new client each time: the server may die."""
        return Redis.from_url(self.server.url)

    async def _start(self) -> None:
        self.server.start()
        await self.sink.start()
        await self.follower.start()
        self.operator = Process(
            OPERATOR,
            VARSEL_REDIS_URL=as_user(self.server.url, "operator"),
            VARSEL_SECRET_KEY="k" * 64,
        )
        await self.take_in(self.members)
        key = await asyncio.to_thread(self.operator.key)
        render = await self._add("render")
        self.site = render.url.replace("127.0.0.1", "localhost")
        site = {"VARSEL_SITE_URL": self.site, "VARSEL_SITE_CHECK_URL": render.url}
        self.editor = Editor((await self._add("ingest", **site)).url, key)
        hooks = json.dumps([{"url": self.follower.url, "secret": _HOOK_SECRET}])
        for number in range(1, self._workers + 1):
            await self._add(f"notify-{number}", **site, VARSEL_WEBHOOKS=hooks)
        await self._open_gate(self.operator)
        self.operator.env["VARSEL_JOURNAL"] = str(self.workers()[0].data / "journal")
        self._keeper = asyncio.create_task(self._keep())
        await self.ready()

    async def _add(self, name: str, **settings: str) -> Process:
        process = Process(name, VARSEL_SECRET_KEY="k" * 64, VARSEL_ALERT_APPROVALS="0", **settings)
        self.processes[name] = process
        watch = self._watch(process)

        async def to_redis() -> Streams:
            return await asyncio.open_unix_connection(f"{self.server.folder}/s")

        async def to_sink() -> Streams:
            life = process.life
            reader, writer = await asyncio.open_connection("127.0.0.1", self.sink.port)
            self.sink.senders[writer.get_extra_info("sockname")[1]] = life
            return reader, writer

        redis, relay = (
            RedisProxy(to_redis, watch, self._kinds, self._note),
            SmtpProxy(to_sink, watch),
        )
        process.proxies = [redis, relay]
        for proxy in process.proxies:
            await proxy.start()
        process.env |= {
            "VARSEL_REDIS_URL": as_user(f"redis://127.0.0.1:{redis.port}", process.service),
            "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{relay.port}",
            "VARSEL_MAIL_FROM": "varsel@example.org",
        }
        if process.service == "notify":
            port = free_port()
            process.env |= {
                "VARSEL_BOUNCE_ADDRESS": "retur@varsel.example.org",
                "VARSEL_BOUNCE_PORT": str(port),
            }

            async def to_process() -> Streams:
                return await asyncio.open_connection("127.0.0.1", port)

            returns = SmtpProxy(to_process, watch, "BOUNCE")
            process.proxies.append(returns)
            await returns.start()
            process.returns_port = returns.port
            await self._open_gate(process)
        process.launch()
        return process

    def _watch(self, process: Process) -> Watch:
        def watch(kind: str, moment: Moment) -> bool:
            self.counts[process.name, kind, moment] += 1
            return self.on_command(process, kind, moment)

        return watch

    async def _open_gate(self, process: Process) -> None:
        """Be told of the process's writes to the journal."""
        watch = self._watch(process)

        async def told(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            moment, _, kind = (await reader.readline()).decode().strip().partition(" ")
            if not watch(kind, "before" if moment == "before" else "after"):
                writer.write(b".")
            writer.close()

        self._gates.append(await asyncio.start_unix_server(told, process.gate))

    def _all(self) -> list[Process]:
        return [*self.processes.values(), *([self.operator] if hasattr(self, "operator") else [])]

    async def take_in(self, emails: Sequence[str], *more: str) -> None:
        """Have the operator import these as a list, again if the command was killed."""
        file = self._folder / "medlemmer.csv"
        file.write_text("email,name,lang\n" + "".join(f"{one},,nb\n" for one in emails))
        self.operator.words = ["members", "import", str(file), "--consent", "Ja takk", *more]
        while True:
            code = await asyncio.to_thread(self.operator.launch().wait)
            if code == 0:
                return
            assert self.operator.life in self.operator.killed, self.operator.log()

    def workers(self) -> list[Process]:
        """The processes that mail."""
        return [p for p in self.processes.values() if p.service == "notify"]

    # Killing and starting again

    def kill(self, victim: str) -> list[Life]:
        """SIGKILL to the process of that name, to `REDIS`, or to `ALL` with Redis; gives the lives
        that it ended. The keeper starts them again."""
        if victim in (REDIS, ALL) and self.server.process:
            self.server.kill()
        found = [p for p in self._all() if p.process and victim in (p.name, ALL)]
        return [process.life for process in found if process.kill()]

    def stop(self, victim: str) -> list[Life]:
        """SIGTERM, which it has a grace time for."""
        process = self.processes[victim]
        assert process.process
        if not process.lives:
            return []
        process.stopped.add(process.life)
        process.process.send_signal(signal.SIGTERM)
        return [process.life]

    async def _keep(self) -> None:
        """Start again whatever has ended, after a pause: as a container engine does."""
        while True:
            await asyncio.sleep(self.pause())
            assert self.server.process
            if self.server.process.poll() is not None:
                await self._start_redis()
            for process in self.processes.values():
                if process.process and process.process.poll() is not None:
                    if process.life not in process.killed | process.stopped:
                        self.ended.append(f"{process.life}: {process.log()[-2000:]}")
                    process.launch()

    async def ready(self) -> None:
        """Until everything runs and says so."""

        async def is_ready(process: Process) -> bool:
            try:
                return (await self._http.get(f"{process.url}/health/ready")).status_code == 200
            except httpx.HTTPError:
                return False

        for process in self.processes.values():
            await until(partial(is_ready, process), timeout=PATIENCE)

    async def _start_redis(self) -> None:
        """Also where it has much to load, and the machine much else to do."""
        try:
            self.server.start()
        except AssertionError:  # it does not answer yet
            assert self.server.process
            while (code := self.server.process.poll()) is None:
                with suppress(RedisError):
                    async with self.redis as redis:
                        await redis.ping()
                        return
                await asyncio.sleep(0.1)
            self.ended.append(f"redis ended at its start, with {code}")

    def keep_logs(self) -> Path:
        """A folder with the processes' logs, which stays when all else is gone."""
        folder = Path(tempfile.mkdtemp(prefix="chaos-logs-"))
        for process in self.processes.values():
            shutil.copy(process.data / "up.log", folder / f"{process.name}.log")
        return folder

    # What an editor does

    async def post(self, *, slow: bool = False) -> Round:
        """A new alert. A slow one's mails wait for the relay until its next version is on its way:
        see `change`."""
        self.rounds += 1
        if slow:
            self.sink.slow.add(self.rounds)
        return await self.editor.post(self.rounds)

    async def reached(self, round_: Round, share: float) -> None:
        """Until the relay has taken so many mails of the round's newest delivery."""
        wanted = share * len(self.members)
        await until(lambda: self.sink.count[round_.delivery] >= wanted, timeout=PATIENCE)

    async def change(self, round_: Round, form: Form, *, last: bool = True) -> None:
        """Correct or withdraw the alert. Its mails are slow until the delivery of its `last` change
        has begun."""
        self.changed += 1
        await self.editor.change(round_, form)
        if last and round_.delivery in self.marks:
            self.sink.slow.discard(round_.number)
        elif last:
            self._slow[round_.delivery] = round_.number

    def life_of(self) -> frozenset[Life]:
        """Every life of those who mail until now."""
        return frozenset(
            Life(process.name, number)
            for process in self.workers()
            for number in range(1, process.life.number + 1)
        )

    def _note(self, command: list[bytes], reply: object) -> None:
        """A script that names a delivery has just been done: the first that does has begun it, and
        has superseded the one before."""
        if not command[0].upper().startswith((b"EVALSHA", b"FCALL")):
            return
        if isinstance(reply, bytes) and reply[:1].isupper():  # an error
            return
        for word in command[3:]:
            if word.startswith(_DELIVERY) and (name := word[len(_DELIVERY) :].decode()):
                self._begun(name)

    def _begun(self, delivery: str) -> None:
        if delivery in self.marks:
            return
        self.marks[delivery] = Mark(len(self.sink.taken), self.life_of())
        if delivery in self._slow:
            self.sink.slow.discard(self._slow.pop(delivery))
