"""A backup is taken of a system in the midst of its work, and is whole."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from services.notify.journal.entries import state_of, unseal
from services.notify.journal.files import read
from services.notify.journal.keys_beside import load_keys
from services.notify.members.member import Member
from services.notify.members.opened import open_membership
from services.notify.vault.vault import Vault
from shared import newest_backup
from shared.bus.users import BACKUP, as_user
from shared.settings import Settings
from tests.make import settings
from tests.server import Valkey
from varsel.backup.archive import identities, new_identity, recipient
from varsel.backup.check_backup import check_backup, opened_backup
from varsel.backup.contents import CopyBroken
from varsel.backup.take_backup import (
    JOURNAL,
    SECRET,
    TakenBackup,
    take_backup,
    work_folder,
)

SECRET_KEY = "0123456789abcdef0123456789abcdef"
MEMBERS = 400


def quiet(*_: object) -> None:
    pass


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    server = Valkey().start()
    yield server
    server.close()


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    new_identity(tmp_path / "id.txt")
    return tmp_path / "id.txt"


@pytest.fixture
def system(valkey: Valkey, tmp_path: Path) -> Settings:
    return settings(redis_url=as_user(valkey.url, BACKUP), secret_key=SECRET_KEY)


def public_of(identity: Path) -> Any:
    return recipient(identity.read_text().splitlines()[0].rpartition(" ")[2])


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def take(system: Settings, target: Path, identity: Path, **more: Any) -> TakenBackup:
    options: dict[str, Any] = {"with_key": False, "told": quiet} | more
    return await take_backup(target, system, [public_of(identity)], **options)


async def test_whoever_left_by_its_redis_left_by_its_journal(
    valkey: Valkey, system: Settings, identity: Path, tmp_path: Path
) -> None:
    """They leave one by one while backups are taken."""
    people = [Member(f"medlem{n}@example.org", "", "nb", "Ja") for n in range(MEMBERS)]
    taken: list[Path] = []
    async with (
        Redis.from_url(as_user(valkey.url, "notify")) as redis,
        open_membership(redis, system) as membership,
    ):
        await membership.add(people, after=0)
        last = await membership.members.last()

        async def leave() -> None:
            for number in range(last - MEMBERS + 1, last + 1):
                await membership.leave(number)

        leaving = asyncio.create_task(leave())
        while not leaving.done() or not taken:
            taken.append(tmp_path / f"kopi{len(taken)}.age")
            await take(system, taken[-1], identity)
        await leaving
    seen = set()
    for backup in taken:
        async with opened_backup(backup, system, identities(identity), quiet) as opened:
            found = await load_keys(opened.redis, system)
            vault = Vault(found.vault, found.index)
            lines, _ = read(opened.folder / JOURNAL)
            gone = state_of(unseal(vault, line) for line in lines).gone.keys()
            async with open_membership(opened.redis, system) as copied:
                left = await copied.members.left(range(1, last + 1))
            assert left <= gone
            seen.add(len(left))
    assert len(seen) > 1, "nobody left between two backups; the test shows nothing"


@pytest.mark.parametrize("with_key", [True, False])
async def test_the_key_is_inside_if_it_is_wanted_and_else_not(
    valkey: Valkey, system: Settings, identity: Path, tmp_path: Path, with_key: bool
) -> None:
    taken = await take(system, tmp_path / "kopi.age", identity, with_key=with_key)
    assert taken.manifest.has_secret_key is with_key
    opened_by = identities(identity)
    async with opened_backup(tmp_path / "kopi.age", system, opened_by, quiet) as opened:
        secret = opened.folder / SECRET
        assert secret.exists() is with_key
        assert not with_key or secret.read_text().strip() == SECRET_KEY


@pytest.mark.parametrize("damage", ["trail", "picture"])
async def test_what_is_not_whole_becomes_no_backup(
    valkey: Valkey, system: Settings, identity: Path, tmp_path: Path, damage: str
) -> None:
    async with Redis.from_url(valkey.url) as redis:
        if damage == "trail":
            await redis.hset("ingest:audit", "1", "{}")
        else:
            await redis.hset("ingest:pictures", "gone.jpg", "{}")
    with pytest.raises(CopyBroken):
        await take(system, tmp_path / "kopi.age", identity)
    assert names_in(tmp_path) == ["id.txt"]


async def test_a_backup_says_on_any_machine_what_it_said_when_it_was_taken(
    valkey: Valkey, system: Settings, identity: Path, tmp_path: Path
) -> None:
    system.assets_folder.mkdir()
    (system.assets_folder / "bilde.jpg").write_bytes(b"picture")
    async with Redis.from_url(valkey.url) as redis:
        await redis.hset("ingest:pictures", "bilde.jpg", "{}")
    taken = await take(system, tmp_path / "kopi.age", identity)
    assert taken.manifest.contents.pictures == 1
    elsewhere = settings()
    found = await check_backup(tmp_path / "kopi.age", elsewhere, identities(identity), quiet)
    assert found == taken.manifest
    assert list(elsewhere.data.iterdir()) == [], "what was in the clear is gone"


async def test_what_a_killed_backup_left_in_the_clear_goes_with_the_next(
    valkey: Valkey,
    system: Settings,
    identity: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """But not what another process works on."""
    passing = tmp_path / "passing"
    passing.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(passing))
    left = passing / ".varsel-backup-left"
    left.mkdir()
    (left / "redis.rdb").write_bytes(b"members")
    with work_folder(system) as mine:
        assert names_in(passing) == [mine.name]
        await take(system, tmp_path / "kopi.age", identity)
        assert names_in(passing) == [mine.name]
    assert names_in(passing) == []


async def test_the_newest_backup_is_told_of_with_its_time_and_one_that_failed_is_not(
    valkey: Valkey, system: Settings, identity: Path, tmp_path: Path
) -> None:
    async def told() -> float:
        async with Redis.from_url(as_user(valkey.url, "ingest")) as redis:
            return (await newest_backup.measure(redis))[0].samples[0].value

    assert await told() == 0
    with pytest.raises(OSError, match="No such file"):
        await take(system, tmp_path / "no folder" / "kopi.age", identity)
    assert await told() == 0
    taken = await take(system, tmp_path / "kopi.age", identity)
    assert await told() == int(taken.manifest.made_at.timestamp())
