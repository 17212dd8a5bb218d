"""The stack is destroyed in front of a guard, put back from its backup, and goes on. The last tests
here: they take Redis's volume away."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.containers.stack import REPO, WATCHER, Stack
from tests.containers.steps import complete, everybody_has_it, post
from tests.varsel.guard.steps import own_relay, said
from tests.wait import until
from varsel.backup.archive import new_identity
from varsel.backup.keep import taken

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("containers")]


def guard_finds(stack: Stack, key: str, state: Path) -> int:
    """The exit code of `varsel guard --once`, which rings for what it sees twice."""
    done = subprocess.run(
        [sys.executable, "-m", "varsel", "guard", "--once"],
        env=os.environ
        | {
            "VARSEL_GUARD_SITE": stack.url,
            "VARSEL_GUARD_KEY": key,
            "VARSEL_GUARD_STATE": str(state),
            "VARSEL_GUARD_PAGE_MINUTES": "0.001",
        },
        cwd=REPO, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return done.returncode


async def test_the_guard_that_ships_finds_a_healthy_site_and_rings_when_it_stops(
    stack: Stack, key: str
) -> None:
    """It is started anew in between, so that nobody need wait for its looks: it goes on from what
    lies in its volume."""
    watching = str(stack.varsel("keys", "create", "vakten", "--only", "receipts")["key"])
    async with own_relay() as relay:
        with stack.guarded(
            site=stack.url,
            key=watching,
            page_minutes="0.001",
            smtp_url=f"smtp://127.0.0.1:{relay.port}?starttls=none",
            mail_from="vakt@example.net",
            mail_to=WATCHER,
        ) as guard:

            async def says(words: str, times: int) -> None:
                def is_said() -> bool:
                    return guard("logs", "--no-log-prefix", "guard").count(words) == times

                await until(lambda: asyncio.to_thread(is_said), timeout=30)

            await says("Alt er i orden, sett utenfra.", 1)
            assert said(relay) == []
            stack.run("stop", "caddy")
            try:
                await asyncio.to_thread(guard, "restart")
                await says("Alt er i orden, sett utenfra.", 2)  # nothing has lasted yet
                await asyncio.to_thread(guard, "restart")
                await until(lambda: said(relay), timeout=30)
            finally:
                stack.run("up", "--detach", "--no-recreate", "--wait", "caddy")
            await says("Alt er i orden, sett utenfra.", 2)
            [(subject, text)] = said(relay)
            assert subject.startswith(f"Feil på localhost:{stack.port}: /: ingen forbindelse")
            assert "/heartbeat.json: ingen forbindelse" in text
            assert "Kvitteringene kan ikke leses" in text


async def test_the_services_for_backups_take_one_and_carry_it_elsewhere(
    stack: Stack, tmp_path: Path
) -> None:
    """Into a folder of the container: restic takes that for another disk."""
    recipient = new_identity(tmp_path / "identitet.txt")
    with (stack.folder / ".env").open("a") as settings:
        settings.write(f"VARSEL_BACKUP_RECIPIENT={recipient}\n")
    where = stack.folder / "deploy/secrets/restic_repository"
    where.chmod(0o644)
    where.write_text("/tmp/elsewhere\n")
    where.chmod(0o444)
    folder = stack.folder / "deploy/backups"
    profiles = ("--profile", "backups", "--profile", "elsewhere")
    try:
        stack.run(*profiles, "up", "--detach", "--no-deps", "backups")
        [copy] = await until(lambda: [*taken(folder).values()], timeout=60)
        stack.run(*profiles, "up", "--detach", "--no-deps", "elsewhere")
        await until(lambda: "1 sendt, 0" in stack.run(*profiles, "logs", "elsewhere").stdout, 60)
        asked = ("exec", "-T", "elsewhere", "restic", "ls", "latest")
        there = stack.run(*profiles, *asked).stdout
        assert f"/backups/{copy.name}" in there
    finally:
        stack.run(*profiles, "rm", "--stop", "--force", "backups", "elsewhere")


async def test_a_stack_that_lost_redis_rings_and_is_put_back_and_mails_each_alert_once(
    stack: Stack, key: str, members: set[str], tmp_path: Path
) -> None:
    watching = str(stack.varsel("keys", "create", "vakt", "--only", "receipts")["key"])
    title = "Varsel før alt gikk tapt"
    article = post(stack, key, title)
    before = await complete(stack, key, article)
    identity = stack.folder / "deploy/backups/identitet.txt"
    public = new_identity(identity)
    identity.chmod(0o644)
    options = ("--recipient", public, "--without-key")
    stack.run("run", "--rm", "-T", "backup", "/backups/tapt.age", *options)
    assert guard_finds(stack, watching, tmp_path) == 0

    stack.lose_redis()
    await until(lambda: guard_finds(stack, watching, tmp_path) == 1, 60)
    stack.run("stop", "ingest", "render", "notify")

    stack.run("up", "--detach", "redis")
    opened = ("--identity", "/backups/identitet.txt")
    stack.run("run", "--rm", "-T", "restore", "/backups/tapt.age", *opened)
    stack.empty_inbox()
    stack.run("up", "--detach")
    done = stack.varsel("resume", "--keep", "test", "--yes")
    assert (done["kept"], done["cancelled"]) == (["test"], [])  # it was held
    assert "vakt" in done["revoked"]

    await until(lambda: stack.receipt(key, article) == before, 60)
    later = "Varsel etter at alt var lagt tilbake"
    await everybody_has_it(stack, key, post(stack, key, later), later, members, at_most_twice=0)
    assert stack.mails(title) == []
