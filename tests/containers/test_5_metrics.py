"""The profile `metrics`, on the stack as it ships: Prometheus reads all of it, each panel of the
dashboard shows something, a fault rings, and the runbook's commands do what they say."""

import asyncio
import json
import re
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.topology import TOPOLOGY
from tests.containers.stack import REPO, Stack
from tests.docs.runbook import commands, commands_of_the_guard
from tests.make import alert
from tests.wait import LateError, until
from varsel.backup.archive import new_identity

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("containers")]
WITHOUT_HTTPS = {"Sertifikatet gjelder i"}
"""Nothing to show on a stack without a certificate; tests/notify/looks has one."""
EXPORTED = re.compile(r"\bredis_\w+")
LETTER = (
    "XADD",
    "chunks.dead",
    "'*'",
    "type",
    "chunk.planned",
    "cause",
    "ValueError",
    "attempts",
    "8",
)


def panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((REPO / "deploy/metrics/dashboard.json").read_text())[
        "panels"
    ]
    return found


def shows(stack: Stack, query: str) -> bool:
    """Whether Prometheus has a number for it."""
    return any(series["value"][1] != "NaN" for series in stack.asked(query))


def reads_all(stack: Stack) -> bool:
    """Whether Prometheus reads each process now. After a start it still tells for five minutes of
    whom it read before."""
    found = stack.asked("sum by (job) (up and time() - timestamp(up) < 60)")
    wanted = {"varsel": 3, "redis": 1, "prometheus": 1, "alertmanager": 1}
    return {one["metric"]["job"]: int(one["value"][1]) for one in found} == wanted


@pytest.fixture(scope="module")
def article(stack: Stack, key: str, members: set[str]) -> str:
    """An alert on its way, whatever else has happened here. Prometheus has read all before: what a
    process had counted when it was first read is no rate."""
    asyncio.run(until(lambda: reads_all(stack), timeout=120))
    answer = stack.post(key, alert(title="Varsel som blir målt").model_dump(mode="json"))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_prometheus_reads_every_process_and_redis_and_itself(stack: Stack) -> None:
    await until(lambda: reads_all(stack), timeout=120)
    names = {one["metric"]["instance"].split()[0] for one in stack.asked('up{job="varsel"}')}
    assert names == {"ingest", "render", "notify"}
    assert [one["value"][1] for one in stack.asked("redis_up")] == ["1"]


async def test_each_panel_of_the_dashboard_shows_something(
    stack: Stack, key: str, article: str, tmp_path: Path
) -> None:
    await until(lambda: (stack.receipt(key, article) or {}).get("state") == "complete", 90)
    stack.run(
        "run", "--rm", "-T", "backup", "/backups/maalt.age", "--without-key",
        "--recipient", new_identity(tmp_path / "identitet.txt"),
    )  # fmt: skip
    empty = {one["title"]: one["targets"][0]["expr"] for one in panels()}

    def all_show() -> bool:
        for title, query in list(empty.items()):
            if shows(stack, query):
                del empty[title]
        return empty.keys() == WITHOUT_HTTPS

    with suppress(LateError):
        await until(all_show, timeout=90)
    assert empty.keys() == WITHOUT_HTTPS


async def test_what_the_rules_read_of_redis_is_what_its_exporter_tells(stack: Stack) -> None:
    names = set(EXPORTED.findall((REPO / "deploy/alerts.yml").read_text())) - {"redis_exporter"}
    assert names
    for name in names:
        await until(lambda name=name: shows(stack, name), timeout=60)
    found = stack.asked("redis_stream_length")
    assert {one["metric"]["stream"] for one in found} <= TOPOLOGY.keys()
    asked = stack.inspect("redis-exporter")["Config"]["Cmd"]
    [streams] = [word.partition("=")[2] for word in asked if "single-streams" in word]
    assert set(streams.split(",")) == TOPOLOGY.keys()


async def test_nothing_rings_of_readers_that_work(stack: Stack) -> None:
    ringing = stack.asked(
        'ALERTS{alertname=~"VarselNobodyReads|VarselReaderDied",alertstate="firing"}'
    )
    assert ringing == []


