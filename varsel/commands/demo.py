"""`varsel demo`: the whole way, from an article to mails, with made-up people."""

import asyncio
import csv
import logging
import sys
import tempfile
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import typer
import uvloop
from redis.asyncio import Redis

from services.ingest.identity.store import Identities
from services.ingest.people.keys import create_key
from services.notify.members.store import count
from services.notify.register.import_members import import_members
from shared import log
from shared.identity import Identity
from shared.settings import Settings
from varsel.client import Client, RefusedError
from varsel.commands.publish import ReceiptWatcher, follow_bar, progress_bar, publish_file, summary
from varsel.commands.up import CANNOT_START, explain
from varsel.output import Json, err, fail, out, print_json
from varsel.redis_of import NotRunningError, redis_of

if TYPE_CHECKING:
    from varsel.run.system import System

MEMBERS = 200
"""That are made up."""
CONSENT = "Eksempel: Ja, send meg sikkerhetsvarsler på e-post."
_ASSOCIATION = Identity(
    postal_address="Eksempelveien 1, 0001 Eksempelby",
    telephone="22 00 00 00",
    email="post@example.org",
    appeal_title="Sterkere sammen!",
    appeal="Bli medlem, og få varslene våre på e-post.",
)
"""What the made-up association says of itself, for the foot of its pages."""
_FIRST = ("Åse", "Bjørn", "Cecilie", "Dag", "Eli", "Finn", "Gro", "Håkon", "Ida", "Jørn")
_LAST = ("Eksempel", "Prøvestad", "Demovik", "Øvingsen", "Testrud", "Åsland", "Mønster", "Skisse",
         "Utkast", "Lek", "Modell", "Kladd", "Merke", "Forsøk", "Tenkt", "Dikt", "Luft", "Skygge",
         "Speil", "Mal")  # fmt: skip


class OtherMembersError(Exception):
    """The system is not one to play with."""


def demo(as_json: Json = False) -> None:
    """Vis hele veien: 200 oppdiktede medlemmer, en sak med varsel, siden og e-postene.

    Bruker systemet som kjører, eller starter et selv; det blir da stående i en terminal til du
    trykker Ctrl-C. Ingen e-post forlater maskinen.

    Eksempel: varsel demo
    """
    settings = Settings()
    if settings.has_relay:
        fail("Demoen sender bare til innboksen, og her er VARSEL_SMTP_URL satt.", as_json=as_json)
    try:
        with progress_bar(hidden=as_json) as progress:
            done = asyncio.run(_in_running_system(settings, follow_bar(progress)))
    except NotRunningError:
        _start_and_show(settings, as_json=as_json)
        return
    except (RefusedError, OtherMembersError, httpx.HTTPError) as error:
        fail(_why(error), as_json=as_json)
    _tell(settings, done, as_json=as_json)
    if not _all_reached(done):
        raise typer.Exit(1)


def _start_and_show(settings: Settings, *, as_json: bool) -> None:
    from varsel.run import system  # imported late; see up.py

    log.configure(logging.WARNING)
    stays = sys.stdout.isatty() and not as_json
    finished: list[dict[str, Any]] = []

    async def ready(running: "System") -> None:
        async def show() -> None:
            try:
                with progress_bar(hidden=as_json) as progress:
                    finished.append(await _in_running_system(settings, follow_bar(progress)))
                _tell(settings, finished[0], as_json=as_json)
            except (RefusedError, OtherMembersError, httpx.HTTPError) as error:
                with suppress(typer.Exit):
                    fail(_why(error), as_json=as_json)
            finally:
                if finished and stays:
                    out.print("Systemet kjører til du trykker Ctrl-C.")
                else:
                    running.stop()

        running.task = asyncio.create_task(show())

    try:
        uvloop.run(system.run(settings, ready, progress=err.print))
    except CANNOT_START as error:
        fail(explain(settings, error), as_json=as_json)
    if not finished or not _all_reached(finished[0]):
        raise typer.Exit(1)


def _all_reached(done: dict[str, Any]) -> bool:
    return bool(done["receipt"]["handed_over"] == MEMBERS)


async def _in_running_system(settings: Settings, watch: ReceiptWatcher) -> dict[str, Any]:
    async with redis_of(settings) as redis:
        await _must_be_safe(settings, redis)
        with tempfile.TemporaryDirectory() as folder:
            await _members(redis, settings, Path(folder) / "medlemmer.csv")
        key = await create_key(redis, "demo")
        # Without effect if somebody has said something already.
        await Identities(redis).put(_ASSOCIATION, "demo", "newsroom", seen=0)
    with as_file(files("varsel") / "demo_data" / "sak.md") as article:
        return await publish_file(Client(settings.site, key), article, watch)


async def _must_be_safe(settings: Settings, redis: Redis) -> None:
    """Raise OtherMembersError unless mail stays in the inbox and no member but the demo's is there.

    The running system is asked: its settings need not be those of this command.
    """
    async with httpx.AsyncClient() as http:
        inbox = await http.get(f"{settings.site}/inbox/api/messages")
    members = await count(redis)
    if inbox.status_code != 200 or members not in (0, MEMBERS):
        raise OtherMembersError


async def _members(redis: Redis, settings: Settings, file: Path) -> None:
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(("email", "name", "lang"))
        for number in range(MEMBERS):
            name = f"{_FIRST[number % 10]} {_LAST[number // 10]}"
            rows.writerow((f"medlem{number + 1:03d}@example.org", name, "nb"))
    await import_members(redis, settings, file, consent=CONSENT, progress=lambda *_: None)


def _why(error: Exception) -> str:
    if isinstance(error, RefusedError):
        return str(error)
    if isinstance(error, OtherMembersError):
        return (
            "Systemet her har andre medlemmer enn demoens, eller sender ekte e-post. Kjør demoen "
            "for seg selv: VARSEL_DATA=var/demo VARSEL_PORT=8001 varsel demo"
        )
    return f"Får ikke kontakt med systemet ({type(error).__name__})."


def _tell(settings: Settings, done: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(done | {"inbox": f"{settings.site}/inbox/"})
        return
    out.print(summary(done["receipt"]))
    out.print("Åpne:")
    for label, address in (
        ("Siden", done["url"]),
        ("E-postene", f"{settings.site}/inbox/"),
        ("Forsiden", f"{settings.site}/"),
        ("Strømmen", f"{settings.site}/feed.atom"),
    ):
        out.print(f"  {label:<10} {address}", soft_wrap=True)
