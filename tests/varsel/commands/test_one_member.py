"""The commands for one member, as somebody at the phone uses them."""

import asyncio
import json
import re
import subprocess
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from redis.asyncio import Redis

from services.notify.letters.store import QUEUE, letter_key
from services.notify.outbox.accepted_letter import AcceptedLetter
from services.notify.passkeys.store import MemberPasskeys
from services.notify.vault import keys
from services.notify.vault.vault import Vault
from shared.bus.users import OPERATOR
from shared.passkeys.ceremonies import Passkey
from shared.visitors.sessions import MEMBER_SESSIONS, Sessions
from tests.system.running import Up
from varsel.run.embedded import redis_url

KARI, OLA = "kari.canary@example.org", "ola.canary@example.org"
_numbers = count()
CONSENT = "Ja, send meg varsler."


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    with Up() as up:
        yield up.start()


@pytest.fixture
def members(up: Up) -> tuple[str, str]:
    """Two members, in each test others."""
    nth = next(_numbers)
    kari, ola = (f"{name}{nth}.canary@example.org" for name in ("kari", "ola"))
    file = up.data / "medlemmer.csv"
    file.write_text(f"email,name,lang\n{kari},Kari Canary,nb\n{ola},Ola Canary,nn\n")
    up.json("members", "import", str(file), "--consent", CONSENT)
    return kari, ola


def ask(up: Up, command: str, *lines: str, options: tuple[str, ...] = ()) -> Any:
    done = run(up, command, *lines, options=(*options, "--json"))
    return json.loads(done.stdout)


