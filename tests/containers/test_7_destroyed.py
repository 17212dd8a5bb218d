"""The stack is destroyed in front of a guard, put back from its backup, and goes on. The last tests
here: they take Redis's volume away."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.containers.stack import REPO, Stack
from tests.containers.steps import complete, everybody_has_it, post
from tests.wait import until
from varsel.backup.archive import new_identity

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
