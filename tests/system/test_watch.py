"""`varsel watch` in front of a real system, and in a real terminal."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from shared.bus.users import OPERATOR, as_user
from tests.make import alert, news
from tests.notify.relay_server import Relay
from tests.server import TIED, Valkey
from tests.system.running import REPO, VARSEL, Up
from tests.system.steps import complete, post
from tests.wait import until
from varsel.run.embedded import redis_url

MEMBERS = 600


@pytest.fixture
async def slow_up(tmp_path: Path) -> AsyncIterator[Up]:
    """A system with members, whose relay takes its time: a delivery lasts some seconds."""
    relay = await Relay().start()
    relay.slowness = 0.1
    file = tmp_path / "medlemmer.csv"
    rows = "".join(f"medlem{n}@example.org,Medlem {n},nb\n" for n in range(MEMBERS))
    file.write_text("email,name,lang\n" + rows)
    settings = {
        "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{relay.port}?starttls=none",
        "VARSEL_MAIL_FROM": "varsel@forening.example",
        "VARSEL_ALERT_APPROVALS": "0",
    }
    with Up(**settings) as system:
        system.start()
        system.json("members", "import", str(file), "--consent", "Ja takk")
        yield system
    await relay.stop()


def shape(value: Any) -> Any:
    """Names and kinds of a JSON document; a list has the shape of its first element."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else value


def kinds(value: Any) -> Any:
    """A shape without what is known only at that moment."""
    if isinstance(value, dict):
        return {name: kinds(inner) for name, inner in value.items()}
    return [kinds(inner) for inner in value] if isinstance(value, list) else ...


def documented() -> Any:
    text = (REPO / "docs" / "cli.md").read_text()
    [block] = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    return json.loads(block)


class Terminal:
    """A `varsel watch` of its own in a terminal of 80 × 24."""

    def __init__(self, env: dict[str, str]) -> None:
        def as_the_first_process() -> None:
            """With a terminal of its own, and as in a container: it does not die of SIGHUP by
            itself."""
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)

        self._master, self._slave = pty.openpty()
        self.resize(80)
        own = {k: v for k, v in env.items() if k not in ("COLUMNS", "LINES")}  # a test runner's
        self.process = subprocess.Popen(
            [*TIED, *VARSEL, "watch"],
            stdin=self._slave, stdout=self._slave, stderr=self._slave, cwd=REPO,
            env=own | {"TERM": "xterm-256color"}, start_new_session=True,
            preexec_fn=as_the_first_process,  # noqa: PLW1509
        )  # fmt: skip
        os.set_blocking(self._master, False)
        self.raw = b""
        """All that was ever written to it."""

    def resize(self, columns: int) -> None:
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def type(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def read(self) -> str:
        """The latest picture, or the part of it that is there."""
        try:
            while more := os.read(self._master, 65536):
                self.raw += more
        except OSError:
            pass
        latest = self.raw.rpartition(b"\x1b[H")[2].decode(errors="replace")
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", latest)

    def read_with(self, pattern: str) -> str:
        """The latest picture if it has the pattern, else nothing."""
        picture = self.read()
        return picture if re.search(pattern, picture) else ""

    def shows(self, text: str) -> Callable[[], bool]:
        return lambda: text in self.read()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)
        os.close(self._slave)


