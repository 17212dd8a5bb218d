"""The stack as it ships, from the repo's own compose.yaml, in a folder and a project of its own."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from standardwebhooks import Webhook
from testcontainers.compose import DockerCompose

from tests.expects import skip_or_fail
from tests.server import free_port

REPO = Path(__file__).parents[2]
HERE = Path(__file__).parent
_SHIPPED = ("compose.yaml", "Dockerfile", ".dockerignore", "requirements.lock",
            "requirements-otel.lock", "deploy", "shared", "services", "varsel")  # fmt: skip
_PROJECT = "varsel-test-"
_GUARD = "-guard"
WATCHER = "vakt@example.net"
"""Who gets alarms by mail."""
_FOLLOWER_SECRET = "whsec_" + "Zm9sbG93ZXIncyBvd24gc2VjcmV0LCAzMiBieXRlcyE="


class Stack:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.project = f"{_PROJECT}{os.getpid()}"
        self.port = free_port()
        self.inbox_port = free_port()
        self.prometheus_port = free_port()
        self._images: list[str] = []
        self.url = f"http://localhost:{self.port}"
        self.compose = DockerCompose(
            folder,
            compose_file_name=["compose.yaml", "follower.yaml"],
            profiles=["dev", "metrics"],
            build=True,
            wait=True,
        )

    def prepare(self) -> None:
        """As a new operator does: a copy of the repo, `deploy/prepare`, ports of one's own."""
        for name in _SHIPPED:
            source = REPO / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "secrets")
                shutil.copytree(source, self.folder / name, ignore=ignored)
            else:
                shutil.copy(source, self.folder / name)
        # As in a clone that was made under a strict umask.
        subprocess.run(["chmod", "-R", "go-rwx", "."], cwd=self.folder, check=True)
        for name in ("follower.yaml", "follower.py"):
            shutil.copy(HERE / name, self.folder / name)
        subprocess.run(["deploy/prepare"], cwd=self.folder, check=True, capture_output=True)
        settings = (self.folder / ".env").read_text()
        settings = settings.replace("localhost:8080", f"localhost:{self.port}")
        # The follower is a container beside the others.
        settings += "VARSEL_POST_NETWORKS=10.0.0.0/8,172.16.0.0/12,192.168.0.0/16\n"
        settings = settings.replace("HTTP_PORT=8080", f"HTTP_PORT={self.port}")
        settings = settings.replace("HTTPS_PORT=8443", f"HTTPS_PORT={free_port()}")
        (self.folder / ".env").write_text(
            f"{settings}COMPOSE_PROJECT_NAME={self.project}\nVARSEL_INBOX_PORT={self.inbox_port}\n"
            "VARSEL_FILES=files\n"
            f"VARSEL_PROMETHEUS_PORT={self.prometheus_port}\n"
            f"VARSEL_ALERTMANAGER_PORT={free_port()}\n"
            f"VARSEL_ALARM_MAIL_TO={WATCHER}\nVARSEL_ALARM_MAIL_FROM=alarm@example.net\n"
        )
        (self.folder / "files").mkdir()
        webhooks = self.folder / "deploy/secrets/webhooks"
        webhooks.unlink()
        webhooks.write_text(
            json.dumps([{"url": "http://follower:9000/hook", "secret": _FOLLOWER_SECRET}])
        )
        webhooks.chmod(0o444)
        for name, said in (
            ("alarm_webhook", "http://follower:9000/alarm"),
            ("alarm_smtp_url", "smtp://inbox:1025?starttls=none"),
        ):
            alarm = self.folder / "deploy/secrets" / name
            alarm.chmod(0o644)
            alarm.write_text(f"{said}\n")
            alarm.chmod(0o444)

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """`docker compose …` in this stack's folder."""
        done = subprocess.run(
            [*self.compose.docker_compose_command(), *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def varsel(self, *arguments: str, key: str = "") -> Any:
        """The document of a `varsel` command, run as the README tells an operator to."""
        command = ["run", "--rm", "-T", "-e", f"VARSEL_KEY={key}", "varsel", *arguments, "--json"]
        return json.loads(self.run(*command).stdout)

    def publish_from_outside(self, file: Path, key: str) -> Any:
        """`varsel publish` as an editor does, on another machine."""
        done = subprocess.run(
            [sys.executable, "-m", "varsel", "publish", str(file), "--json"],
            env=os.environ | {"VARSEL_URL": self.url, "VARSEL_KEY": key},
            cwd=REPO,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def container(self, service: str, *, number: int = 1) -> str:
        return f"{self.project}-{service}-{number}"

    def build(self, image: str) -> None:
        """Make an image of what the folder has now; it goes with the stack."""
        self._images.append(image)
        subprocess.run(
            ["docker", "build", "--quiet", "--tag", image, "."],
            cwd=self.folder, check=True, capture_output=True,
        )  # fmt: skip

    def take_down(self) -> None:
        """With its volumes. A network may stay: of one that a container was cut off from, Docker
        sometimes counts an end too many, and lets nobody remove it."""
        done = self.run("down", "--volumes", check=False)
        assert done.returncode == 0 or "has active endpoints" in done.stderr, done.stderr

    def remove_images(self) -> None:
        for image in self._images:
            command = ["docker", "image", "rm", "--force", image]
            subprocess.run(command, check=False, capture_output=True)

    def inspect(self, service: str) -> dict[str, Any]:
        out = subprocess.run(
            ["docker", "inspect", self.container(service)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        found: dict[str, Any] = json.loads(out.stdout)[0]
        return found

    def kill(self, service: str) -> None:
        """SIGKILL to the container's process, from outside: Docker then does what it would after
        a crash (after `docker kill` it would not start it again)."""
        process = self.inspect(service)["State"]["Pid"]
        subprocess.run(
            ["docker", "run", "--rm", "--pid=host", "--user=0", "--entrypoint=sh", "redis:8.0",
             "-c", f"kill -9 {process}"],
            check=True, capture_output=True,
        )  # fmt: skip

    def add(self, *, file: str, profile: str) -> None:
        """Have compose know of another file and start what is in another profile."""
        self.compose.compose_file_name = [*self.compose.compose_file_name, file]
        self.compose.profiles = [*(self.compose.profiles or []), profile]
        self.compose.__dict__.pop("compose_command_property", None)  # it is kept

    def lose_redis(self) -> None:
        """Its process is killed, and its volume gone with all that it had."""
        self.kill("redis")
        self.run("rm", "--stop", "--force", "redis")
        subprocess.run(
            ["docker", "volume", "rm", f"{self.project}_redis"], check=True, capture_output=True
        )

    @contextmanager
    def guarded(self, **settings: str) -> Iterator[Callable[..., str]]:
        """A guard by `deploy/guard.yaml`, as on another machine: in a project of its own, and in no
        network of the stack's. Gives `docker compose …` for it, which answers what it prints."""
        lines = [f"VARSEL_GUARD_{name.upper()}={value}\n" for name, value in settings.items()]
        (self.folder / "guard.env").write_text("".join(lines))
        project = f"{self.project}{_GUARD}"
        # Its address is this machine's own; and a guard that runs here keeps its image.
        ours = {"image": project, "network_mode": "host"}
        (self.folder / "guard.test.yaml").write_text(json.dumps({"services": {"guard": ours}}))
        compose = ["docker", "compose", "-p", project, "-f", "deploy/guard.yaml"]
        compose += ["-f", "guard.test.yaml"]

        def run(*arguments: str) -> str:
            done = subprocess.run(
                [*compose, *arguments],
                cwd=self.folder, capture_output=True, text=True, check=False, timeout=120,
            )  # fmt: skip
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        try:
            run("up", "--detach")
            yield run
        finally:
            run("down", "--volumes", "--rmi", "all")

    def start_and_stop(
        self, services: Iterable[str], *, after: float, limit: int
    ) -> dict[str, int]:
        """Start the containers anew, each by itself, and stop each `after` so many seconds: their
        exit codes. What has not ended `limit` seconds later is killed."""
        doing = {}
        for service in services:
            name = self.container(service)
            words = f"docker restart {name} && sleep {after} && docker stop --time {limit} {name}"
            doing[service] = subprocess.Popen(["sh", "-c", words], stdout=subprocess.DEVNULL)
        assert {service: one.wait() for service, one in doing.items()} == dict.fromkeys(doing, 0)
        return {service: int(self.inspect(service)["State"]["ExitCode"]) for service in doing}

    def healthy(self, service: str) -> bool:
        state = self.inspect(service)["State"]
        return bool(state["Running"] and state.get("Health", {}).get("Status") == "healthy")

    def post(self, key: str, article: dict[str, Any], **headers: str) -> httpx.Response:
        return httpx.post(
            f"{self.url}/api/articles",
            json=article,
            headers={"Authorization": f"Bearer {key}", **headers},
            timeout=30,
        )

    def receipt(self, key: str, article: str) -> dict[str, Any] | None:
        """The receipt, or none while what it comes through is away."""
        try:
            answer = httpx.get(
                f"{self.url}/api/articles/{article}/receipt",
                headers={"Authorization": f"Bearer {key}"},
            )
        except httpx.HTTPError:
            return None
        found: dict[str, Any] | None = answer.json() if answer.status_code == 200 else None
        return found

    def mails(self, subject: str = "") -> list[dict[str, Any]]:
        """The inbox's mails whose subject ends so, but for alarms."""
        return [
            mail
            for mail in self._inbox()
            if mail["subject"].endswith(subject) and mail["to"][0]["address"] != WATCHER
        ]

    def empty_inbox(self) -> None:
        """Once it answers: it has no health check, so it may just have been started."""
        deadline = time.monotonic() + 30
        while True:
            try:
                httpx.delete(f"http://localhost:{self.inbox_port}/api/email/all").raise_for_status()
                return
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)

    def posts(self) -> list[dict[str, Any]]:
        """The bodies that the follower was posted, each with a good signature."""
        calls = self._calls("/hook")
        return [Webhook(_FOLLOWER_SECRET).verify(c["body"], c["headers"]) for c in calls]

    def alarms(self) -> list[dict[str, Any]]:
        """What Alertmanager has rung with, each with its `status` and `labels`."""
        return [one for call in self._calls("/alarm") for one in json.loads(call["body"])["alerts"]]

    def alarm_mails(self, subject: str) -> list[dict[str, Any]]:
        """Those that the watcher got of this subject, since the inbox was emptied."""
        return [
            mail
            for mail in self._inbox()
            if mail["subject"] == subject and mail["to"][0]["address"] == WATCHER
        ]

    def asked(self, query: str) -> list[dict[str, Any]]:
        """What Prometheus answers to a query now: series, each with `metric` and `value`."""
        answer = httpx.get(
            f"http://127.0.0.1:{self.prometheus_port}/api/v1/query",
            params={"query": query},
            timeout=30,
        )
        assert answer.status_code == 200, f"{query}: {answer.text}"
        found: list[dict[str, Any]] = answer.json()["data"]["result"]
        return found

    def _inbox(self) -> list[dict[str, Any]]:
        answer = httpx.get(f"http://localhost:{self.inbox_port}/api/email", timeout=60)
        found: list[dict[str, Any]] = answer.json()
        return found

    def _calls(self, path: str) -> list[dict[str, Any]]:
        lines = self.run("logs", "--no-log-prefix", "follower").stdout.splitlines()
        calls = [json.loads(line[line.index("{") :]) for line in lines if "{" in line]
        return [call for call in calls if call["path"] == path]


def needs_compose() -> None:
    """Skip where there is no Docker engine with Compose."""
    if not shutil.which("docker"):
        skip_or_fail("docker", "no Docker")
    for asked in (["docker", "info"], ["docker", "compose", "version"]):
        if subprocess.run(asked, capture_output=True, check=False).returncode != 0:
            skip_or_fail("docker", f"«{' '.join(asked)}» failed")


@contextmanager
def running_stack() -> Iterator[Stack]:
    """The whole stack, built and up; gone with its volumes at the end, and those that a killed test
    run left behind at the start."""
    _remove_left_over()
    with tempfile.TemporaryDirectory(prefix="vc-") as folder:
        stack = Stack(Path(folder))
        stack.prepare()
        try:
            stack.compose.start()
            yield stack
        finally:
            stack.take_down()
            stack.remove_images()


def _remove_left_over() -> None:
    """Also networks and volumes without containers."""
    label = "com.docker.compose.project"
    found: set[str] = set()
    for listing in (["ps", "--all"], ["network", "ls"], ["volume", "ls"]):
        command = ["docker", *listing, "--format", f'{{{{.Label "{label}"}}}}']
        listed = subprocess.run(command, capture_output=True, text=True, check=True)
        found |= set(listed.stdout.split())
    for project in found:
        owner = project.removeprefix(_PROJECT).removesuffix(_GUARD)
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            subprocess.run(
                ["docker", "compose", "-p", project, "down", "--volumes"],
                check=False, capture_output=True,
            )  # fmt: skip
