"""Redis is put back to a copy from before, as an operator does after a loss."""

import io
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis

from services.notify.members.member import Member
from services.notify.members.membership import Membership
from services.notify.members.opened import open_membership
from services.notify.on_change import on_change
from services.notify.register.import_members import import_members
from services.notify.register.report import ImportReport
from shared.service import Service
from tests.notify.revisions import corrected, original
from tests.notify.system import System, serving, system
from tests.server import Valkey
from tests.wait import until

STAYS, LEAVES, ERASED, UNDOES, REJOINS, NEW = (
    f"{name}@example.org" for name in ("blir", "gaar", "slettes", "angrer", "igjen", "ny")
)
_LOG = "appendonlydir"


@asynccontextmanager
async def around(server: Valkey, before: System | None = None) -> AsyncIterator[System]:
    """What is around notify, with the data folder of the system `before`."""
    mine = {"data": before.settings.data} if before else {}
    async with Redis.from_url(server.url) as redis, system(redis, server.url, **mine) as made:
        yield made


@asynccontextmanager
async def flows(on: System) -> AsyncIterator[Membership]:
    async with open_membership(on.redis, on.settings, on_change) as membership:
        yield membership


async def old_list(on: System, *emails: str) -> ImportReport:
    """A list from before everything is taken up."""
    text = "\n".join(["email,name,lang", *(f"{email},,nb" for email in emails)])
    file = io.BytesIO(text.encode())
    return await import_members(on.redis, on.settings, file, consent="Ja takk")


async def unsubscribed(service: Service, on: System, email: str) -> None:
    """By the button of a mail program (RFC 8058)."""
    mails = [mail for mail in on.relay.mails if mail.recipient == email]
    link = str(mails[-1].head["List-Unsubscribe"]).split(",")[0].strip("<> ")
    transport = httpx.ASGITransport(service.http)
    async with httpx.AsyncClient(transport=transport) as http:
        answer = await http.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200, answer.text


def keep_copy(server: Valkey, to: Path) -> None:
    server.kill()
    shutil.copytree(server.folder / _LOG, to)
    server.start()


def put_back(server: Valkey, copy: Path | None) -> None:
    server.kill()
    shutil.rmtree(server.folder / _LOG)
    if copy:
        shutil.copytree(copy, server.folder / _LOG)
    server.start()


@pytest.mark.parametrize("copied", ["before the first alert", "after it"])
async def test_whoever_left_or_was_erased_gets_nothing_and_whoever_came_back_the_next_alert(
    own_server: Valkey, tmp_path: Path, copied: str
) -> None:
    async with around(own_server) as first:
        async with serving(first):
            await first.join(STAYS, LEAVES, ERASED, UNDOES, REJOINS)
        if copied == "before the first alert":
            keep_copy(own_server, tmp_path / "copy")
        async with serving(first) as service:
            await first.publish(original)
            await first.delivery()
            if copied == "after it":
                await service.bus.stop()
    if copied == "after it":
        keep_copy(own_server, tmp_path / "copy")
    async with around(own_server, first) as second:
        second.relay.mails += first.relay.mails
        async with serving(second) as service, flows(second) as membership:
            await unsubscribed(service, second, LEAVES)
            await unsubscribed(service, second, UNDOES)
            (found,) = await membership.members.find([UNDOES])
            assert found
            await membership.come_back(found.number)
            for email in (ERASED, REJOINS):
                (found,) = await membership.members.find([email])
                assert found
                await membership.erase(found.number)
            await membership.join(Member(REJOINS, "", "nb", "consent", "joined"))
            last = await membership.members.last()
    put_back(own_server, tmp_path / "copy")
    async with around(own_server, first) as third, serving(third) as service:
        assert service.problems() == []
        report = await old_list(third, STAYS, LEAVES, ERASED, UNDOES, REJOINS)
        assert (report.taken, report.refused_count) == (0, 2)
        await third.join(NEW)
        members = await third.members()
        (new,) = await members.find([NEW])
        assert new
        assert new.number > last
        other = original.model_copy(update={"id": "b2c3d4e5f6a1", "slug": "et-annet-varsel"})
        await third.publish(other)
        await third.delivery_of(other)
        mailed = [m.recipient for m in third.relay.mails if "b2c3d4e5f6a1" in m.content.decode()]
        assert sorted(mailed) == sorted([STAYS, UNDOES, REJOINS, NEW])
        found_ = await members.find([LEAVES, ERASED])
        assert [one and one.left for one in found_] == [True, True]


async def test_a_copy_that_owes_the_erased_a_correction_mails_it_to_all_others_who_have_the_alert(
    own_server: Valkey, tmp_path: Path
) -> None:
    async with around(own_server) as first, serving(first) as service:
        await first.join(STAYS, LEAVES, ERASED)
        await first.publish(original)
        assert (await first.delivery())["handed_over"] == 3
        await service.bus.stop()
    keep_copy(own_server, tmp_path / "copy")
    async with around(own_server, first) as second, serving(second), flows(second) as membership:
        for email, end in ((LEAVES, membership.leave), (ERASED, membership.erase)):
            (found,) = await membership.members.find([email])
            assert found
            await end(found.number)
    put_back(own_server, tmp_path / "copy")
    async with around(own_server, first) as third, serving(third) as service:
        assert service.problems() == []
        await third.publish(corrected)
        done = await third.delivery_of(corrected)
        sums = [done[name] for name in ("audience", "handed_over", "suppressed")]
        assert sums == [3, 2, 1]
        assert sorted(m.recipient for m in third.relay.mails) == sorted([STAYS, LEAVES])


async def test_an_empty_redis_still_knows_whom_no_list_may_bring_back(
    own_server: Valkey, tmp_path: Path
) -> None:
    async with around(own_server) as first:
        async with serving(first):
            await first.join(STAYS, LEAVES, ERASED)
        async with flows(first) as membership:
            await membership.leave(2)
            await membership.erase(3)
    put_back(own_server, None)
    async with around(own_server, first) as second, serving(second) as service:
        assert service.problems() == []
        members = await second.members()
        found = await members.find([STAYS, LEAVES, ERASED])
        assert [one and (one.left, one.erased) for one in found] == [
            None,
            (True, False),
            (True, True),
        ]
        report = await old_list(second, STAYS, LEAVES, ERASED)
        assert (report.taken, report.refused_count) == (1, 2)
        await second.publish(original)
        await second.delivery()
        await until(lambda: len(second.relay.mails) == 1)
        assert [mail.recipient for mail in second.relay.mails] == [STAYS]
