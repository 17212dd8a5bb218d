"""Releases of this tree, and a system whose parts run them."""

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import httpx
from redis.asyncio import Redis

from shared.bus.users import as_user
from shared.release import FORM
from shared.topology import DEAD_LETTER_STREAMS, STREAMS
from tests.chaos.sink import Sink
from tests.make import alert
from tests.server import TIED, Valkey
from tests.system.running import REPO, Up
from tests.wait import until

FIRST, NEXT, AFTER = "1.0.0", "1.1.0", "1.2.0"
"""This tree, the release after it, and one whose data this tree cannot read."""
_PARTS = ("shared", "services", "varsel", "pyproject.toml", "CHANGELOG.md", ".gitignore")
_CODE = "shared/release.py"
_OPTIONAL = "Annotated[Line | None, Field(exclude_if=lambda one: one is None)] = None"
_WRITES_MORE = {
    # A field of what is approved, which it reads and leaves out where it is not set.
    "shared/article.py": (
        "    translation_of: ArticleId | None = None\n",
        f"    reviewed_by: {_OPTIONAL}\n    translation_of: ArticleId | None = None\n",
    ),
    # One more thing that each service keeps.
    "services/ingest/lifecycle/advance.lua": (
        "redis.call('HSET', key.article, 'version', ",
        f"redis.call('HSET', key.article, 'release', '{NEXT}', 'version', ",
    ),
    "services/render/articles/store_revision.lua": (
        "expect_lists(arg.lists)\n",
        f"expect_lists(arg.lists)\nredis.call('HSET', key.article, 'release', '{NEXT}')\n",
    ),
    "services/notify/ledger/record.lua": (
        "keep_states(key.ledger)\n",
        f"keep_states(key.ledger)\nredis.call('HSET', key.delivery, 'release', '{NEXT}')\n",
    ),
}
"""What the next release changes: by file, what stands there and what it becomes."""
_READS = """
import json, sys
from shared.events import from_fields
for entry in json.load(sys.stdin):
    from_fields({name.encode(): value.encode() for name, value in entry.items()})
"""
_COMPILES = """
from varsel.cli import commands
from varsel.run import system
commands()
"""
"""Most of what there is, once: each process of each release would do it at its first start."""
_RUN = """
import platform
platform.node = lambda: {host!r}
from varsel.cli import main
main()
"""
"""`varsel` with a host name of its own, as each container has one."""


