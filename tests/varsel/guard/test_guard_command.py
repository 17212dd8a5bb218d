"""`varsel guard` as a process: what it says, by which code it ends, and that it is missed."""

import asyncio
import signal
import subprocess
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook

from tests.docs.runbook import commands_of_the_guard
from tests.server import TIED, free_port
from tests.system.running import REPO, VARSEL, Up
from tests.system.steps import SECRET, follower, told
from tests.varsel.guard.steps import environment, own_relay, ping_service, said
from tests.wait import until
from varsel.guard.settings import SECRETS, GuardSettings

GUARD = Path(__file__).parents[3] / "docs" / "guard.md"


async def run(given: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Beside what it talks to, which is in this process."""
    with Up() as folder:
        folder.env |= given
        return await asyncio.to_thread(folder.run, "guard", *words)


async def test_a_fault_is_told_by_every_channel_and_by_the_exit_code(tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    async with own_relay() as relay, follower() as (hook, posts), ping_service() as (url, pings):
        given = environment(nowhere, "varsel_x", tmp_path, relay) | {
            "VARSEL_GUARD_WEBHOOK": f'{{"url": "{hook}", "secret": "{SECRET}"}}',
            "VARSEL_GUARD_PING_URL": url,
            "VARSEL_GUARD_PAGE_MINUTES": "0.0001",
        }
        await run(given, "--once")
        text = told(await run(given, "--once"), 1)
        assert "ingen forbindelse" in text
        assert len(said(relay)) == 1
        [(body, headers)] = posts
        assert Webhook(SECRET).verify(body, headers)["type"] == "guard.rang"
        how = [one for one, _ in pings.heard]
        assert how == ["/start", "", "/start", "/fail"]
        assert "ingen forbindelse" in pings.heard[-1][1]
        told(await run(given, "--once", "--json"), 1)
        assert len(said(relay)) == 1, "once, also by another process"


async def test_a_guard_that_nobody_hears_rings_again_until_somebody_does(tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    async with own_relay() as relay:
        given = environment(nowhere, "varsel_x", tmp_path, relay)
        given |= {"VARSEL_GUARD_PAGE_MINUTES": "0.0001"}
        relay.mail = lambda _: "451 4.3.0 later"
        for _ in range(3):
            await run(given, "--once")
        assert said(relay) == []
        relay.mail = lambda _: None
        await run(given, "--once")
        assert len(said(relay)) == 1


async def test_its_pings_end_with_it_whichever_way_it_ends(tmp_path: Path) -> None:
    with Up() as up:
        up.start()
        key = up.json("keys", "create", "Kari", "--only", "receipts")["key"]
        async with own_relay() as relay, ping_service() as (url, pings):
            given = environment(up.url, key, tmp_path, relay) | {"VARSEL_GUARD_PING_URL": url}
            for number, code in ((signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)):
                pings.heard.clear()
                with (up.data / "guard.log").open("ab") as log:
                    process = subprocess.Popen(
                        [*TIED, *VARSEL, "guard"],
                        env=up.env | given, cwd=REPO, stdout=log, stderr=log,
                    )  # fmt: skip
                try:
                    await until(lambda: len(pings.heard) == 2, timeout=30)
                    assert [how for how, _ in pings.heard] == ["/start", ""]
                    process.send_signal(number)
                    assert await asyncio.to_thread(process.wait, 10) == code
                finally:
                    process.kill()
                    process.wait()
            assert "Alt er i orden" in (up.data / "guard.log").read_text()
            assert said(relay) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"VARSEL_GUARD_SITE": ""}, "VARSEL_GUARD_SITE: mangler"),
        ({"VARSEL_GUARD_SITE": "https://example.org/a"}, "VARSEL_GUARD_SITE"),
        ({"VARSEL_GUARD_KEY": "hemmelig"}, "VARSEL_GUARD_KEY"),
        ({"VARSEL_GUARD_MAIL_TO": ""}, "VARSEL_GUARD_MAIL_TO"),
        ({"VARSEL_GUARD_PROBES": "prove@example.org"}, "VARSEL_GUARD_IMAP_URL"),
        ({"VARSEL_GUARD_SMTP_URL": "http://hemmelig@x"}, "VARSEL_GUARD_SMTP_URL"),
        ({"VARSEL_GUARD_PING_URL": "ping/hemmelig"}, "VARSEL_GUARD_PING_URL"),
        ({"VARSEL_GUARD_WEBHOOK": '{"url": "hemmelig"}'}, "VARSEL_GUARD_WEBHOOK"),
        ({"VARSEL_GUARD_MAIL_MINUTES": "0"}, "VARSEL_GUARD_MAIL_MINUTES: må være over 0"),
    ],
)
async def test_a_wrong_setting_is_named_and_its_value_is_not(
    change: dict[str, str], words: str, tmp_path: Path
) -> None:
    async with own_relay() as relay:
        given = environment("http://example.org", "varsel_x", tmp_path, relay) | change
        said_ = told(await run(given, "--once"), 2)
    assert words in said_
    assert "hemmelig" not in said_


async def test_a_guard_that_could_tell_nobody_does_not_stand(tmp_path: Path) -> None:
    given = {
        "VARSEL_GUARD_SITE": "http://example.org",
        "VARSEL_GUARD_KEY": "varsel_x",
        "VARSEL_GUARD_STATE": str(tmp_path),
    }
    assert "ingen å ringe til" in told(await run(given), 2)


def test_a_heartbeat_that_rings_has_a_page_with_commands() -> None:
    """tests/containers/test_5_metrics.py runs them."""
    assert commands_of_the_guard()["The heartbeat"]


def test_every_setting_of_the_guard_is_documented_with_its_default() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in GUARD.read_text().splitlines()
        if line.startswith("| `VARSEL_GUARD_")
    ]
    documented = {row[0].strip("`† "): row[1].strip("`") for row in rows}
    coded = {
        f"VARSEL_GUARD_{name.upper()}": field for name, field in GuardSettings.model_fields.items()
    }
    assert documented.keys() == coded.keys()
    for name, field in coded.items():
        default = field.get_default()
        if hasattr(default, "get_secret_value"):
            default = default.get_secret_value()
        usual = "" if field.is_required() or default in (None, ()) else str(default)
        assert documented[name] == usual, name
    marked = {row[0].strip("`† ").removeprefix("VARSEL_GUARD_") for row in rows if "†" in row[0]}
    assert {name.lower() for name in marked} == SECRETS
