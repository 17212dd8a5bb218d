"""The commands, used wrongly and in bad moments: a sentence and the way out, no stack trace."""

import asyncio
import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.notify.relay_server import Relay
from tests.system.running import VARSEL, Up
from tests.system.steps import inbox, receipt, told
from tests.wait import until

ARTICLE = """---
title: Et lite varsel om «{name}»
lead: Vi inviterer alle til et møte.
kind: news
lang: nb
byline: Skrevet av Kari Eksempel
published_on: 2026-09-01
---
Tekst.
"""


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    with Up() as system:
        yield system.start()


@pytest.fixture(scope="module")
def key(up: Up) -> str:
    return up.key()


def test_publish_says_what_is_wrong_by_field(up: Up, key: str, tmp_path: Path) -> None:
    bad = tmp_path / "sak.md"
    bad.write_text("---\ntitle: En sak\nkind: news\n---\nTekst\n")
    said = told(up.run("publish", str(bad), key=key), 1)
    for field in ("lead", "lang", "byline", "published_on"):
        assert said.count(f"{field}:") == 1
    document = json.loads(up.run("publish", str(bad), "--json", key=key).stdout)
    assert {e["field"] for e in document["problem"]["errors"]} >= {"lead", "lang"}


@pytest.mark.parametrize("name", ["publish", "receipt"])
def test_a_key_that_is_none_is_said(up: Up, key: str, tmp_path: Path, name: str) -> None:
    file = tmp_path / "sak.md"
    file.write_text(ARTICLE.format(name="nøkler"))
    target = str(file) if name == "publish" else "a1b2c3d4e5f6"
    assert "varsel keys create" in told(up.run(name, target), 2)
    assert "nøkkel" in told(up.run(name, target, key="nøkkelen"), 2)
    assert "nøkkel" in told(up.run(name, target, key="varsel_00000000_feil"), 1).lower()
    assert "http" in told(up.run(name, target, "--url", "127.0.0.1:1", key=key), 2)
    away = up.run(name, target, "--url", "http://127.0.0.1:1", key=key)
    assert "Kjører Varsel der?" in told(away, 1)


@pytest.mark.parametrize("name", ["", "to\nlinjer", "[/x]", "[bold]"])
def test_a_keys_name_is_text(up: Up, name: str) -> None:
    done = up.run("keys", "create", name)
    if name.startswith("["):
        assert name in told(done, 0)
        assert "varsel_" in done.stdout
    else:
        assert "navnet" in told(done, 2)


def test_an_unknown_role_is_wrong_use(up: Up) -> None:
    assert "editor" in told(up.run("keys", "create", "kari", "--role", "sjef"), 2)


@pytest.mark.parametrize(
    "letter",
    ["x", "articles/²-0", "articles/9999999999999999999999-0", "nothing/1-0", "articles/1"],
)
def test_a_letter_that_is_none_is_wrong_use(up: Up, letter: str) -> None:
    for command in ("show", "replay", "drop"):
        assert "strøm/nummer" in told(up.run("dead", command, letter), 2)


def test_a_letter_that_is_not_there_is_said(up: Up) -> None:
    for command in ("show", "replay", "drop"):
        done = up.run("dead", command, "articles/1-0", "--json")
        assert done.returncode == 1
        assert "articles/1-0" in json.loads(done.stdout)["error"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "tom"),
        (b"navn,adresse\nKari,kari@example.org\n", "email"),
        (b"PK\x03\x04\x14\x00\x06\x00", "xlsx"),
    ],
    ids=["empty", "other columns", "a damaged workbook"],
)
def test_a_member_list_that_is_none_is_said(
    up: Up, tmp_path: Path, content: bytes, word: str
) -> None:
    file = tmp_path / "medlemmer.csv"
    file.write_bytes(content)
    assert word in told(up.run("members", "import", str(file), "--consent", "Ja"), 1)
    done = up.run("members", "import", str(file), "--consent", "Ja", "--json")
    assert word in json.loads(done.stdout)["error"]


