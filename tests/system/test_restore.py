"""G13: the walk that went wrong, from outside. An alert is on its way when a backup is taken; it
ends, a member leaves, another is erased, the alert is corrected; and the backup is put back.

`make restore` walks it with 20,000 members.
"""

import asyncio
import os
import re
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from services.notify.ledger import control
from services.notify.ledger.delivery import count_handed_over
from shared.bus.users import OPERATOR
from tests.make import alert
from tests.system.hands import ByApi
from tests.system.running import Up
from tests.system.steps import inbox, post, receipt, told
from tests.wait import until
from varsel.run.embedded import redis_url

MEMBERS = int(os.environ.get("RESTORE_MEMBERS", "900"))
PATIENCE_SECONDS = 60 + MEMBERS / 100


@dataclass
class World:
    """A system that was lost after the walk, what is left of it, and its backup."""

    up: Up
    key: str
    backup: Path
    identity: Path
    article: str = ""
    taken: dict[str, Any] = field(default_factory=dict)
    left: str = ""
    """Who left after the backup."""
    erased: str = ""
    """Who was erased after it."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("restore")
    members = folder / "medlemmer.csv"
    rows = "".join(f"medlem{n}@example.org,Medlem {n},nb\n" for n in range(MEMBERS))
    members.write_text("email,name,lang\n" + rows)
    with Up() as up:
        world = World(up.start(), up.key(), folder / "kopi.age", folder / "identitet.txt")
        up.json("people", "invite", "Rita Revoked", "--role", "admin")
        up.json("members", "import", str(members), "--consent", "Ja takk")
        asyncio.run(_walk(world))
        up.end(signal.SIGKILL)
        yield world


async def _walk(world: World) -> None:
    up, key = world.up, world.key
    world.article = article = post(up, key, alert()).json()["id"]
    async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
        await until(lambda: count_handed_over(redis, f"{article}.1"))  # a receipt tells it later
        await control.control(redis, f"{article}.1", "hold", why="operator")
        await until(lambda: receipt(up, key, article)["state"] == "paused")
        await _quiet(redis, article)
        public = up.json("backup", str(world.identity), "--make-identity")["recipient"]
        options = ("--recipient", public, "--without-key")
        world.taken = await asyncio.to_thread(up.json, "backup", str(world.backup), *options)
        await control.control(redis, f"{article}.1", "resume", why="operator")
    await complete_in(world, article)
    world.left, world.erased = (address(mail) for mail in inbox(up)[:2])
    await _leave(up, world.left)
    up.json("members", "erase", stdin=f"{world.erased}\n")
    up.json("people", "revoke", "Rita Revoked")
    fields = alert(lead="Rettet: dosen var feil.").model_dump(mode="json", exclude_none=True)
    await ByApi(up, key, key).correct(article, fields)
    await ByApi(up, key, key).submit(article)
    await until(lambda: receipt(up, key, article)["about"]["revision"] == 2)
    await complete_in(world, article)


async def _quiet(redis: Redis, article: str) -> None:
    """Wait until what was on its way when the delivery was held is in the ledger."""

    async def none_in_hand() -> bool:
        ledger = await redis.get(f"notify:ledger:{article}.1")
        return b"\x01" not in ledger

    await until(none_in_hand)


async def complete_in(world: World, article: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def done() -> bool:
        found.update(receipt(world.up, world.key, article))
        return bool(found["state"] == "complete")

    await until(done, timeout=PATIENCE_SECONDS)
    return found


def address(mail: dict[str, Any]) -> str:
    """Whom a mail of the inbox went to."""
    return str(mail["to"]).rpartition("<")[2].rstrip(">")


async def _leave(up: Up, email: str) -> None:
    found = next(mail for mail in inbox(up) if address(mail) == email)
    mail = httpx.get(f"{up.url}/inbox/api/messages/{found['id']}").json()
    headers = {name.lower(): value for name, value in mail["headers"]}
    [link] = re.findall(r"<(http[^>]+)>", headers["list-unsubscribe"])
    assert httpx.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200


def lose_redis(data: Path) -> None:
    shutil.rmtree(data / "appendonlydir")


async def start_held(up: Up) -> None:
    """Start a system that was restored, and see that each of its services says so."""
    up.launch()

    def problems() -> list[str]:
        try:
            return list(httpx.get(f"{up.url}/health/ready").json()["problems"])
        except httpx.HTTPError:
            return []

    def all_held() -> bool:
        said = " ".join(problems())
        return all(f"{name}: held" in said for name in ("ingest", "render", "notify"))

    await until(all_held, timeout=60)


async def is_ready(up: Up) -> None:
    await until(up.is_ready, timeout=60)


async def test_a_backup_is_taken_while_all_runs_and_says_what_it_holds(world: World) -> None:
    taken = world.taken
    assert taken["contents"]["members"] == MEMBERS
    assert taken["contents"]["under_way"] == 1
    assert taken["contents"]["trail"] > 0
    assert not taken["has_secret_key"]
    assert world.backup.stat().st_mode & 0o777 == 0o600
    assert "medlem0" not in world.backup.read_bytes().decode("latin-1")


async def test_g13_nobody_is_mailed_the_old_text_and_nothing_is_numbered_twice(
    world: World,
) -> None:
    up, article = world.up, world.article
    lose_redis(up.data)
    identity = ("--identity", str(world.identity))
    between = up.json("restore", str(world.backup), *identity)
    assert (between["journal_is_lost"], between["left"], between["erased"]) == (False, 1, 1)
    assert between["newer"] == {article: [2, 1]}
    assert f"{article}.2" in between["deliveries"]

    await start_held(up)
    before = Counter(mail["id"] for mail in inbox(up))
    assert post(up, world.key, alert(title="Et nytt varsel")).status_code == 503
    assert "resume" in httpx.get(f"{up.url}/redaksjon/").text
    left_meanwhile = next(
        address(mail) for mail in inbox(up) if address(mail) not in (world.left, world.erased)
    )
    await _leave(up, left_meanwhile)
    shown = up.json("resume", "--look")
    [under_way] = shown["under_way"]
    assert under_way["id"] == f"{article}.1"
    assert under_way["open"] > 0
    assert {person["name"] for person in shown["people"]} == {"test", "Rita Revoked"}

    done = up.json("resume", "--yes", "--keep", "test")
    assert (done["cancelled"], done["revoked"]) == ([f"{article}.1"], ["Rita Revoked"])
    await is_ready(up)
    old = await complete_in(world, article)
    assert old["suppressed"] == under_way["open"]
    assert Counter(mail["id"] for mail in inbox(up)) == before, "somebody was mailed the old text"
    assert [one["name"] for one in up.json("people", "list")["people"]] == ["test"]

    # The correction is made again: above the number that readers have seen, once to each who may
    # have the old text, which the copy cannot know.
    fields = alert(lead="Rettet igjen.").model_dump(mode="json", exclude_none=True)
    await ByApi(up, world.key, world.key).correct(article, fields)
    await ByApi(up, world.key, world.key).submit(article)
    await until(lambda: receipt(up, world.key, article)["about"]["revision"] == 3)
    again = await complete_in(world, article)
    assert again["audience"] == MEMBERS
    assert again["handed_over"] == MEMBERS - 1, "all but the erased"

    # A new alert: who left and who was erased get nothing.
    new = post(up, world.key, alert(title="Et helt annet varsel")).json()["id"]
    reached = await complete_in(world, new)
    assert reached["handed_over"] == MEMBERS - 3
    mails = [mail for mail in inbox(up) if "helt annet" in mail["subject"]]
    assert {world.left, world.erased, left_meanwhile}.isdisjoint(map(address, mails))
    up.json("audit", "verify")
    up.end(signal.SIGTERM)


async def test_g13_with_the_journal_lost_nothing_is_numbered_twice_either(
    world: World, tmp_path: Path
) -> None:
    """Another machine, with the secret key and the backup alone."""
    secret = (world.up.data / "secret-key").read_text().strip()
    with Up(VARSEL_SECRET_KEY=secret) as up:
        elsewhere = World(up, world.key, world.backup, world.identity, world.article)
        between = up.json("restore", str(world.backup), "--identity", str(world.identity))
        assert (between["journal_is_lost"], between["has_site"]) == (True, False)
        await start_held(up)
        before = Counter(mail["id"] for mail in inbox(up))
        # One answer for the delivery, for each person in the order of their names, and in the end.
        said = told(up.run("resume", stdin="n\nn\nj\nj\n"), 0)
        assert "Ingenting" not in said
        assert "Systemet går videre." in said
        assert "ingen vet hvem som har meldt seg av siden" in said
        assert [one["name"] for one in up.json("people", "list")["people"]] == ["test"]
        await is_ready(up)
        await complete_in(elsewhere, world.article)
        assert Counter(mail["id"] for mail in inbox(up)) == before
        new = tmp_path / "ny.csv"
        new.write_text("email,name,lang\nny@example.org,Ny,nb\n")
        up.json("members", "import", str(new), "--consent", "Ja takk")
        found = up.json("members", "find", stdin="ny@example.org\n")
        assert found["number"] > MEMBERS + 1000
        fields = alert(lead="Rettet igjen.").model_dump(mode="json", exclude_none=True)
        await ByApi(up, world.key, world.key).correct(world.article, fields)
        await ByApi(up, world.key, world.key).submit(world.article)
        await until(lambda: receipt(up, world.key, world.article)["about"]["revision"] > 100)
        assert (await complete_in(elsewhere, world.article))["audience"] == MEMBERS
