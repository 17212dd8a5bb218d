"""The walk of an alert with everything real: draft, review, approval, publishing, correction,
withdrawal; and at each step exactly the right people are mailed, as the relay saw it."""

import asyncio
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.notify.relay import Relay
from tests.system.running import Up
from tests.system.test_article_commands import changed
from tests.system.test_whole_way import REAL
from tests.wait import until

MEMBERS = {f"medlem{n}@example.org" for n in range(1, 4)}


def real(folder: Path) -> Path:
    """The real article with its pictures, as a file that may be written to."""
    if not REAL.exists():
        pytest.skip("the real article is not here; the made-up one walks in the other test")
    text = REAL.read_text()
    for name in re.findall(r"!\[[^\]]*\]\(([^ )]+)", text):
        (folder / name).write_bytes((REAL.parent / name).read_bytes())
    file = folder / "sak.md"
    file.write_text(text)
    return file


@pytest.fixture(params=["made up", "real"])
def sak(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "real":
        return real(tmp_path)
    return changed(tmp_path, "Eksempelinib kan skade leveren", "Den første ingressen.")


async def test_an_alert_walks_from_draft_to_withdrawal_and_mails_just_who_it_should(
    sak: Path, tmp_path: Path
) -> None:
    members, late = tmp_path / "medlemmer.csv", tmp_path / "sene.csv"
    rows = "".join(f"{member},Kari,nb\n" for member in sorted(MEMBERS))
    members.write_text("email,name,lang\n" + rows)
    late.write_text("email,name,lang\nsen@example.org,Ola,nb\n")
    relay = await Relay().start()
    settings = {
        "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{relay.port}?starttls=none",
        "VARSEL_MAIL_FROM": "varsel@example.org",
        "VARSEL_ALERT_HOLD": "1",
    }
    with Up(**settings) as up:
        up.start()
        up.json("members", "import", str(members), "--consent", "Ja takk")
        kari = str(up.json("keys", "create", "Kari")["key"])
        ola = str(up.json("keys", "create", "Ola", "--role", "approver")["key"])

        async def run(key: str, *arguments: str) -> dict[str, Any]:
            return await asyncio.to_thread(up.json, *arguments, key=key)

        article = (await run(kari, "save", str(sak)))["id"]
        await run(kari, "submit", article)
        preview = await run(ola, "preview", article)
        assert preview["audience"] == len(MEMBERS)
        assert httpx.get(preview["page"]).status_code == 200
        assert relay.mails == []
        await run(ola, "approve", article, "--yes")
        await until(lambda: len(relay.mails) == 3, timeout=30)
        assert set(relay.recipients()) == MEMBERS
        first = {mail_to(mail): mail for mail in messages(relay)}

        # Who comes later has never had the wrong version, so has nothing to be told.
        up.json("members", "import", str(late), "--consent", "Ja takk")
        await complete(run, kari, article)
        add_a_sentence(sak)
        await run(kari, "correct", article, str(sak), "--what", "Dosen var feil.")
        assert len(relay.mails) == 3
        await run(ola, "approve", article, "--yes")
        await until(lambda: len(relay.mails) == 6, timeout=30)
        corrections = messages(relay)[3:]
        assert {mail_to(mail) for mail in corrections} == MEMBERS
        for mail in corrections:
            assert mail["Subject"].startswith("RETTET: ")
            assert mail["In-Reply-To"] == first[mail_to(mail)]["Message-ID"]
        await complete(run, kari, article)

        await run(ola, "withdraw", article, "--why", "Tilsynet tok feil.")
        await until(lambda: len(relay.mails) == 9, timeout=30)
        withdrawals = messages(relay)[6:]
        assert {mail_to(mail) for mail in withdrawals} == MEMBERS
        for mail in withdrawals:
            assert mail["Subject"].startswith("TRUKKET: ")
            assert first[mail_to(mail)]["Message-ID"] in mail["References"]

        async def told() -> bool:
            receipt = await run(kari, "receipt", article)
            return [(d["kind"], d["handed_over"]) for d in receipt["deliveries"]] == [
                ("withdrawal", 3), ("correction", 3), ("alert", 3),
            ]  # fmt: skip

        await until(told, timeout=30)
        assert (await asyncio.to_thread(up.json, "audit", "verify"))["entries"] > 10
    await relay.stop()
    assert len(relay.mails) == 9


def add_a_sentence(sak: Path) -> None:
    sak.write_text(sak.read_text() + "\nEn ny setning, og det er det som er rettet.\n")


async def complete(run: Any, key: str, article: str) -> None:
    async def done() -> bool:
        return bool((await run(key, "receipt", article))["state"] == "complete")

    await until(done, timeout=30)


def mail_to(mail: EmailMessage) -> str:
    return str(mail["To"]).rpartition("<")[2].rstrip(">")


def messages(relay: Relay) -> list[EmailMessage]:
    return [mail.message for mail in relay.mails]
