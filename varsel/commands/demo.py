"""`varsel demo`: the whole way, from an article to mails, with made-up people."""

import asyncio
import csv
import logging
import sys
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import typer
import uvloop
from redis.asyncio import Redis

from services.ingest.keys import create_key
from services.notify.import_members import import_members
from shared import log
from shared.settings import Settings
from varsel.client import Client, RefusedError
from varsel.commands.publish import Watcher, follow_bar, progress_bar, publish_file, summary
from varsel.commands.up import CANNOT_START, explain
from varsel.output import Json, err, fail, out, print_json
from varsel.redis_of import NotRunningError, redis_of

if TYPE_CHECKING:
    from varsel.system import System

MEMBERS = 200
CONSENT = "Eksempel: Ja, send meg sikkerhetsvarsler på e-post."
_FIRST = ("Åse", "Bjørn", "Cecilie", "Dag", "Eli", "Finn", "Gro", "Håkon", "Ida", "Jørn")
_LAST = ("Eksempel", "Prøvestad", "Demovik", "Øvingsen", "Testrud", "Åsland", "Mønster", "Skisse",
         "Utkast", "Lek", "Modell", "Kladd", "Merke", "Forsøk", "Tenkt", "Dikt", "Luft", "Skygge",
         "Speil", "Mal")  # fmt: skip


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
    except (RefusedError, httpx.HTTPError) as error:
        fail(_why(error), as_json=as_json)
    _tell(settings, done, as_json=as_json)


def _start_and_show(settings: Settings, *, as_json: bool) -> None:
    from varsel import system  # all three services; see up.py

    log.configure(logging.WARNING)
    stays = sys.stdout.isatty() and not as_json
    finished: list[dict[str, Any]] = []

    async def ready(running: "System") -> None:
        async def show() -> None:
            try:
                with progress_bar(hidden=as_json) as progress:
                    finished.append(await _in_running_system(settings, follow_bar(progress)))
                _tell(settings, finished[0], as_json=as_json)
            except (RefusedError, httpx.HTTPError) as error:
                err.print(f"[bold red]Feil:[/] {_why(error)}")
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
    if not finished:
        raise typer.Exit(1)


async def _in_running_system(settings: Settings, watch: Watcher) -> dict[str, Any]:
    async with redis_of(settings) as redis:
        with tempfile.TemporaryDirectory() as folder:
            await _members(redis, settings, Path(folder) / "medlemmer.csv")
        key = await create_key(redis, "demo", "editor")
    with as_file(files("varsel") / "demo_data" / "sak.md") as article:
        async with Client(settings.site, key) as client:
            return await publish_file(client, article, watch)


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
        return "\n".join(error.lines())
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