def test_the_same_file_twice_says_that_nothing_new_is_sent(
    up: Up, key: str, tmp_path: Path
) -> None:
    file = tmp_path / "sak.md"
    file.write_text(ARTICLE.format(name="to ganger"))
    assert told(up.run("publish", str(file), key=key), 0).startswith("Publisert:")
    assert told(up.run("publish", str(file), key=key), 0).startswith("Allerede publisert")
    assert told(up.run("publish", str(file), key=up.key()), 0).startswith("Allerede publisert")


def test_the_demo_leaves_a_system_with_members_alone(up: Up, tmp_path: Path) -> None:
    file = tmp_path / "medlemmer.csv"
    file.write_text("email,name,lang\nkari@example.org,Kari,nb\n")
    up.json("members", "import", str(file), "--consent", "Ja")
    assert "andre medlemmer" in told(up.run("demo"), 1)
    assert inbox(up) == []


# If the tests run in the background, Ctrl-C is ignored, and children inherit that.
IMPATIENT = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from varsel.commands import publish; publish.PATIENCE = 0.0"
)


async def test_publishing_without_a_terminal_says_what_it_waits_for_and_on_ctrl_c_that_it_goes_on(
    tmp_path: Path,
) -> None:
    out, err = tmp_path / "out", tmp_path / "err"
    # A site that shows no page: publishing waits for it.
    with Up(VARSEL_SITE_CHECK_URL="http://127.0.0.1:1") as up:
        up.start()
        key = up.key()
        alert = Path(__file__).parents[2] / "varsel" / "demo_data" / "sak.md"
        python, option, main = VARSEL
        process = subprocess.Popen(
            [python, option, f"{IMPATIENT}; {main}", "publish", str(alert)],
            env=up.env | {"VARSEL_KEY": key},
            stdout=out.open("w"),
            stderr=err.open("w"),
        )
        await until(lambda: out.read_text().endswith("\n"), timeout=20)
        await until(lambda: err.read_text().endswith("\n"), timeout=20)
        [line] = [line for line in up.log().splitlines() if "article_accepted" in line]
        article = json.loads(line)["article"]
        # Python 3.11 may lose the one cancellation that a Ctrl-C is; a person presses it again.
        for _ in range(6):
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(5)
                break
        assert process.poll() == 1
        assert receipt(up, key, article)["page"]
        [published] = out.read_text().splitlines()
        assert published.startswith(f"Publisert: {up.url}/nyheter/")
        assert published.endswith(f"/  (id {article})")
        waits, *ended = err.read_text().splitlines()
        assert waits.startswith("Venter på siden.")
        assert "Ctrl-C" in waits
        assert article in "".join(ended)
        assert "Traceback" not in err.read_text()


async def test_publishing_without_a_terminal_says_once_where_the_article_is_and_whom_it_reached(
    tmp_path: Path,
) -> None:
    members = tmp_path / "medlemmer.csv"
    members.write_text("email,name,lang\nkari@example.org,Kari,nb\n")
    alert = Path(__file__).parents[2] / "varsel" / "demo_data" / "sak.md"
    relay = await Relay().start()
    relay.slowness = 1.0  # several looks at the receipt
    settings = {
        "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{relay.port}?starttls=none",
        "VARSEL_MAIL_FROM": "varsel@example.org",
        "VARSEL_ALERT_APPROVALS": "0",
    }
    with Up(**settings) as up:
        up.start()
        up.json("members", "import", str(members), "--consent", "Ja")
        done = await asyncio.to_thread(up.run, "publish", str(alert), key=up.key())
    await relay.stop()
    assert done.returncode == 0
    address, reached = done.stdout.splitlines()
    assert address.startswith(f"Publisert: {up.url}/nyheter/")
    assert reached == "1 av 1 medlemmer har fått e-posten."
    assert done.stderr == ""