def run(
    up: Up, command: str, *lines: str, options: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    return up.run("members", command, *options, stdin="".join(f"{line}\n" for line in lines))


def test_whoever_asks_is_found_and_all_of_it_shown(up: Up, members: tuple[str, str]) -> None:
    kari, _ = members
    found = ask(up, "find", kari)
    assert found["state"] == "member"
    assert ask(up, "find", "ingen@example.org") == {"state": "unknown", "number": None}
    said = ask(up, "show", kari)
    taken = ask(up, "export", kari)
    assert (taken["medlem"]["epost"], taken["samtykke"]["ord"]["text"]) == (kari, CONSENT)
    assert taken["varsler"] == []
    assert (taken["passnokler"], said["passkeys"]) == ([], [])
    assert (said["email"], said["name"], said["lang"]) == (kari, "Kari Canary", "nb")
    assert said["numbers"] == [found["number"]]
    assert said["consent"]["how"] == "import"
    assert said["consent"]["words"]["text"] == CONSENT
    assert said["subjects"] is None
    shown = run(up, "show", kari).stdout
    assert "Kari Canary" in shown
    assert "alle sikkerhetsvarsler" in shown
    assert re.search(r"Passnøkler: +ingen", shown)


def test_a_passkey_is_told_of_too(up: Up, members: tuple[str, str]) -> None:
    kari, _ = members
    number = ask(up, "find", kari)["number"]
    asyncio.run(_add_passkey(up, number))
    [told] = ask(up, "export", kari)["passnokler"]
    assert told["laget"]
    assert told["sist_brukt"] is None
    [made] = ask(up, "show", kari)["passkeys"]
    assert told["laget"].startswith(made[:16])
    assert made in run(up, "show", kari).stdout


def test_who_moves_by_phone_is_logged_out_everywhere_and_no_passkey_of_before_lets_in(
    up: Up, members: tuple[str, str]
) -> None:
    kari, ola = members
    numbers = [ask(up, "find", one)["number"] for one in (kari, ola)]
    for number in numbers:
        asyncio.run(_add_passkey(up, number))
    sessions = asyncio.run(_log_in(up, *numbers))
    new = f"flyttet.{kari}"
    ask(up, "set", kari, new, options=("--address",))
    assert asyncio.run(_who(up, *sessions)) == [None, str(numbers[1])]
    assert ask(up, "export", new)["passnokler"] == []
    assert len(ask(up, "export", ola)["passnokler"]) == 1


async def _log_in(up: Up, *numbers: int) -> list[str]:
    async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
        sessions = Sessions(redis, MEMBER_SESSIONS, b"p" * 32)
        return [(await sessions.begin(str(number))).id for number in numbers]


async def _who(up: Up, *ids: str) -> list[str | None]:
    async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
        found = [await Sessions(redis, MEMBER_SESSIONS, b"p" * 32).look(id_) for id_ in ids]
        return [session.who if session else None for session in found]


async def _add_passkey(up: Up, number: int) -> None:
    secret = (up.data / "secret-key").read_text().strip()
    async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
        found = await keys.load(redis, secret)
        passkeys = MemberPasskeys(redis, Vault(found.vault, found.index))
        passkey = Passkey("RW5lbg", "bm9ra2Vs", 1, is_synced=True)
        letter = AcceptedLetter("1", letter_key("1"), QUEUE, [], b"", 1)
        assert await passkeys.add(number, passkey, letter)


def test_name_language_and_address_are_set_and_the_old_address_leads_nowhere(
    up: Up, members: tuple[str, str]
) -> None:
    kari, ola = members
    new = f"ny.{kari}"
    done = ask(
        up, "set", kari, "Kari Nordmann", new, options=("--name", "--address", "--lang", "nn")
    )
    assert done["changed"] == ["name", "address", "lang"]
    said = ask(up, "show", new)
    assert (said["email"], said["name"], said["lang"]) == (new, "Kari Nordmann", "nn")
    assert ask(up, "find", kari)["state"] == "moved"
    assert "error" in ask(up, "show", kari)
    refused = ask(up, "set", new, "Noe annet", ola, options=("--name", "--address"))
    assert "et annet medlems. Ingenting er rettet" in refused["error"]
    said = ask(up, "show", new)
    assert (said["email"], said["name"]) == (new, "Kari Nordmann")


def test_who_moved_lately_is_not_erased_while_the_owner_can_undo_it(
    up: Up, members: tuple[str, str]
) -> None:
    kari, _ = members
    new = f"tatt.{kari}"
    ask(up, "set", kari, new, options=("--address",))
    refused = ask(up, "erase", new)
    assert "kan angre det til" in refused["error"]
    assert ask(up, "show", new)["email"] == new


def test_the_erased_are_gone(up: Up, members: tuple[str, str]) -> None:
    kari, ola = members
    assert ask(up, "erase", kari) == {"erased": True}
    assert ask(up, "find", kari)["state"] == "erased"
    assert "error" in ask(up, "show", kari)
    assert ask(up, "find", ola)["state"] == "member"
    report = up.json("members", "import", str(up.data / "medlemmer.csv"), "--consent", CONSENT)
    assert report["taken"] == 0
    assert ask(up, "find", kari)["state"] == "erased"


def test_each_use_is_in_the_audit_trail_without_whom_it_was_about(
    up: Up, members: tuple[str, str]
) -> None:
    kari, _ = members
    for command in ("find", "show", "export"):
        ask(up, command, kari)
    ask(up, "set", kari, options=("--lang", "nn"))
    ask(up, "erase", kari)
    ask(up, "show", kari)  # shows nothing, and was asked
    trail = up.run("audit", "export").stdout
    entries = [json.loads(line) for line in trail.splitlines()][-6:]
    assert [entry["what"] for entry in entries] == [
        "found_member",
        "showed_member",
        "exported_member",
        "changed_member",
        "erased_member",
        "showed_member",
    ]
    assert {entry["actor"] for entry in entries} == {"operator"}
    assert entries[3]["detail"] == {"what": "lang"}
    assert "canary" not in trail.lower()
    assert kari.partition("@")[0] not in trail


@pytest.mark.parametrize(
    ("lines", "options", "says"),
    [
        ((), (), "standard inn"),
        (("ingen adresse",), (), "@"),
        ((KARI,), ("--lang", "fr"), "nb, nn eller en"),
        ((KARI,), ("--name",), "standard inn"),
    ],
)
def test_wrong_use_is_told(
    up: Up, lines: tuple[str, ...], options: tuple[str, ...], says: str
) -> None:
    command = "set" if options else "find"
    done = run(up, command, *lines, options=options)
    assert done.returncode == 2
    assert says in " ".join(done.stderr.split())
    assert KARI not in done.stdout + done.stderr


def test_set_without_anything_to_set_is_wrong_use(up: Up) -> None:
    assert run(up, "set", KARI).returncode == 2
