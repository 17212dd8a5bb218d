"""`varsel audit`: proves the trail of a running system, and a copy of it without any."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.ingest.audit.seal_days import SealDays
from services.ingest.audit.trail import ENTRIES, HEAD
from shared.bus.users import OPERATOR
from tests.make import alert
from tests.system.running import Up, command
from tests.system.steps import complete, post
from tests.wait import until
from varsel.run.embedded import redis_url


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """A system whose trail has what an alert that reached somebody brings."""
    with Up() as system:
        key = system.start().key()
        members = tmp_path_factory.mktemp("members") / "members.csv"
        members.write_text("email,name,lang\nkari@example.org,Kari,nb\n")
        system.json("members", "import", str(members), "--consent", "Ja takk")
        article = post(system, key, alert()).json()["id"]
        asyncio.run(complete(system, key, article))
        yield system


@pytest.fixture
def exported(up: Up, tmp_path: Path) -> Path:
    file = tmp_path / "spor.jsonl"
    document = up.json("audit", "export", str(file))
    assert document == {"file": str(file), "entries": len(file.read_bytes().splitlines())}
    return file


def offline(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command where no system runs."""
    env = {"PATH": "/usr/bin", "VARSEL_DATA": "/nowhere", "LC_ALL": "C.UTF-8"}
    return command(["audit", "verify", *arguments], env)


def test_the_trail_of_a_running_system_is_verified(up: Up) -> None:
    found = up.json("audit", "verify")
    assert found["entries"] >= 2
    assert up.json("audit", "verify", "--root", found["root"]) == found
    said = up.run("audit", "verify")
    assert said.returncode == 0
    assert found["root"] in said.stdout


def test_the_trail_says_who_made_a_key_and_how_many_were_reached(exported: Path) -> None:
    entries = [json.loads(line) for line in exported.read_bytes().splitlines()]
    assert [entry["what"] for entry in entries[:2]] == ["person_added", "key_created"]
    (reached,) = [entry for entry in entries if entry["what"] == "reached"]
    assert reached["detail"] | {"audience": 1, "handed_over": 1} == reached["detail"]
    assert "kari" not in exported.read_text().lower()


def test_a_copy_is_verified_where_no_system_runs(up: Up, exported: Path) -> None:
    found = up.json("audit", "verify")
    done = offline(str(exported), "--json", "--root", found["root"])
    assert json.loads(done.stdout) == found
    streamed = up.run("audit", "export")
    assert streamed.stdout.encode() == exported.read_bytes()


def test_the_first_broken_link_is_named(exported: Path) -> None:
    first, second, *more = exported.read_bytes().splitlines(keepends=True)
    exported.write_bytes(b"".join([first, second.replace(b"1", b"2", 1), *more]))
    done = offline(str(exported))
    assert done.returncode == 1
    assert "oppføring 2 er endret" in " ".join(done.stderr.split())
    document = json.loads(offline(str(exported), "--json").stdout)
    assert (document["number"], document["why"]) == (2, "changed")


def test_a_copy_that_was_cut_is_found_by_the_root(up: Up, exported: Path) -> None:
    root = up.json("audit", "verify")["root"]
    lines = exported.read_bytes().splitlines(keepends=True)
    exported.write_bytes(b"".join(lines[:-1]))
    assert offline(str(exported)).returncode == 0
    done = offline(str(exported), "--root", root, "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["why"] == "root"


async def test_whoever_writes_in_redis_is_found(up: Up) -> None:
    async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
        lines, head = await redis.hgetall(ENTRIES), await redis.get(HEAD)

        async def broken() -> tuple[int, str]:
            done = up.run("audit", "verify", "--json")
            await redis.delete(ENTRIES)
            await redis.hset(ENTRIES, mapping=lines)
            await redis.set(HEAD, head)
            assert done.returncode == 1
            document = json.loads(done.stdout)
            return document["number"], document["why"]

        last = len(lines)
        await redis.hset(ENTRIES, "1", lines[b"1"].replace(b"operator", b"operatoR"))
        assert await broken() == (1, "changed")
        await redis.hdel(ENTRIES, "1")
        assert await broken() == (1, "number")
        await redis.hdel(ENTRIES, str(last))
        assert await broken() == (last, "end")
        await redis.set(HEAD, f"{last} {'0' * 63}1")
        assert await broken() == (last, "root")
        await redis.delete(HEAD)
        assert await broken() == (1, "beyond")
    assert up.run("audit", "verify").returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [("verify", "/nowhere/spor.jsonl"), ("verify", "--root", "5f2b"), ("export", "--json")],
)
def test_wrong_use_is_told(up: Up, arguments: tuple[str, ...]) -> None:
    done = up.run("audit", *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_an_empty_file_proves_nothing_and_a_place_that_is_none_is_named(
    up: Up, tmp_path: Path
) -> None:
    empty = tmp_path / "tom.jsonl"
    empty.touch()
    found = offline(str(empty))
    assert (found.returncode, "er tom" in found.stderr) == (1, True)
    nowhere = tmp_path / "mappe" / "spor.jsonl"
    wrong = up.run("audit", "export", str(nowhere))
    assert (wrong.returncode, "Kan ikke skrive" in wrong.stderr) == (1, True)


async def test_a_trail_that_begins_anew_says_so() -> None:
    """Redis was emptied and Varsel started again; or only ingest's keys were lost."""
    with Up() as system:
        system.start().key()
        began = system.json("audit", "verify")["began"]
        assert "begynner" in system.run("audit", "verify").stdout
        async with Redis.from_url(redis_url(system.data, OPERATOR)) as redis:
            await SealDays(redis)(date.fromisoformat(began[:10]) + timedelta(days=2))
            await until(lambda: redis.hvals("render:seals"))
            assert system.run("audit", "verify").returncode == 0
            await redis.delete(ENTRIES, HEAD)
            done = system.run("audit", "verify", "--json")
            assert (done.returncode, json.loads(done.stdout)["why"]) == (1, "anew")
            assert "begynner på nytt" in json.loads(done.stdout)["error"]
            keys = [key async for key in redis.scan_iter()]
            await redis.delete(*keys)
            done = system.run("audit", "verify", "--json")
            assert (done.returncode, json.loads(done.stdout)["why"]) == (1, "empty")
