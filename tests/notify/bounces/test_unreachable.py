"""`varsel members unreachable`: the list that staff work on."""

import asyncio
import json
import os
import stat
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis.asyncio import Redis

from services.ingest.audit.trail import ENTRIES
from services.notify.members.store import leave
from shared.bus.users import as_user
from tests.log_calls import REPO
from tests.notify.bounces.shapes import postfix
from tests.notify.bounces.steps import another, comes_back, days_pass, hearing, return_path, send
from tests.notify.revisions import original
from tests.notify.system import System

KARI, OLA = "kari@example.org", "ola@example.org"


@dataclass
class Done:
    code: int
    out: str

    @property
    def document(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.out)
        return found


@pytest.fixture
async def up(redis: Redis, redis_url: str) -> AsyncIterator[System]:
    """Kari's address is gone; Ola's mail came back once."""
    async with hearing(redis, redis_url) as found:
        await found.join(KARI, OLA)
        for what, to in ((original, (KARI, OLA)), (another("b"), (KARI,))):
            await found.publish(what)
            await found.delivery_of(what)
            for one in to:
                await comes_back(found, one, postfix("5.1.1"))
            await days_pass(redis)
        yield found


async def varsel(up: System, *said: str) -> Done:
    environment = {
        "VARSEL_REDIS_URL": as_user(up.url, "operator"),
        "VARSEL_DATA": str(up.settings.data),
        "COLUMNS": "120",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "varsel", "members", "unreachable", *said),
        cwd=REPO,
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    assert process.returncode is not None
    return Done(process.returncode, out.decode())


async def test_staff_see_whom_mail_does_not_reach_and_no_whole_address(up: System) -> None:
    done = await varsel(up)
    assert done.code == 0
    assert "k…@example.org" in done.out
    assert "adressen finnes ikke" in done.out
    assert KARI not in done.out
    assert "o…@example.org" not in done.out
    found = (await varsel(up, "--json")).document["unreachable"]
    assert isinstance(found, list)
    (one,) = found
    assert one.pop("first") <= one.pop("last")
    assert one == {
        "number": 1, "address": "k…@example.org", "standing": "gone", "codes": ["5.1.1"],
        "deliveries": 2,
    }  # fmt: skip


async def test_whole_addresses_go_to_a_file_that_only_its_owner_reads(
    up: System, tmp_path: Path
) -> None:
    to = tmp_path / "ring.csv"
    done = await varsel(up, "--to", str(to))
    assert done.code == 0, done.out
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    lines = to.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("nummer;navn;e-post")
    assert lines[1].startswith(f"1;Kåre Eksempel;{KARI};")
    assert len(lines) == 2
    again = await varsel(up, "--to", str(to), "--json")
    assert again.code == 1
    assert "finnes fra før" in again.document["error"]  # type: ignore[operator]


async def test_the_trail_has_that_somebody_looked_and_not_at_whom(up: System) -> None:
    before = await up.redis.hlen(ENTRIES)
    await varsel(up)
    await varsel(up, "--forget", "1")
    entries = [json.loads(line) for line in (await up.redis.hgetall(ENTRIES)).values()]
    new = sorted(entries, key=lambda entry: entry["number"])[before:]
    assert [(entry["actor"], entry["what"], entry["detail"]) for entry in new] == [
        ("operator", "listed_unreachable", {"members": 1}),
        ("operator", "forgot_bounces", {}),
        ("operator", "listed_unreachable", {"members": 0}),
    ]


async def test_who_has_left_is_not_on_the_list(up: System) -> None:
    await leave(up.redis, 1)
    assert (await varsel(up, "--json")).document["unreachable"] == []
    assert "når alle medlemmer" in (await varsel(up)).out


async def test_a_mailbox_that_takes_nothing_for_two_weeks_is_on_the_list_and_is_mailed_still(
    redis: Redis, redis_url: str
) -> None:
    async with hearing(redis, redis_url) as up:
        await up.join(KARI, OLA)
        for what in (original, another("b"), another("c")):
            assert (await varsel(up, "--json")).document["unreachable"] == []
            await up.publish(what)
            await up.delivery_of(what)
            await comes_back(up, KARI, postfix("4.2.2"))
            await days_pass(redis, 8)
        (one,) = (await varsel(up, "--json")).document["unreachable"]  # type: ignore[misc, var-annotated]
        assert one.pop("first") < one.pop("last")
        assert one == {
            "number": 1, "address": "k…@example.org", "standing": "series", "codes": ["4.2.2"],
            "deliveries": 3,
        }  # fmt: skip
        assert "ikke noe har kommet fram på lenge" in (await varsel(up)).out
        await up.publish(another("d"))
        done = await up.delivery_of(another("d"))
        assert (done["handed_over"], done["suppressed"]) == (2, 0)


async def test_who_was_refused_at_once_is_on_the_list_until_a_mail_is_taken(
    redis: Redis, redis_url: str
) -> None:
    eva = "eva@example.org"
    refused = {OLA: "550 5.1.1 no such user", eva: "550 5.7.1 not from you"}
    async with hearing(redis, redis_url) as up:
        await up.join(KARI, OLA, eva)
        up.relay.rcpt = refused.get
        for what in (original, another("b")):
            await up.publish(what)
            await up.delivery_of(what)
        (one,) = (await varsel(up, "--json")).document["unreachable"]  # type: ignore[misc, var-annotated]
        assert one.pop("first") <= one.pop("last")
        assert one == {
            "number": 2, "address": "o…@example.org", "standing": "refused", "codes": ["5.1.1"],
            "deliveries": 2,
        }  # fmt: skip
        assert "tok ikke imot" in (await varsel(up)).out
        refused.clear()
        await up.publish(another("c"))
        await up.delivery_of(another("c"))
        assert (await varsel(up, "--json")).document["unreachable"] == []


async def test_a_surge_is_told_with_its_domain(redis: Redis, redis_url: str) -> None:
    many = [f"medlem{n}@store.example" for n in range(10)]
    async with hearing(redis, redis_url) as up:
        await up.join(*many)
        await up.publish(original)
        await up.delivery_of(original)
        for to in many[:-1]:
            assert (await send(up, return_path(up, to), postfix("5.1.1")))[0] == 250
        await comes_back(up, many[-1], postfix("5.1.1"))
        assert "store.example" in (await varsel(up)).out
        (surge,) = (await varsel(up, "--json")).document["surges"]  # type: ignore[misc, var-annotated]
        assert (surge["domain"], surge["members"]) == ("store.example", 10)