async def test_a_delivery_is_held_goes_on_and_tries_those_again_who_failed(tmp_path: Path) -> None:
    members = tmp_path / "medlemmer.csv"
    rows = "".join(f"medlem{n}@example.org,Kari,nb\n" for n in (1, 2, 3))
    members.write_text("email,name,lang\n" + rows)
    alert = Path(__file__).parents[2] / "varsel" / "demo_data" / "sak.md"
    relay = await Relay().start()
    relay.hold = asyncio.Event()
    relay.rcpt = lambda to: "550 5.1.1 unknown" if to == "medlem2@example.org" else None
    settings = {
        "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{relay.port}?starttls=none",
        "VARSEL_MAIL_FROM": "varsel@example.org",
        "VARSEL_ALERT_APPROVALS": "0",
    }
    with Up(**settings) as up:
        up.start()
        up.json("members", "import", str(members), "--consent", "Ja")
        key = up.key()

        async def run(code: int, *arguments: str) -> str:
            return told(await asyncio.to_thread(up.run, *arguments, key=key), code)

        publishing = asyncio.create_task(asyncio.to_thread(up.run, "publish", str(alert), key=key))
        await until(lambda: relay.mails)  # the third may wait behind it, on the same connection
        [line] = [line for line in up.log().splitlines() if "article_accepted" in line]
        article = json.loads(line)["article"]

        assert "--resume" in await run(0, "deliver", article, "--pause")
        assert "allerede" in await run(1, "deliver", article, "--pause")
        assert "satt på pause" in await run(0, "receipt", article)
        assert "Går videre" in await run(0, "deliver", article, "--resume")
        assert "ikke på pause" in await run(1, "deliver", article, "--resume")
        relay.hold.set()
        assert (await publishing).returncode == 0

        failed = json.loads(up.run("receipt", article, "--failed", "--json").stdout)["failed"]
        assert failed == [{"number": 2, "codes": "5.1.1 550"}]
        relay.rcpt = lambda _: None
        assert "1 prøves igjen" in await run(0, "deliver", article, "--again", "failed")
        await until(lambda: receipt(up, key, article)["handed_over"] == 3, timeout=30)
        assert sorted(relay.recipients()) == [f"medlem{n}@example.org" for n in (1, 2, 3)]
        assert "er ferdig" in await run(1, "deliver", article, "--cancel")
        assert "ingen utsending" in await run(1, "deliver", "nosuchthing1", "--pause")
        assert "--again failed" in await run(2, "deliver", article)
    await relay.stop()


@pytest.mark.parametrize(
    "command", [("watch", "--once"), ("dead", "list"), ("keys", "create", "x")]
)
def test_a_wrong_setting_is_wrong_use(up: Up, command: tuple[str, ...]) -> None:
    for name, value in (("PORT", "mange"), ("SECRET_KEY_FILE", "/finnes/ikke")):
        with Up(**{f"VARSEL_{name}": value}) as other:
            assert f"VARSEL_{name}" in told(other.run(*command), 2)
    with Up(VARSEL_REDIS_URL="tull") as other:
        assert "redis://" in told(other.run(*command), 1)


def test_an_alert_in_review_is_published_once_no_approval_is_wanted() -> None:
    alert = str(Path(__file__).parents[2] / "varsel" / "demo_data" / "sak.md")
    with Up(VARSEL_ALERT_APPROVALS="1") as up:
        up.start()
        key = up.key()
        assert up.json("publish", alert, key=key)["status"] == "in_review"
        assert "venter på godkjenning" in told(up.run("publish", alert, key=key), 0)
        up.end(signal.SIGTERM)
        up.env["VARSEL_ALERT_APPROVALS"] = "0"
        up.start()
        done = up.json("publish", alert, key=key)
        assert done["status"] == "published"
        assert not done["url"].rstrip("/").endswith("-2")


def test_subjects_are_taken_in_shown_and_removed(up: Up, tmp_path: Path) -> None:
    file = tmp_path / "emner.yaml"
    file.write_text("subjects:\n  - id: prøvomab\n    name: Prøvomab\n")
    assert "subjects.0.id: skriv en id" in told(up.run("subjects", "import", str(file)), 1)
    file.write_text("subjects:\n  - id: provomab\n    name: Prøvomab\n    substance: prøvomab\n")
    assert "provomab: nytt" in told(up.run("subjects", "import", str(file)), 0)
    again = up.json("subjects", "import", str(file))
    assert again == {"subjects": [{"id": "provomab", "outcome": "same"}]}
    listed = up.json("subjects", "list")
    assert listed == {"subjects": [{"id": "provomab", "name": "Prøvomab", "substance": "prøvomab"}]}
    assert "Prøvomab" in told(up.run("subjects", "list"), 0)
    assert up.json("subjects", "remove", "provomab") == {"removed": "provomab"}
    assert "subjects list" in told(up.run("subjects", "remove", "provomab"), 1)
