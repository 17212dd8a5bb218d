"""A disk that is really full: a small file system of its own, filled to its last byte."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from services.notify.journal.journal import LATE, Journal, JournalAway
from services.notify.journal.keys_beside import FILE
from services.notify.members.member import Member
from services.notify.members.opened import open_membership
from services.notify.on_change import on_change
from tests.expects import skip_or_fail
from tests.notify.journal.copies import copy_of, put_back
from tests.notify.journal.lines import VAULT, files, left, said
from tests.notify.revisions import original
from tests.notify.system import serving, system
from tests.wait import until

KARI, OLA, EVA = "kari@example.org", "ola@example.org", "eva@example.org"


class Disk:
    """64 kB."""

    def __init__(self, folder: Path) -> None:
        self.journal = folder / "journal"
        self._filler = folder / "filler"

    def fill(self) -> None:
        with self._filler.open("ab", buffering=0) as file:
            for size in (4096, 1):
                with suppress(OSError):
                    while True:
                        file.write(b"x" * size)

    def make_room(self) -> None:
        self._filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        skip_or_fail("mounts", "no file system can be mounted here")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


async def test_on_a_full_disk_what_must_not_wait_is_kept_and_written_once_there_is_room(
    redis: Redis, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notify.journal.journal.RETRY_SECONDS", 0.01)
    journal = Journal(disk.journal, VAULT, redis)
    await journal.open()
    disk.fill()
    confirmed = set()
    with pytest.raises(JournalAway):  # the file's last block has some room
        for number in range(1, 1000):
            await journal.note(left(number))
            confirmed.add(number)
    late = {2000, 2001}
    for number in late:
        await journal.note_late(left(number))
    (problem,) = journal.problems()
    assert problem == "journal: cannot be written: No space left on device"
    tries = count_calls(monkeypatch, Journal, "_probe")
    trying = asyncio.ensure_future(journal.keep_trying())
    await until(lambda: len(tries) > 3)
    assert journal.problems() == [problem], "red for as long as it is full"
    assert set((await said(disk.journal)).gone) == confirmed
    trying.cancel()
    await journal.close()
    disk.make_room()
    other = Journal(disk.journal, VAULT, redis)  # the first process is gone
    await other.open()
    assert set((await said(disk.journal)).gone) == confirmed | late
    assert other.problems() == []
    assert len(files(disk.journal)) == 1
    assert not await redis.exists(LATE)
    await other.close()


async def test_a_system_on_a_full_disk_mails_lets_leave_and_erases_and_says_it_is_not_well(
    redis: Redis, redis_url: str, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notify.journal.journal.RETRY_SECONDS", 0.05)
    disk.fill()
    async with system(redis, redis_url, journal=disk.journal) as around:
        await around.join(KARI, OLA, EVA)
        before = await copy_of(redis)
        async with serving(around) as service:
            assert service.problems() == [
                "journal: cannot be written: No space left on device",
                "journal: cannot be written: its keys",
            ]
            await around.publish(original)
            await around.delivery()
            [mail] = [mail for mail in around.relay.mails if mail.recipient == KARI]
            link = str(mail.head["List-Unsubscribe"]).split(",")[0].strip("<> ")
            async with httpx.AsyncClient(transport=httpx.ASGITransport(service.http)) as http:
                assert (await http.post(link)).status_code == 200
            async with open_membership(redis, around.settings, on_change) as command:
                await command.erase(2)
                with pytest.raises(JournalAway):
                    await command.join(Member("ny@example.org", "", "nb", "consent"))
            assert await (await around.members()).left([1, 2, 3]) == {1, 2}
        async with serving(around) as service:
            assert service.problems()
            disk.make_room()
            await until(lambda: not service.problems())
            await until(lambda: _is_gone(redis))
        assert (disk.journal / FILE).exists()
        await put_back(redis, before)
        async with serving(around) as service:
            members = await around.members()
            assert await members.left([1, 2, 3]) == {1, 2}
            assert (await members.records([1, 2, 3])).keys() == {1, 3}
            assert service.problems() == []


def count_calls(monkeypatch: pytest.MonkeyPatch, whose: type, name: str) -> list[None]:
    """Has one entry for each call of a method from now on."""
    calls: list[None] = []
    real = getattr(whose, name)

    async def counted(*given: object) -> object:
        calls.append(None)
        return await real(*given)

    monkeypatch.setattr(whose, name, counted)
    return calls


async def _is_gone(redis: Redis) -> bool:
    return not await redis.exists(LATE)
