"""`deploy/rotate` on a stack that runs: what changes in mid-delivery leaves nobody out."""

import subprocess
from collections import Counter

import pytest

from tests.containers.stack import Stack
from tests.make import alert
from tests.wait import until

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("containers")]
USERS = ("ingest", "render", "notify", "operator", "backup", "metrics")


def rotate(stack: Stack, *arguments: str) -> str:
    done = subprocess.run(
        ["deploy/rotate", *arguments],
        cwd=stack.folder, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def secret(stack: Stack, name: str) -> str:
    return (stack.folder / "deploy/secrets" / name).read_text()


def gets_in(stack: Stack, url: str) -> bool:
    said = stack.run("exec", "-T", "redis", "redis-cli", "-u", url.strip(), "ping")
    return said.stdout.strip() == "PONG"


async def test_the_passwords_of_redis_change_in_mid_delivery_and_nobody_is_left_out(
    stack: Stack, key: str, members: set[str]
) -> None:
    title = "Varsel mens passordene byttes"
    former = {user: secret(stack, f"redis_{user}") for user in USERS}
    answer = stack.post(key, alert(title=title).model_dump(mode="json"))
    assert answer.status_code == 201, answer.text
    article = answer.json()["id"]
    rotate(stack, "redis")
    await until(lambda: (stack.receipt(key, article) or {}).get("state") == "complete", 90)
    times = Counter(mail["to"][0]["address"] for mail in stack.mails(title))
    assert set(times) == members
    assert set(times.values()) == {1}, "a service was ended in disorder"

    for user in USERS:
        new = secret(stack, f"redis_{user}")
        assert len(new.splitlines()) == 1
        assert new != former[user]
        assert gets_in(stack, new), user
        assert not gets_in(stack, former[user]), user
    await until(lambda: all(stack.healthy(name) for name in ("redis", "ingest", "notify")), 60)
    assert [one["value"][1] for one in await until(lambda: stack.asked("redis_up"), 60)] == ["1"]


def test_the_key_that_signs_mail_changes_and_both_sign_meanwhile(stack: Stack) -> None:
    name, file = "VARSEL_DKIM_ED25519_SELECTOR=", "dkim_ed25519_key"

    def selectors() -> list[str]:
        lines = (stack.folder / ".env").read_text().splitlines()
        [found] = [line for line in lines if line.startswith(name)]
        return found.removeprefix(name).split(",")

    first = rotate(stack, "dkim", "ed25519")
    assert "._domainkey.localhost.example TXT v=DKIM1; k=ed25519; p=" in first
    assert (len(selectors()), secret(stack, file).count("BEGIN PRIVATE KEY")) == (1, 1)
    rotate(stack, "dkim", "ed25519")
    both = selectors()
    assert (len(both), secret(stack, file).count("BEGIN PRIVATE KEY")) == (2, 2)
    assert first.splitlines()[-1].startswith(f"{both[1]}._domainkey."), "the newest is the first"
    environment = stack.inspect("notify")["Config"]["Env"]
    assert f"{name}{','.join(both)}" in environment, "it runs with both"


async def test_the_secret_key_changes_and_alerts_go_out_also_after_a_restart(
    stack: Stack, key: str, members: set[str]
) -> None:
    former = secret(stack, "secret_key")
    rotate(stack, "key")
    new = secret(stack, "secret_key")
    assert len(new.splitlines()) == 1
    assert new != former
    stack.run("restart", "--no-deps", "notify")
    answer = stack.post(key, alert(title="Varsel med ny nøkkel").model_dump(mode="json"))
    article = answer.json()["id"]
    await until(lambda: (stack.receipt(key, article) or {}).get("state") == "complete", 90)
    assert stack.receipt(key, article)["handed_over"] == len(members)  # type: ignore[index]