async def test_a_fault_rings_and_the_runbook_s_commands_show_it(
    stack: Stack, key: str, article: str
) -> None:
    """All of them, on a stack with a dead letter; none of them changes anything."""
    secret = 'redis-cli -u "$(cat /run/secrets/redis_operator)"'
    added = stack.run("exec", "-T", "redis", "sh", "-c", f"{secret} {' '.join(LETTER)}")
    letter = f"chunks/{added.stdout.strip()}"
    known = {"LETTER": letter, "ARTICLE": article}
    pages = [*commands().values(), *commands_of_the_guard().values()]
    lines = {
        re.sub(r"\b(LETTER|ARTICLE)\b", lambda found: known[found[0]], line)
        for page in pages
        for line in page
    }
    ours = sorted(line for line in lines if line.startswith("varsel "))
    wrong = [line for line in sorted(lines - {*ours}) if not _runs(stack, line)]
    assert wrong == []

    # In one container, each with its code: a container for each would take a minute.
    script = "".join(
        f"python -m {line} > /tmp/out 2>&1 < /dev/null; echo $? {line}\n" for line in ours
    )
    done = stack.run(
        "run", "--rm", "-T", "-e", f"VARSEL_KEY={key}", "--entrypoint", "sh", "varsel", "-c",
        f"{script}python -m varsel dead show {letter}",
    )  # fmt: skip
    codes = dict(reversed(line.split(" ", 1)) for line in done.stdout.splitlines()[: len(ours)])
    assert codes == dict.fromkeys(ours, "0"), done.stdout
    assert "ValueError" in done.stdout

    def rings() -> bool:
        told = [one["labels"]["alertname"] for one in stack.alarms() if one["status"] == "firing"]
        return "VarselGaveUp" in told

    await until(rings, timeout=90)
    # Only now: where the commands are quicker than Prometheus reads, nobody saw the letter.
    stack.varsel("dead", "drop", letter)
    mail, *_ = await until(lambda: stack.alarm_mails("Det ringer: VarselGaveUp – nå"), timeout=30)
    assert [sender["address"] for sender in mail["from"]] == ["alarm@example.net"]
    rules = {
        rule["alert"]: rule["annotations"]
        for group in yaml.safe_load((REPO / "deploy/alerts.yml").read_text())["groups"]
        for rule in group["rules"]
    }
    first, urgent, page = mail["text"].strip().splitlines()
    assert first.startswith("Siden 20")
    assert "chunks" in first
    assert urgent == "Medlemmer venter, eller kan komme til å vente: gjør noe nå."
    assert page == f"Hva det er, og hva du gjør: {rules['VarselGaveUp']['runbook']}"
    assert not mail.get("html"), "there are links in it that lead nowhere"


@pytest.mark.parametrize(
    ("relay", "to", "mails"),
    [
        ("smtp://vakt%40example.net:p'a%25\"s@relay.example.net:587", "kari@example.com", True),
        ("smtp://relay.example.net", "kari@example.com", True),
        ("smtp://relay.example.net", "", False),
        ("", "kari@example.com", False),
    ],
)
def test_alarms_go_by_mail_too_and_alertmanager_refuses_to_start_if_nobody_would_hear(
    stack: Stack, tmp_path: Path, relay: str, to: str, mails: bool
) -> None:
    (tmp_path / "alarm_webhook").write_text("\n")
    (tmp_path / "alarm_smtp_url").write_text(f"{relay}\n")
    subprocess.run(["chmod", "-R", "a+rX", tmp_path], check=True)
    done = subprocess.run(
        ["docker", "run", "--rm", "-e", f"VARSEL_ALARM_MAIL_TO={to}", "--entrypoint", "sh",
         "-v", f"{tmp_path}:/run/secrets:ro",
         "-v", f"{stack.folder}/deploy/metrics/alertmanager-start:/start:ro",
         "prom/alertmanager:v0.28.1", "-c",
         "(sh /start --log.level=error || echo refused) & sleep 3; cat /tmp/alertmanager.yml"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ("refused" in done.stdout) == (not mails), done.stdout + done.stderr
    assert ("nobody would hear" in done.stderr) == (not mails)
    if mails:
        [receiver] = yaml.safe_load(done.stdout)["receivers"]
        [mail] = receiver["email_configs"]
        assert (mail["to"], mail["smarthost"]) == (to, "relay.example.net:587")
        assert mail["require_tls"]
        if "@" in relay:
            assert (mail["auth_username"], mail["auth_password"]) == ("vakt@example.net", "p'a%\"s")


def _runs(stack: Stack, line: str) -> bool:
    """Whether a line of the runbook does, in the stack's folder, as it is written."""
    line = line.replace("varsel-notify-1", stack.container("notify"))
    done = subprocess.run(
        line, shell=True, cwd=stack.folder, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode == 0
