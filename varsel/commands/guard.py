"""`varsel guard`: watches a system from another machine."""

import asyncio
import signal
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from shared import log
from shared.oslo import oslo
from varsel import norwegian
from varsel.guard.memory import rung
from varsel.guard.ring import channels
from varsel.guard.settings import GuardSettings
from varsel.guard.sight import Memory
from varsel.guard.stand_guard import Guard
from varsel.output import Json, err, out, print_json


def guard(
    once: Annotated[
        bool,
        typer.Option(
            "--once",
            help="Se én gang og avslutt: med 1 hvis noe er galt og har vart for lenge. For cron.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Hold vakt utenfra: se om sider, strømmer og varsler når fram, og ring hvis ikke.

    Går på en annen maskin enn Varsel, uten tilgang til databasen. Innstillingene begynner med
    VARSEL_GUARD_ og står i docs/guard.md.

    Eksempel: varsel guard --once
    """
    if as_json and not once:
        raise typer.BadParameter("--json trenger --once")
    settings = _settings()
    log.configure()
    if not once and not (channels(settings) or settings.ping_url.get_secret_value()):
        raise typer.BadParameter(
            "vakten har ingen å ringe til; sett VARSEL_GUARD_SMTP_URL, VARSEL_GUARD_WEBHOOK eller "
            "VARSEL_GUARD_PING_URL, eller bruk --once, som sier fra med avslutningskoden"
        )
    if not once:
        asyncio.run(_stand(Guard(settings)))
        return
    found = asyncio.run(Guard(settings).look())
    if as_json:
        print_json(_document(found))
    else:
        _tell(rung(found))
    raise typer.Exit(1 if rung(found) else 0)


def _settings() -> GuardSettings:
    try:
        return GuardSettings()
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            name = "_".join(["VARSEL_GUARD", *map(str, problem["loc"][:1])]).upper()
            where = f"innstillingen {name}" if problem["loc"] else "innstillingene"
            why = "mangler" if problem["type"] == "missing" else norwegian.wrong_setting(problem)
            err.print(f"Feil i {where}: {why}.", markup=False, soft_wrap=True)
        err.print("Alle vaktens innstillinger står i docs/guard.md.")
        raise typer.Exit(2) from None


async def _stand(guard: Guard) -> None:
    told: list[str] | None = None

    def tell(found: Memory) -> None:
        nonlocal told
        if told != (now := rung(found)):
            told = now
            _tell(now)

    standing = asyncio.create_task(guard.stand(tell))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, standing.cancel)
    with suppress(asyncio.CancelledError):
        await standing


def _tell(lines: list[str]) -> None:
    at = f"{oslo(datetime.now(UTC)):%d.%m.%Y kl. %H.%M}"
    for line in lines or ["Alt er i orden, sett utenfra."]:
        out.print(f"{at}  {line}", markup=False, soft_wrap=True)


def _document(found: Memory) -> dict[str, Any]:
    return {
        "well": not rung(found),
        "troubles": [
            {"about": about, "words": one.words, "since": one.since, "rung": one.rung}
            for about, one in found.troubles.items()
        ],
    }
