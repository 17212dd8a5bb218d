"""A notice of a breach, by the commands, in a system that is killed while it is mailed."""

import asyncio
import signal
from collections import defaultdict
from pathlib import Path
from typing import Any

import httpx

from tests.notify.mail.dkim_keys import ed25519_pem
from tests.notify.relay_server import Relay
from tests.system.running import Up
from tests.wait import until

MEMBERS = [f"medlem{number}@example.org" for number in range(200)]
WINDOW = 64
"""Mails at most that a worker that is killed may leave accepted and not recorded."""
SITE = ("/", "/nyheter/", "/feed.atom", "/feed.json", "/sitemap.xml")


async def test_g7_a_notice_survives_a_kill_and_what_comes_again_is_the_same_to_the_byte() -> None:
    relay = await Relay().start()
    settings = {
        "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{relay.port}?starttls=none",
        "VARSEL_MAIL_FROM": "varsel@example.org",
        "VARSEL_DKIM_ED25519_KEY": ed25519_pem(),
    }
    with Up(**settings) as up:

        async def run(*words: str, key: str = "") -> dict[str, Any]:
            return await asyncio.to_thread(up.json, *words, key=key)

        async def is_complete() -> bool:
            delivery = (await run("notice", "show", notice, key=keys[0]))["delivery"]
            if delivery is None:
                return False
            parts = ("handed_over", "failed", "suppressed", "open")
            assert delivery["audience"] == sum(delivery[name] for name in parts)
            return bool(delivery["state"] == "complete")

        await asyncio.to_thread(up.start)
        file = up.data / "medlemmer.csv"
        file.write_text("\n".join(["email,name", *(f"{email}," for email in MEMBERS)]))
        await run("members", "import", str(file), "--consent", "Ja takk")
        names = ("Kari Eksempel", "Anne Eksempel")
        keys = [(await run("keys", "create", name, "--role", "approver"))["key"] for name in names]
        file = up.data / "melding.md"
        template = (await run("notice", "template"))["template"]
        file.write_text(template.replace("-->", "-->\nEn sikkerhetskopi kom bort."))
        notice = (await run("notice", "draft", str(file), key=keys[0]))["id"]

        relay.hold = asyncio.Event()
        for key in keys:
            assert not relay.mails
            await run("notice", "approve", notice, "--yes", key=key)
        await until(lambda: relay.mails, timeout=30)
        await asyncio.to_thread(up.end, signal.SIGKILL)
        relay.hold.set()
        relay.hold = None
        relay.drop()
        await asyncio.to_thread(up.start)
        await until(is_complete, timeout=60)

        got: dict[str, list[bytes]] = defaultdict(list)
        for mail in relay.mails:
            got[mail.recipient].append(mail.content)
        assert sorted(got) == sorted(MEMBERS)
        assert 1 <= len(relay.mails) - len(got) <= WINDOW
        assert {len(set(contents)) for contents in got.values()} == {1}
        assert all(b"DKIM-Signature: " in contents[0] for contents in got.values())
        async with httpx.AsyncClient(base_url=up.url) as http:
            for path in SITE:
                assert "kom bort" not in (await http.get(path)).text
    await relay.stop()


async def test_a_notice_to_some_goes_to_the_numbers_of_a_file_and_to_nobody_else(
    tmp_path: Path,
) -> None:
    relay = await Relay().start()
    settings = {
        "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{relay.port}?starttls=none",
        "VARSEL_MAIL_FROM": "varsel@example.org",
    }
    with Up(**settings) as up:

        async def run(*words: str, key: str = "") -> dict[str, Any]:
            return await asyncio.to_thread(up.json, *words, key=key)

        async def is_complete() -> bool:
            delivery = (await run("notice", "show", notice, key=keys[0]))["delivery"]
            return delivery is not None and bool(delivery["state"] == "complete")

        await asyncio.to_thread(up.start)
        file = tmp_path / "medlemmer.csv"
        file.write_text("\n".join(["email,name", *(f"{email}," for email in MEMBERS[:5])]))
        await run("members", "import", str(file), "--consent", "Ja takk")
        names = ("Kari Eksempel", "Anne Eksempel")
        keys = [(await run("keys", "create", name, "--role", "approver"))["key"] for name in names]
        file, numbers = tmp_path / "melding.md", tmp_path / "numre.txt"
        template = (await run("notice", "template"))["template"]
        file.write_text(template.replace("-->", "-->\nEn sikkerhetskopi kom bort."))
        numbers.write_text("2\n\n4\n")
        drafted = await run("notice", "draft", str(file), "--members", str(numbers), key=keys[0])
        assert drafted["to"] == 2
        notice = drafted["id"]
        for key in keys:
            await run("notice", "approve", notice, "--yes", key=key)
        await until(is_complete, timeout=60)
        assert sorted(mail.recipient for mail in relay.mails) == [MEMBERS[1], MEMBERS[3]]
    await relay.stop()
