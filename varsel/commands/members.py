"""`varsel members`: the people who get alerts."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from services.notify.members.import_members import MOST_REASONS, ImportReport, import_members
from services.notify.vault.keys import WrongSecretKey
from shared.settings import Settings
from varsel.commands import one_member
from varsel.commands.unreachable import unreachable_members
from varsel.commands.up import explain
from varsel.output import Json, err, fail, out, print_json
from varsel.redis_of import NotRunningError, redis_of

SHOWN = 50
"""Lines that are listed for people."""

app = typer.Typer(
    help="Medlemmer som får varsler.\n\n"
    'Eksempel: varsel members import medlemmer.csv --consent "Ja, send meg varsler."',
    no_args_is_help=True,
)


app.command("unreachable")(unreachable_members)
app.command("find")(one_member.find)
app.command("show")(one_member.show)
app.command("set")(one_member.set_)
app.command("export")(one_member.export)
app.command("erase")(one_member.erase)


@app.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FIL",
            exists=True,
            dir_okay=False,
            help="CSV fra Excel eller medlemssystemet, med kolonner for e-post, navn og språk.",
        ),
    ],
    consent: Annotated[
        str, typer.Option(help="Teksten medlemmene har sagt ja til. Lagres som bevis.")
    ],
    staff: Annotated[
        bool, typer.Option("--staff", help="De er ansatte, og får også øvelser og tester.")
    ] = False,
    update: Annotated[
        bool,
        typer.Option("--update", help="De som alt er med, får navnet og språket fra filen."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Ta inn medlemmer som har samtykket til å få varsler på e-post.

    Kan kjøres flere ganger med samme fil: de som alt er med, blir som de er, og har noen fått nytt
    navn eller språk, sies det. Linjer som ikke kan tas inn, stanser ikke de andre.

    Eksempel: varsel members import medlemmer.csv --consent "Ja, send meg sikkerhetsvarsler."
    """
    columns = (TextColumn("Tar inn medlemmer"), BarColumn(), TaskProgressColumn(),
               TimeRemainingColumn())  # fmt: skip

    settings = Settings()

    async def run() -> ImportReport:
        hidden = as_json or not err.is_terminal
        async with redis_of(settings) as redis:
            with Progress(*columns, console=err, disable=hidden, transient=True) as bar:
                task = bar.add_task("", total=file.stat().st_size)
                return await import_members(
                    redis,
                    settings,
                    file,
                    consent=consent,
                    staff=staff,
                    update=update,
                    progress=lambda read, total: bar.update(task, completed=read, total=total),
                )

    try:
        report = asyncio.run(run())
    except WrongSecretKey as error:
        fail(explain(settings, error), as_json=as_json)
    except (NotRunningError, ValueError) as error:
        fail(str(error), as_json=as_json)
    if as_json:
        print_json(_document(report))
    else:
        _tell(report)


def _document(report: ImportReport) -> dict[str, object]:
    return {
        "taken": report.taken,
        "unchanged": report.unchanged,
        "updated": report.updated,
        "differing": report.differing_count,
        "differences": [{"line": line, "what": what} for line, what in report.differing],
        "refused": report.refused_count,
        "reasons": [{"line": line, "reason": reason} for line, reason in report.refused],
    }


def _tell(report: ImportReport) -> None:
    sums = [
        f"Tatt inn: {report.taken}.",
        f"Var med fra før: {report.unchanged}.",
        f"Fikk nytt navn eller språk: {report.updated}." if report.updated else "",
        f"Har nytt navn eller språk i filen: {report.differing_count}."
        if report.differing_count
        else "",
        f"Ikke tatt inn: {report.refused_count}.",
    ]
    out.print(" ".join(filter(None, sums)))
    _list("Hva som er nytt", report.differing, report.differing_count)
    _list("Hvorfor ikke", report.refused, report.refused_count)


def _list(heading: str, lines: list[tuple[int, str]], count: int) -> None:
    """The first SHOWN of `lines`, of which there are `count` in all."""
    if not lines:
        return
    table = Table("Linje", heading)
    for line, words in lines[:SHOWN]:
        table.add_row(str(line), escape(words))
    out.print(table)
    if count > SHOWN:
        out.print(f"Bare de {SHOWN} første er vist; --json viser inntil {MOST_REASONS}.")
