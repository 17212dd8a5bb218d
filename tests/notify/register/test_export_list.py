"""The members as a list: what is written is what is read back, and no cell is a formula."""

import csv
import io
import json
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from services.notify.members import addresses
from services.notify.members.member import Member
from services.notify.members.opened import open_membership
from services.notify.register.export_list import HEADER, cells, export_list
from services.notify.register.import_members import ImportWish, import_list
from services.notify.register.reading.columns import ListHead, meaning_of
from services.notify.register.reading.csv_cells import Record
from services.notify.register.reading.rows import Refused, Row, rows
from services.notify.register.sync_list import sync_members
from shared.settings import Settings
from tests.notify.steps import dump
from tests.notify.system import System
from tests.system.running import Up

LOCAL = st.from_regex(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,8}(\.[a-z0-9'=+-]{1,4})?", fullmatch=True)
NAMES = st.one_of(
    st.text("abÅé '=+-@|;,\"()?1<>\t", max_size=12),
    st.sampled_from(["=1+1", "'=1+1", "''=1", "'t Hooft", "-", "@a", "+47", "=HYPERLINK(\"x\")"]),
    st.text(max_size=8),
)  # fmt: skip


def read(member: Member) -> Row | Refused:
    """A member's line, as it is written and read back."""
    into = io.StringIO(newline="")
    csv.writer(into, delimiter=";").writerow(cells(member))
    (row,) = csv.reader(io.StringIO(into.getvalue()), delimiter=";")
    (found,) = rows([Record(2, row)], ListHead("", 1, HEADER, meaning_of(HEADER)))
    return found


@given(LOCAL, NAMES, st.sampled_from(["nb", "nn"]))
def test_what_a_list_can_hold_is_read_back_as_it_was(local: str, name: str, lang: str) -> None:
    member = Member(addresses.parse(f"{local}@example.org"), name, lang, "")
    first = read(member)
    if isinstance(first, Refused):  # no such name gets in by a list
        return
    taken = member._replace(name=first.name)
    assert read(taken) == Row(2, taken.email, taken.name, lang)  # type: ignore[arg-type]


@given(LOCAL, NAMES)
def test_no_cell_begins_as_a_formula_does(local: str, name: str) -> None:
    for cell in cells(Member(f"{local}@example.org", name, "nb", "")):
        assert not re.match("[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]", cell)


MEMBERS = [
    Member("kari@example.org", "Kari Ås", "nb", "c"),
    Member("-ola@example.org", "=HYPERLINK(1)", "nn", "c"),
    Member("'per@example.org", "'t Hooft; Per", "nb", "c", lists="styreweb"),
    Member("a'b=c@example.org", "", "nb", "c", how="joined"),
    Member(addresses.parse("eva@blåbær.example.org"), '"Eva" Li', "nn", "c", lists="styreweb"),
]


async def test_importing_what_was_written_changes_nothing(
    redis: Redis, mine: Settings, tmp_path: Path
) -> None:
    async with open_membership(redis, mine) as membership:
        many = [Member(f"m{n}@example.org", f"Medlem {n}", "nb", "c") for n in range(2500)]
        assert await membership.add([*MEMBERS, *many], after=0)
        await membership.leave(7)
    file = tmp_path / "medlemmer.csv"
    assert await export_list(redis, mine, file) == (2504, [])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = await dump(redis)
    report = await import_list(redis, mine, file, ImportWish("Noe annet", update=True))
    assert (report.taken, report.unchanged, report.updated) == (0, 2504, 0)
    assert report.refused == []
    wish = ImportWish("Noe annet", list="styreweb")
    synced = await sync_members(redis, mine, file, wish, dry_run=True)
    assert synced.sync
    assert (synced.sync.before, synced.sync.missing) == (2, 0)
    assert await dump(redis) == before


async def test_a_record_that_cannot_be_read_is_told_and_holds_up_no_other(
    redis: Redis, mine: Settings, tmp_path: Path
) -> None:
    async with open_membership(redis, mine) as membership:
        assert await membership.add(MEMBERS, after=0)
    await redis.hset("notify:members:0", "2", b"damaged")
    file = tmp_path / "medlemmer.csv"
    assert await export_list(redis, mine, file) == (4, [2])
    assert len(file.read_text().splitlines()) == 5


async def test_a_file_that_is_there_is_not_written_over(
    redis: Redis, mine: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "medlemmer.csv"
    file.write_text("mitt")
    with pytest.raises(FileExistsError):
        await export_list(redis, mine, file)
    assert file.read_text() == "mitt"


async def test_the_commands_show_what_would_change_follow_a_list_undo_and_write_it(
    notify: System, redis_url: str, tmp_path: Path
) -> None:
    await notify.members()
    file = tmp_path / "liste.csv"
    file.write_text("Fornavn;Etternavn;E-postadresse\nKari;Li;kari@example.org\nOla;Ås;\n")
    secret = notify.settings.data / "secret-key"
    key = {"VARSEL_SECRET_KEY_FILE": str(secret)} if secret.exists() else {}
    with Up(VARSEL_REDIS_URL=redis_url, **key) as up:
        take = ("members", "import", str(file), "--consent", "Ja", "--list", "StyreWeb", "--sync")
        shown = up.run(*take, "--dry-run")
        assert "k•••@example.org" in shown.stdout
        assert "K••• L•••" in shown.stdout
        assert "kari@" not in shown.stdout + shown.stderr
        assert "Etternavn" in shown.stdout
        assert "Ingenting er lagret." in shown.stdout
        asked = json.loads(up.run(*take, "--dry-run", "--json").stdout)
        assert asked["understood"]["columns"][2] == {"name": "E-postadresse", "means": "email"}
        assert asked["understood"]["rows"] == [
            {"email": "k•••@example.org", "name": "K••• L•••", "lang": None}
        ]
        assert not await notify.redis.exists("notify:last")
        done = json.loads(up.run(*take, "--json").stdout)
        assert (done["taken"], done["refused"], done["sync"]["before"]) == (1, 1, 0)
        file.write_text("Fornavn;Etternavn;E-postadresse\n")
        assert "så tallet må sies: --end 1." in up.run(*take, "--dry-run").stdout
        refused = up.run(*take)
        assert refused.returncode == 1
        assert "--end 1" in refused.stderr
        ended = up.run(*take, "--end", "1")
        assert "Avsluttet: 1." in ended.stdout
        assert 'undo-sync "styreweb"' in ended.stdout
        undone = json.loads(up.run("members", "undo-sync", "styreweb", "--json").stdout)
        assert (undone["list"], undone["returned"]) == ("styreweb", 1)
        again = up.run("members", "undo-sync", "styreweb")
        assert again.returncode == 1
        assert "ingen synk" in again.stderr
        copy = tmp_path / "kopi.csv"
        written = json.loads(up.run("members", "export-list", str(copy), "--json").stdout)
        assert written == {"file": str(copy), "members": 1, "unreadable": []}
        assert copy.read_text("utf-8-sig") == "E-post;Navn;Målform\nkari@example.org;Kari Li;nb\n"
        trail = [json.loads(line) for line in up.run("audit", "export").stdout.splitlines()]
        assert [(entry["what"], entry["detail"]) for entry in trail] == [
            (
                "imported_members",
                {"taken": 1, "returned": 0, "updated": 0, "refused": 1, "ended": 0},
            ),
            (
                "imported_members",
                {"taken": 0, "returned": 0, "updated": 0, "refused": 0, "ended": 1},
            ),
            ("undid_sync", {"returned": 1}),
            ("exported_members", {}),
        ]
        assert "example.org" not in str(trail)
        wrong = up.run("members", "import", str(file), "--consent", "Ja", "--sync")
        assert wrong.returncode == 2
