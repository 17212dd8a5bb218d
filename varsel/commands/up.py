"""`varsel up`: everything in one process, or one service."""

import errno
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import uvloop
from rich.table import Table
from rich.text import Text

from services.notify.journal.keys_beside import OtherJournal
from services.notify.vault.keys import WrongSecretKey
from shared import log, spans
from shared.bus.data_form import DataRefused
from shared.release import VERSION
from shared.settings import Settings
from varsel.output import err, fail, out
from varsel.run.embedded import FolderInUseError, ServerEndedError

if TYPE_CHECKING:
    from varsel.run.system import System

CANNOT_START = (
    FolderInUseError,
    ServerEndedError,
    DataRefused,
    WrongSecretKey,
    OtherJournal,
    ValueError,
    OSError,
)
"""The errors that a start may fail with; `explain` has a sentence for each."""


class ServiceName(StrEnum):
    INGEST = "ingest"
    RENDER = "render"
    NOTIFY = "notify"


def up(
    service: Annotated[
        ServiceName | None,
        typer.Argument(
            metavar="TJENESTE",
            help="ingest, render eller notify: bare den, med databasen i VARSEL_REDIS_URL.",
        ),
    ] = None,
) -> None:
    """Start alt i én prosess: database, API, nettsted og utsending.

    Stopp med Ctrl-C. Innstillingene står i docs/settings.md.

    Eksempel: VARSEL_PORT=8080 varsel up
    """
    # Imported late: it takes a second, and other commands need none of it.
    from services.ingest.newsroom.doors.trial import trial_link
    from varsel.run import system

    log.configure()
    settings = Settings()
    try:
        spans.start(f"varsel-{service}" if service else "varsel")
    except spans.PackagesMissing:
        raise typer.BadParameter(
            "OTEL_EXPORTER_OTLP_ENDPOINT er satt, men pakkene for spor er ikke installert "
            "(docs/observing.md, «Traces»)"
        ) from None
    if service and not settings.redis_url:
        raise typer.BadParameter(
            "en tjeneste for seg selv trenger VARSEL_REDIS_URL; uten navn starter alt"
        )

    async def ready(running: "System") -> None:
        if service:
            log.get(service).info(
                "ready", address=settings.host, port=settings.port, version=VERSION
            )
        else:
            [ingest] = (one for one in running.services if one.name == "ingest")
            newsroom = await trial_link(ingest.bus.redis, settings)
            out.print(where(settings, newsroom or f"{settings.site}/redaksjon/"))

    def progress(words: str) -> None:
        if service:  # a container's log is JSON throughout
            log.get(service).warning("waits", words=words)
        else:
            err.print(words)

    try:
        uvloop.run(system.run(settings, ready, alone=service, progress=progress))
    except CANNOT_START as error:
        fail(explain(settings, error))


def explain(settings: Settings, error: Exception) -> str:
    """A sentence on what kept the system from starting, and the way out."""
    if isinstance(error, FolderInUseError):
        return (
            f"Mappen {settings.data} er i bruk av et Varsel som allerede kjører. "
            f"Stopp det først, eller velg en annen mappe med VARSEL_DATA. (Prosess {error}.)"
        )
    if isinstance(error, ServerEndedError):
        return f"Databasen stoppet. Se {settings.data / 'redis.log'}. Siste linje: {error}"
    if isinstance(error, DataRefused | WrongSecretKey | OtherJournal):
        return _other_data(settings, error)
    if isinstance(error, ValueError):
        return f"En innstilling er feil: {error}"
    address = f"{settings.host}:{settings.port}"
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"{address} er opptatt. Velg en annen port, for eksempel VARSEL_PORT=8001."
    return f"Kan ikke starte på {address} med data i {settings.data}: {error}"


def _other_data(settings: Settings, error: DataRefused | WrongSecretKey | OtherJournal) -> str:
    if isinstance(error, DataRefused):
        return str(error)
    if isinstance(error, OtherJournal):
        return (
            f"Journalen i {settings.journal_folder} er skrevet med andre nøkler enn databasens. "
            "Sett VARSEL_JOURNAL til dette systemets journal, eller legg tilbake databasen som "
            "hører til den. Se «The journal» i docs/operator.md."
        )
    if settings.secret_key.get_secret_value():
        way_out = "Sett den rette (med compose.yaml: legg tilbake deploy/secrets/secret_key)"
    else:
        way_out = f"Sett den rette, eller legg tilbake filen {settings.data / 'secret-key'}"
    return f"Medlemmenes opplysninger er forseglet med en annen VARSEL_SECRET_KEY. {way_out}."


def where(settings: Settings, newsroom: str) -> Table:
    """The addresses of everything, once it runs; `newsroom` is that of the newsroom."""
    table = Table(title="Varsel kjører", title_justify="left", show_header=False, box=None)
    table.add_row("Nettstedet", f"{settings.site}/")
    table.add_row("Redaksjonen", Text(newsroom, overflow="fold"))
    if not settings.has_relay:
        table.add_row("Innboksen", f"{settings.site}/inbox/  (e-post går ikke ut herfra)")
    table.add_row("API", f"{settings.site}/api/openapi.json")
    table.add_row("Tilstand", f"{settings.site}/health/ready")
    table.add_row("Data", str(Path(settings.data).absolute()))
    if not settings.has_relay:
        table.add_row("Prøv", "varsel demo  (i et annet vindu; i en klone: .venv/bin/varsel demo)")
    table.add_row("Stopp", "Ctrl-C")
    return table
