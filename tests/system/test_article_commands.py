"""The life of an article by the commands: from a draft to a withdrawal, and what is said of each
step that does not go."""

import asyncio
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.running import VARSEL, Up
from tests.system.steps import told
from tests.wait import until

SAK = Path(__file__).parents[2] / "varsel" / "demo_data" / "sak.md"


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    with Up(VARSEL_ALERT_APPROVALS="1", VARSEL_ALERT_HOLD="1.0") as system:
        yield system.start()


@pytest.fixture(scope="module")
def kari(up: Up) -> str:
    return str(up.json("keys", "create", "Kari")["key"])


@pytest.fixture(scope="module")
def ola(up: Up) -> str:
    return str(up.json("keys", "create", "Ola", "--role", "approver")["key"])


@pytest.fixture
def wide(up: Up, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal in which each row of a table is one line."""
    monkeypatch.setitem(up.env, "COLUMNS", "300")


@pytest.fixture
def sak(tmp_path: Path) -> Path:
    return changed(tmp_path, f"Eksempelinib og {tmp_path.name}")


def changed(folder: Path, title: str, lead: str = "En helt vanlig ingress.") -> Path:
    """The demo's article, which no test before this one has posted, without its pictures."""
    text = SAK.read_text()
    text = re.sub(r"^title: .*$", f"title: «{title}»", text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^lead: .*$", f"lead: {lead}", text, count=1, flags=re.MULTILINE)
    text = re.sub(r"^!\[.*\n", "", text, flags=re.MULTILINE)
    file = folder / "sak.md"
    file.write_text(text)
    return file


async def status(up: Up, key: str, article: str) -> str:
    found = await asyncio.to_thread(up.json, "history", article, key=key)
    return str(found["revisions"][0]["status"])


async def published(up: Up, key: str, article: str) -> None:
    async def live() -> bool:
        return await status(up, key, article) == "published"

    await until(live, timeout=20)


async def test_the_walk_from_a_draft_to_a_withdrawal(
    up: Up, kari: str, ola: str, sak: Path, tmp_path: Path
) -> None:
    article = up.json("save", str(sak), key=kari)["id"]
    assert "er en kladd" in told(up.run("save", str(sak), "--id", article, key=kari), 0)
    said = told(up.run("submit", article, key=kari), 0)
    assert "venter på godkjenning" in said
    assert f"varsel approve {article}" in said
    [waiting] = up.json("articles", "--status", "in_review", key=ola)["articles"]
    assert (waiting["id"], "approve" in waiting["steps"]) == (article, True)
    approved = told(up.run("approve", article, "--yes", key=ola), 0)
    assert "blir publisert" in approved
    assert f"varsel stop {article}" in approved
    await published(up, kari, article)

    new = changed(tmp_path, f"Eksempelinib og {tmp_path.name}", "Dosen er 5 mg.")
    said = told(up.run("correct", article, str(new), "--what", "Dosen var feil.", key=kari), 0)
    assert "venter på godkjenning" in said
    up.json("approve", article, "--yes", key=ola)
    await published(up, kari, article)
    between = up.run("history", article, "--diff", "1", "2", key=kari)
    assert "+ Dosen er 5 mg." in told(between, 0)
    table = told(up.run("history", article, key=kari), 0)
    assert all(word in table for word in ("erstattet", "publisert", "Kari", "Dosen var feil."))

    assert "approver" in told(up.run("withdraw", article, "--why", "Feil.", key=kari), 1)
    said = told(up.run("withdraw", article, "--why", "Tilsynet tok feil.", key=ola), 0)
    assert "Trukket tilbake" in said
    assert "for godt" in told(up.run("submit", article, key=kari), 1)
    assert article in told(up.run("articles", "--status", "withdrawn", key=kari), 0)


async def test_publishing_what_needs_approval_says_what_happens_next(
    up: Up, kari: str, ola: str, sak: Path
) -> None:
    said = told(up.run("publish", str(sak), key=kari), 0)
    assert "venter på godkjenning" in said
    assert "ingen har fått e-post" in said
    article = up.json("publish", str(sak), key=kari)["id"]
    assert f"varsel approve {article}" in said
    own = told(up.run("approve", article, "--yes", key=kari), 1)
    assert "approver" in own
    up.json("approve", article, "--yes", key=ola)
    await published(up, kari, article)
    again = up.json("publish", str(sak), key=kari)
    assert (again["id"], again["status"]) == (article, "published")


def test_a_file_that_says_draft_is_only_saved_and_published_without_that_line(
    up: Up, kari: str, sak: Path
) -> None:
    text = sak.read_text()
    sak.write_text(text.replace("---\n", "---\ndraft: true\n", 1))
    first = up.json("publish", str(sak), key=kari)
    again = up.json("publish", str(sak), key=kari)
    assert (first["status"], again["status"], again["id"]) == ("draft", "draft", first["id"])
    sak.write_text(text)
    submitted = up.json("publish", str(sak), key=kari)
    assert (submitted["status"], submitted["id"]) == ("in_review", first["id"])


def test_publishing_a_file_that_says_draft_and_was_saved_before_says_that_it_is_a_draft(
    up: Up, kari: str, sak: Path
) -> None:
    sak.write_text(sak.read_text().replace("---\n", "---\ndraft: true\n", 1))
    article = up.json("save", str(sak), key=kari)["id"]
    said = told(up.run("publish", str(sak), key=kari), 0)
    assert f"(id {article}) er en kladd. Ingenting er publisert." in said
    assert f"varsel submit {article}" in said


def test_publishing_what_was_withdrawn_says_so_and_waits_for_nothing(
    up: Up, kari: str, tmp_path: Path
) -> None:
    file = news(tmp_path, "Åpent hus i mai")
    article = up.json("publish", str(file), key=kari)["id"]
    said = told(up.run("withdraw", article, "--why", "Avlyst.", key=kari), 0)
    assert said.startswith(f"Trukket tilbake for godt (id {article}).")
    assert "Ingen har fått e-post" in said
    assert "varsel receipt" not in said
    assert "Trukket tilbake for godt" in told(up.run("publish", str(file), key=kari), 0)


def news(folder: Path, title: str, lead: str = "Velkommen.") -> Path:
    file = folder / "nyhet.md"
    file.write_text(
        f"---\ntitle: {title}\nlead: {lead}\nkind: news\nlang: nb\nbyline: Kari\n"
        "published_on: 2026-09-01\n---\nTekst.\n"
    )
    return file


def test_reasons_are_shown_in_the_list_and_in_the_history(
    up: Up, kari: str, ola: str, sak: Path, tmp_path: Path, wide: None
) -> None:
    article = up.json("publish", str(sak), key=kari)["id"]
    said = told(up.run("reject", article, "--why", "Kilden mangler.", key=ola), 0)
    assert "sendt tilbake av Ola: Kilden mangler." in said
    row = row_of(up.run("articles", key=kari), article)
    assert "sendt tilbake" in row
    assert "av Ola: Kilden mangler." in row
    new = changed(tmp_path, f"Eksempelinib og {tmp_path.name}", "Kilden er der.")
    up.json("save", str(new), "--id", article, key=kari)
    up.json("submit", article, key=kari)
    up.json("stop", article, "--why", "Feil dose.", key=kari)
    table = " ".join(told(up.run("history", article, key=kari), 0).split())
    assert "sendt tilbake av Ola: Kilden mangler." in table
    assert "stanset av Kari: Feil dose." in table


async def test_an_edited_and_rejected_article_is_not_called_a_draft(
    up: Up, kari: str, ola: str, sak: Path, tmp_path: Path, wide: None
) -> None:
    article = up.json("publish", str(sak), key=kari)["id"]
    up.json("approve", article, "--yes", key=ola)
    await published(up, kari, article)
    new = changed(tmp_path, f"Eksempelinib og {tmp_path.name}", "Ny ingress.")
    up.json("edit", article, str(new), key=kari)
    assert "publisert; utgave 2 til godkjenning" in row_of(up.run("articles", key=kari), article)
    up.json("reject", article, "--why", "Nei.", key=ola)
    row = row_of(up.run("articles", "--status", "draft", key=kari), article)
    assert "publisert; utgave 2 sendt tilbake" in row
    assert "kladd" not in row


def row_of(done: subprocess.CompletedProcess[str], article: str) -> str:
    """What the list says of an article."""
    assert done.returncode == 0
    (row,) = [line for line in done.stdout.splitlines() if article in line]
    return " ".join(row.split())


async def test_the_receipt_after_a_correction_names_it(
    up: Up, kari: str, ola: str, sak: Path, tmp_path: Path
) -> None:
    members = tmp_path / "medlemmer.csv"
    members.write_text("email,name,lang\nper@example.org,Per,nb\n")
    up.json("members", "import", str(members), "--consent", "Ja")
    article = up.json("publish", str(sak), key=kari)["id"]
    up.json("approve", article, "--yes", key=ola)
    await published(up, kari, article)
    assert "Gjelder Varselet, utgave 1" in told(up.run("receipt", article, key=kari), 0)
    new = changed(tmp_path, f"Eksempelinib og {tmp_path.name}", "Dosen er 5 mg.")
    up.json("correct", article, str(new), "--what", "Dosen var feil.", key=kari)
    up.json("approve", article, "--yes", key=ola)
    await published(up, kari, article)
    told_now = told(up.run("receipt", article, key=kari), 0)
    assert "Gjelder Rettelsen, utgave 2" in told_now


def test_what_was_rejected_says_by_whom_and_why(up: Up, kari: str, ola: str, sak: Path) -> None:
    article = up.json("publish", str(sak), key=kari)["id"]
    assert "--why" in told(up.run("reject", article, key=ola), 2)
    up.json("reject", article, "--why", "Kilden mangler.", key=ola)
    [found] = [
        one
        for one in up.json("articles", "--status", "draft", key=kari)["articles"]
        if one["id"] == article
    ]
    assert (found["last"]["by"], found["last"]["note"]) == ("Ola", "Kilden mangler.")
    refused = up.run("reject", article, "--why", "x", "--json", key=ola)
    document = json.loads(refused.stdout)
    assert refused.returncode == 1
    assert document["problem"]["steps"] == ["save", "submit"]


def test_what_is_approved_can_be_stopped_before_its_time(sak: Path) -> None:
    with Up(VARSEL_ALERT_APPROVALS="1") as up:
        up.start()
        kari = str(up.json("keys", "create", "Kari")["key"])
        ola = str(up.json("keys", "create", "Ola", "--role", "approver")["key"])
        article = up.json("publish", str(sak), key=kari)["id"]
        assert up.json("approve", article, "--yes", key=ola)["status"] == "approved"
        assert "blir publisert" in told(up.run("publish", str(sak), key=kari), 0)
        assert up.json("stop", article, "--why", "Feil dose.", key=kari)["status"] == "draft"
        assert "en kladd" in told(up.run("stop", article, key=kari), 0)
        assert up.json("history", article, key=kari)["revisions"][0]["published_at"] is None


def test_an_edit_mails_nobody_and_news_needs_nobodys_approval(
    up: Up, kari: str, tmp_path: Path
) -> None:
    file = tmp_path / "nyhet.md"
    text = (
        "---\ntitle: Åpent hus\nlead: {}\nkind: news\nlang: nb\nbyline: Kari\n"
        "published_on: 2026-09-01\n---\nTekst.\n"
    )
    file.write_text(text.format("Velkomen."))
    article = up.json("publish", str(file), key=kari)["id"]
    file.write_text(text.format("Velkommen."))
    edited = up.json("edit", article, str(file), key=kari)
    assert (edited["status"], edited["revision"]) == ("published", 2)
    assert "varsel edit" in told(up.run("save", str(file), "--id", article, key=kari), 1)
    file.write_text(text.format("Velkommen.").replace("title", "titel"))
    assert "titel" in told(up.run("edit", article, str(file), key=kari), 1)
    file.write_bytes("---\ntitle: Å\n---\n".encode("latin-1"))
    assert "UTF-8" in told(up.run("edit", article, str(file), key=kari), 1)
    assert up.json("withdraw", article, "--why", "Avlyst.", key=kari)["status"] == "withdrawn"


async def test_an_approver_sees_page_mail_and_reach_and_is_asked(
    up: Up, kari: str, ola: str, sak: Path
) -> None:
    article = up.json("publish", str(sak), key=kari)["id"]
    shown = up.json("preview", article, key=ola)
    assert shown["ready"]
    assert "/utkast/" in shown["page"]
    said = told(up.run("preview", article, key=ola), 0)
    assert f"Når {shown['audience']} medlemmer" in said
    assert " ".join(shown["text"].split()) in said

    def approve(answer: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*VARSEL, "approve", article],
            env=up.env | {"VARSEL_KEY": ola},
            input=answer,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    for no in ("n\n", "\n", ""):
        said = told(approve(no), 1)
        assert "skrevet av Kari" in said
        assert f"når {shown['audience']} medlemmer" in said
        assert await status(up, kari, article) == "in_review"
    assert "--yes" in told(up.run("approve", article, "--json", key=ola), 2)
    assert "blir publisert" in told(approve("j\n"), 0)


def test_what_has_no_preview_is_said(up: Up, kari: str, sak: Path) -> None:
    article = up.json("save", str(sak), key=kari)["id"]
    assert "send den til godkjenning" in told(up.run("preview", article, key=kari), 1)


@pytest.mark.parametrize(
    "command",
    [("submit",), ("preview",), ("approve", "--yes"), ("stop",), ("history",),
     ("reject", "--why", "x"), ("withdraw", "--why", "x")],
    ids=lambda command: command[0],
)  # fmt: skip
def test_an_article_that_is_not_there_and_a_key_that_is_none_are_said(
    up: Up, ola: str, command: tuple[str, ...]
) -> None:
    name, *options = command
    assert "ingen sak" in told(up.run(name, "nosuchthing1", *options, key=ola), 1)
    assert "varsel keys create" in told(up.run(name, "nosuchthing1", *options), 2)
    away = up.run(name, "nosuchthing1", *options, "--url", "http://127.0.0.1:1", key=ola)
    assert "Kjører Varsel der?" in told(away, 1)


def test_an_edit_of_what_is_not_published_publishes_nothing(up: Up, kari: str, sak: Path) -> None:
    article = up.json("save", str(sak), key=kari)["id"]
    sak.write_text(sak.read_text().replace("vanlig", "uvanlig"))
    for words in (("edit",), ("correct", "--what", "Dosen var feil.")):
        command, *more = words
        done = up.run(command, article, str(sak), *more, key=kari)
        assert f"varsel save FIL --id {article}" in told(done, 1)
    found = up.json("history", article, key=kari)["revisions"]
    assert [one["status"] for one in found] == ["draft"]