def releases(folder: Path) -> dict[str, Path]:
    """The trees of three releases, by version, each as its tag has it."""
    tree = folder / "tree"
    tree.mkdir()
    for part in _PARTS:
        if (REPO / part).is_dir():
            shutil.copytree(REPO / part, tree / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(REPO / part, tree / part)
    git(tree, "init", "--quiet", "-b", "main")
    git(tree, "config", "user.name", "Kari Eksempel")
    git(tree, "config", "user.email", "kari@example.org")
    subprocess.run([sys.executable, "-c", _COMPILES], cwd=tree, env=_environment(tree), check=True)
    made = {}
    for step, version in enumerate((FIRST, NEXT, AFTER)):
        if step:
            _rewrite(tree / "CHANGELOG.md", "## Unreleased\n", "## Unreleased\n\n- **More.**\n")
        if version == NEXT:
            become_next(tree)
        elif version == AFTER:
            _add_form(tree, step)
        git(tree, "add", ".")
        git(tree, "commit", "--quiet", "-m", f"what {version} is")
        done = subprocess.run(
            [sys.executable, "-m", "varsel.release", version],
            cwd=tree, env=_environment(tree), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        made[version] = folder / version
        shutil.copytree(tree, made[version])  # with what is compiled
    return made


def become_next(tree: Path) -> None:
    """Change what the release after this tree changes: it writes more, so its data has a form of
    its own."""
    _add_form(tree, 1)
    for file, (before, after) in _WRITES_MORE.items():
        _rewrite(tree / file, re.escape(before), after)


def git(tree: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=tree, capture_output=True, text=True, check=True)
    return done.stdout


def _add_form(tree: Path, step: int) -> None:
    _rewrite(tree / _CODE, rf"(?m)^FORM = {FORM + step - 1}$", f"FORM = {FORM + step}")


def _rewrite(file: Path, pattern: str, words: str) -> None:
    text, count = re.subn(pattern, lambda _: words, file.read_text(), count=1)
    assert count, f"{file.name} is another now: the test must make its next release anew"
    file.write_text(text)


def _environment(tree: Path) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("VARSEL_")}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # each start would compile all of it anew
    return env | {"PYTHONPATH": str(tree)}


def unread_by(tree: Path, entries: list[dict[str, str]]) -> str:
    """What the release in `tree` says of the first entry of a stream that it cannot read."""
    done = subprocess.run(
        [sys.executable, "-c", _READS],
        cwd=tree, env=_environment(tree), input=json.dumps(entries),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr


class Part(Up):
    """One service, in a process that keeps its name and its files whichever release it runs; or
    the commands of the operator."""

    def __init__(self, name: str, tree: Path, **settings: str) -> None:
        super().__init__(**settings)
        self.name = name
        self.service = name.partition("-")[0]
        self.tree = tree

    def launch(self) -> "subprocess.Popen[bytes]":
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [*TIED, *self._varsel(), "up", self.service],
                env=self._env(), cwd=self.tree, stdout=log, stderr=log,
            )  # fmt: skip
        return self.process

    def run(
        self, *arguments: str, key: str = "", stdin: str = ""
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*self._varsel(), *arguments],
            env=self._env() | ({"VARSEL_KEY": key} if key else {}), cwd=self.tree, input=stdin,
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    def _varsel(self) -> list[str]:
        return [sys.executable, "-c", _RUN.format(host=self.name)]

    def _env(self) -> dict[str, str]:
        return self.env | _environment(self.tree)


class Rolling:
    """A system of one ingest, one render and two notify, whose parts are replaced one by one."""

    def __init__(self, tree: Path, server: Valkey) -> None:
        self.tree = tree
        self.server = server
        self.sink = Sink()
        self.parts: dict[str, Part] = {}
        self.operator: Part
        self.keys: dict[str, str] = {}
        """Of the people, by name."""
        self.rounds = 0

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def _start(self) -> None:
        await self.sink.start()
        self.operator = self._part("operator", user="operator")
        for person, role in (("Kari", "editor"), ("Ola", "approver"), ("Per", "approver")):
            words = ("keys", "create", person, "--role", role)
            self.keys[person] = (await asyncio.to_thread(self.operator.json, *words))["key"]
        render = self._add("render")
        site = {"VARSEL_SITE_URL": render.url}
        for name in ("ingest", "notify-1", "notify-2"):
            self._add(name, **site)
        await asyncio.gather(*(asyncio.to_thread(part.start) for part in self.parts.values()))

    async def __aexit__(self, *_: object) -> None:
        for part in self.parts.values():
            part.__exit__()
        if hasattr(self, "operator"):  # else it has not come so far
            self.operator.__exit__()
        await self.sink.stop()

    def _part(self, name: str, *, user: str, **settings: str) -> Part:
        return Part(
            name,
            self.tree,
            VARSEL_REDIS_URL=as_user(self.server.url, user),
            VARSEL_SECRET_KEY="k" * 64,
            VARSEL_SMTP_URL=f"smtp://127.0.0.1:{self.sink.port}?connections=4",
            VARSEL_MAIL_FROM="varsel@example.org",
            VARSEL_ALERT_APPROVALS="2",
            VARSEL_ALERT_HOLD="0",
            **settings,
        )

    def _add(self, name: str, **settings: str) -> Part:
        part = self._part(name, user=name.partition("-")[0], **settings)
        self.parts[name] = part
        return part

    async def replace(self, name: str, tree: Path, number: signal.Signals = signal.SIGTERM) -> None:
        """End a part and start it anew from another tree, as a container of a new image."""
        part = self.parts[name]
        code = await asyncio.to_thread(part.end, number)
        assert code == (0 if number == signal.SIGTERM else -number), part.log()
        part.tree = tree
        await asyncio.to_thread(part.start)

    async def take_in(self, file: Path) -> None:
        """Import the list in `file`."""
        words = ("members", "import", str(file), "--consent", "Ja takk")
        await asyncio.to_thread(self.operator.json, *words)

    # What the staff do

    async def submit(self) -> tuple[int, str]:
        """Kari sends a new alert to review: its number, and the article's id."""
        self.rounds += 1
        article = alert(title=f"round-{self.rounds}", lead=f"Dette er nummer {self.rounds}.")
        body = article.model_dump(mode="json", exclude_none=True)
        answer = await self._ask("Kari", "POST", "", json=body)
        assert (answer.status_code, answer.json()["status"]) == (201, "in_review"), answer.text
        return self.rounds, str(answer.json()["id"])

    async def approve(self, person: str, article: str) -> str:
        """The article's status after the person has approved it."""

        async def approved() -> str:
            seen = await self._ask(person, "GET", f"/{article}")
            etag = {"If-Match": seen.headers["ETag"]}
            answer = await self._ask(person, "POST", f"/{article}/approve", headers=etag)
            if answer.status_code == 409:  # its mail is not known yet
                return ""
            assert answer.status_code == 200, answer.text
            return str(answer.json()["status"])

        return await until(approved)

    async def receipt(self, article: str) -> dict[str, Any]:
        return dict((await self._ask("Kari", "GET", f"/{article}/receipt")).json())

    async def complete(self, article: str) -> dict[str, Any]:
        """The receipt once all have it; at every look the sums are right."""
        found: dict[str, Any] = {}

        async def done() -> bool:
            found.update(await self.receipt(article))
            counted = [found[name] for name in ("handed_over", "failed", "suppressed", "open")]
            assert found["audience"] == sum(counted), found
            return found["state"] == "complete"

        await until(done, timeout=120)
        return found

    async def _ask(
        self, person: str, method: str, path: str, *, headers: Any = None, **more: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.keys[person]}"} | (headers or {})
        async with httpx.AsyncClient(timeout=20) as http:
            url = f"{self.parts['ingest'].url}/api/articles{path}"
            return await http.request(method, url, headers=headers, **more)

    # What is in Redis

    @property
    def redis(self) -> Redis:
        return Redis.from_url(self.server.url, decode_responses=True)

    async def told(self) -> list[dict[str, str]]:
        """All that is on the streams, whoever wrote it."""
        async with self.redis as redis:
            return [fields for stream in STREAMS for _, fields in await redis.xrange(stream.name)]

    async def given_up(self) -> int:
        """How many dead letters there are."""
        async with self.redis as redis:
            return sum([await redis.xlen(stream.name) for stream in DEAD_LETTER_STREAMS])