@pytest.fixture
def terminal(own_server: Valkey) -> Iterator[Terminal]:
    """In front of a server that the test may kill."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("VARSEL_")}
    opened = Terminal(env | {"VARSEL_REDIS_URL": as_user(own_server.url, OPERATOR)})
    yield opened
    opened.close()


async def test_a_delivery_under_way_has_a_bar_a_rate_and_a_time_left(slow_up: Up) -> None:
    """And the document with `--json` is the one in docs/cli.md."""
    up = slow_up
    key = up.key()
    terminal = Terminal(up.env)
    try:
        await until(terminal.shows("Ingen utsendinger ennå"), timeout=20)
        article = post(up, key, alert()).json()["id"]
        picture = await until(lambda: terminal.read_with(r"\d\s(s|min) igjen"), timeout=20)
    finally:
        terminal.close()
    [row] = [line for line in picture.splitlines() if line.startswith(article)]
    assert re.search(r"[━╸]+ +[\d\s]+ 600 +0 +[\d\s,]+ \d+.(s|min) igjen", row), row

    await complete(up, key, article)
    now = up.json("watch")
    [done] = now["deliveries"]
    assert (done["state"], done["handed_over"], done["open"]) == ("complete", MEMBERS, 0)
    assert [p["problem"] for p in now["problems"]] in ([], ["just_started"])
    wanted = documented()
    wanted["problems"] = now["problems"]
    assert kinds(shape(now)) == kinds(shape(wanted))
    assert all(g["alive"] == 1 and g["gone"] == 0 for s in now["streams"] for g in s["groups"])


async def test_a_dead_letter_is_shown_with_what_to_do() -> None:
    with Up() as up:
        up.start()
        async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
            # What render must keep is made unusable, so that it fails on this article for good.
            await redis.set("render:counters", "no hash")
            post(up, up.key(), news())
            await until(lambda: redis.hlen("render:attempts:articles"))
            [entry] = await redis.hkeys("render:attempts:articles")
            await redis.hset("render:attempts:articles", entry, 7)
            await until(lambda: redis.xlen("articles.dead"), timeout=20)
        done = up.run("watch", "--once")
        assert done.returncode == 0
        assert done.stdout.startswith("Varsel: 1 ting å se på")
        assert "1 død hendelse på articles" in done.stdout
        assert "«varsel dead list»" in " ".join(done.stdout.split())
        document = up.json("watch")
        assert [p["problem"] for p in document["problems"]] == ["dead_letters"]
        assert kinds(shape(document["problems"])) == kinds(shape(documented()["problems"]))


def test_where_the_output_is_no_terminal_it_shows_once_and_ends() -> None:
    with Up() as up:
        up.start()
        done = up.run("watch")
    assert done.returncode == 0
    assert done.stdout.count("Strøm") == 1
    assert "\x1b" not in done.stdout


async def test_redis_that_goes_is_said_and_redis_that_comes_back_is_shown(
    own_server: Valkey, terminal: Terminal
) -> None:
    await until(terminal.shows("Redis er tom"), timeout=20)
    own_server.kill()
    await until(terminal.shows("Redis svarer ikke"), timeout=20)
    assert "Varig logg" in terminal.read(), "the last figures are still there"
    own_server.start()
    await until(terminal.shows("Redis er tom"), timeout=20)
    assert "svarer ikke" not in terminal.read()
    assert terminal.process.poll() is None


async def test_more_is_shown_once_the_terminal_is_wider(
    own_server: Valkey, terminal: Terminal
) -> None:
    await until(terminal.shows("Per s"), timeout=20)
    assert "Hvem" not in terminal.read()
    terminal.resize(140)
    await until(terminal.shows("Hvem"), timeout=20)


@pytest.mark.parametrize("how", [b"\x03", "SIGTERM", "SIGHUP"], ids=["Ctrl-C", "SIGTERM", "closed"])
async def test_it_ends_with_0_and_leaves_the_terminal_as_it_was(
    terminal: Terminal, how: bytes | str
) -> None:
    await until(terminal.shows("Varsel:"), timeout=20)
    if isinstance(how, bytes):
        terminal.type(how)
    else:
        terminal.process.send_signal(signal.Signals[how])
    await until(lambda: terminal.process.poll() is not None)
    assert terminal.process.returncode == 0
    terminal.read()
    assert terminal.raw.endswith(b"\x1b[?25h\x1b[?1049l"), "the cursor, and what was there before"


async def test_it_ends_at_once_also_while_redis_says_nothing(
    own_server: Valkey, terminal: Terminal
) -> None:
    await until(terminal.shows("Varsel:"), timeout=20)
    assert own_server.process
    own_server.process.send_signal(signal.SIGSTOP)
    try:
        await until(terminal.shows("Redis svarer ikke"), timeout=20)
        terminal.type(b"\x03")
        await until(lambda: terminal.process.poll() is not None, timeout=3)
    finally:
        own_server.process.send_signal(signal.SIGCONT)
    assert terminal.process.returncode == 0


def test_without_a_system_it_says_so_and_fails() -> None:
    with Up() as none:
        done = none.run("watch")
        assert done.returncode == 1
        assert "varsel up" in done.stderr
