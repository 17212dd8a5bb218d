"""`varsel members import`, `undo-sync` and `export-list`: members as lists of a register."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from redis.asyncio import Redis
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.notify.journal.journal import JournalAway
from services.notify.journal.keys_beside import OtherJournal
from services.notify.register.export_list import WrittenList
from services.notify.register.export_list import export_list as export
from services.notify.register.import_members import ImportWish, import_list
from services.notify.register.reading.columns import PARTS_OF_NAME
from services.notify.register.report import MOST_REASONS, UNASKED_PERCENT, ImportReport, Sync
from services.notify.register.runs import UNDO_DAYS, Run
from services.notify.register.sync_list import PhaseProgress, TooMany, sync_members
from services.notify.register.sync_list import undo_sync as undo
from services.notify.vault.keys import WrongSecretKey
from shared.oslo import oslo, oslo_today
from shared.settings import Settings
from varsel.commands.up import explain
from varsel.output import Json, err, fail, out, print_json
from varsel.redis_of import NotRunningError, redis_of

T = TypeVar("T")
SHOWN = 50
"""Lines that are listed for people."""
_MEANING = dict.fromkeys(PARTS_OF_NAME, "navn") | {
    "email": "e-post",
    "name": "navn",
    "lang": "språk",
}
_LIST_NAME = re.compile(r"[a-zæøå0-9][a-zæøå0-9 _.-]{0,39}")
_JOURNAL = (
    "Journalen (VARSEL_JOURNAL) kan ikke skrives, og uten den kan ingen tas inn. Se etter ledig "
    "plass og rettigheter, og prøv igjen; det som alt er gjort, gjøres ikke to ganger."
)


def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FIL",
            exists=True,
            dir_okay=False,
            help="CSV eller Excel (.xlsx) fra medlemssystemet: StyreWeb, KlubbAdmin eller andre.",
        ),
    ],
    *,
    consent: Annotated[
        str, typer.Option(help="Teksten medlemmene har sagt ja til. Lagres som bevis.")
    ],
    consented_on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="ÅÅÅÅ-MM-DD",
            help="Datoen da alle i listen hadde sagt ja. Den som meldte seg av før den, kommer inn "
            "igjen.",
        ),
    ] = None,
    list_name: Annotated[
        str, typer.Option("--list", metavar="NAVN", help="Navnet på listen, som styreweb.")
    ] = "",
    sync: Annotated[
        bool,
        typer.Option(
            "--sync",
            help="Avslutt dem som bare kom med listen (--list), og som ikke står i den lenger.",
        ),
    ] = False,
    end: Annotated[
        int | None,
        typer.Option(
            metavar="ANTALL",
            min=0,
            help="Hvor mange --sync skal avslutte; må sies når de er over 5 prosent.",
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Vis hvordan listen forstås og hva som ville skje, bare."),
    ] = False,
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
    if sync and not list_name:
        raise typer.BadParameter("--sync trenger navnet på listen", param_hint="--list")
    if end is not None and not sync:
        raise typer.BadParameter("--end gjelder bare sammen med --sync", param_hint="--end")
    agreed = consented_on.date() if consented_on else None
    if agreed and agreed > oslo_today():
        raise typer.BadParameter("datoen er ikke kommet ennå", param_hint="--consented-on")
    wish = ImportWish(consent.strip(), agreed, _list_name(list_name), staff=staff, update=update)

    async def work(redis: Redis, settings: Settings, told: PhaseProgress) -> ImportReport:
        words = "Leser listen" if dry_run else "Tar inn medlemmer"
        if sync:
            report = await sync_members(
                redis, settings, file, wish, end=end, dry_run=dry_run, progress=told
            )
        else:
            report = await import_list(
                redis,
                settings,
                file,
                wish,
                dry_run=dry_run,
                progress=lambda done, all_: told(words, done, all_),
            )
        if not dry_run:
            await _audit(redis, "imported_members", **_sums(report))
        return report

    try:
        report = _run(work, as_json)
    except TooMany as error:
        fail(str(error), as_json=as_json, **_document(error.report))
    if as_json:
        print_json(_document(report))
    else:
        _tell(report)


def undo_sync(
    name: Annotated[str, typer.Argument(metavar="NAVN", help="Navnet på listen, som styreweb.")],
    as_json: Json = False,
) -> None:
    """Ta inn igjen dem som den siste synken av en liste avsluttet, inntil 30 dager etter.

    Den som siden har meldt seg av selv eller er slettet, kommer ikke inn igjen.

    Eksempel: varsel members undo-sync styreweb
    """
    known = _list_name(name)

    async def work(
        redis: Redis, settings: Settings, told: PhaseProgress
    ) -> tuple[Run, int, list[int]]:
        run, back, unreadable = await undo(redis, settings, known, progress=told)
        await _audit(redis, "undid_sync", returned=back)
        return run, back, unreadable

    try:
        run, back, unreadable = _run(work, as_json)
    except LookupError:
        fail(
            f"De siste {UNDO_DAYS} dagene har ingen synk av listen «{known}» avsluttet noen.",
            as_json=as_json,
        )
    if as_json:
        print_json({
            "list": known, "synced": run.at.isoformat(), "returned": back,
            "unreadable": unreadable,
        })  # fmt: skip
    else:
        at = f"{oslo(run.at):%d.%m.%Y kl. %H.%M}"
        out.print(f"Synken av «{known}» {at} er angret. Tatt inn igjen: {back}.", markup=False)
        _tell_unreadable(unreadable)


def export_list(
    file: Annotated[
        Path, typer.Argument(metavar="FIL", help="Ny fil (.csv), som bare du kan lese.")
    ],
    as_json: Json = False,
) -> None:
    """Skriv alle som er medlemmer nå, til en CSV-fil som Excel åpner og «import» tar inn.

    Filen har navn og adresser i klartekst: slett den når den er brukt.

    Eksempel: varsel members export-list medlemmer.csv
    """

    async def work(redis: Redis, settings: Settings, told: PhaseProgress) -> WrittenList:
        await _audit(redis, "exported_members")
        return await export(
            redis, settings, file, lambda done, all_: told("Skriver listen", done, all_)
        )

    try:
        written = _run(work, as_json)
    except FileExistsError:
        fail(f"{file} finnes fra før. Slett den, eller velg et annet navn.", as_json=as_json)
    except OSError as error:
        fail(f"{file} kan ikke skrives: {error.strerror}.", as_json=as_json)
    if as_json:
        print_json({"file": str(file)} | written._asdict())
    else:
        out.print(f"Skrevet: {written.members} medlemmer.", markup=False)
        _tell_unreadable(written.unreadable)


async def _audit(redis: Redis, what: str, **detail: int) -> None:
    """Have the audit trail say what was done, in numbers; nothing of whom it was about."""
    await Trail(redis).append([TrailAction("operator", what, detail=detail)])


def _sums(report: ImportReport) -> dict[str, int]:
    return {
        "taken": report.taken,
        "returned": report.returned,
        "updated": report.updated,
        "refused": report.refused_count,
        "ended": report.sync.ended if report.sync else 0,
    }


def _list_name(text: str) -> str:
    """A list's name, the same however it is spelled; ends the command if it is none."""
    name = " ".join(text.split()).casefold()
    if text and not _LIST_NAME.fullmatch(name):
        raise typer.BadParameter(
            "navnet på en liste har høyst 40 bokstaver, tall, mellomrom og bindestreker",
            param_hint="--list",
        )
    return name


def _run(work: Callable[[Redis, Settings, PhaseProgress], Awaitable[T]], as_json: bool) -> T:
    """What `work` gives, with a bar that shows its progress. Ends the command with words if it
    cannot be done."""
    settings = Settings()

    async def run() -> T:
        async with redis_of(settings) as redis:
            with _bar(hidden=as_json or not err.is_terminal) as told:
                return await work(redis, settings, told)

    try:
        return asyncio.run(run())
    except TooMany:
        raise
    except (WrongSecretKey, OtherJournal) as error:
        fail(explain(settings, error), as_json=as_json)
    except JournalAway:
        fail(_JOURNAL, as_json=as_json)
    except (NotRunningError, ValueError) as error:
        fail(str(error), as_json=as_json)


@contextmanager
def _bar(*, hidden: bool) -> Iterator[PhaseProgress]:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=err, disable=hidden, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda words, done, total: bar.update(
            task, description=words, completed=done, total=total
        )


def _document(report: ImportReport) -> dict[str, object]:
    document: dict[str, object] = {
        "taken": report.taken,
        "returned": report.returned,
        "unchanged": report.unchanged,
        "updated": report.updated,
        "differing": report.differing_count,
        "differences": [{"line": line, "what": what} for line, what in report.differing],
        "refused": report.refused_count,
        "reasons": [{"line": line, "reason": reason} for line, reason in report.refused],
        "unreadable": report.unreadable,
        "sync": None,
    }
    if sync := report.sync:
        document["sync"] = {
            "list": sync.list,
            "before": sync.before,
            "missing": sync.missing,
            "kept": sync.kept,
            "ended": sync.ended,
        }
    if report.is_dry:
        names = zip(report.head.names, report.head.columns, strict=True)
        document["understood"] = {
            "kind": report.head.kind,
            "line": report.head.line,
            "columns": [{"name": name, "means": means or None} for name, means in names],
            "rows": [
                {"email": email, "name": name, "lang": lang or None}
                for email, name, lang in report.sample
            ],
        }
    return document


def _tell(report: ImportReport) -> None:
    if report.is_dry:
        _tell_head(report)
    dry = report.is_dry
    sums = [
        f"{'Nye' if dry else 'Tatt inn'}: {report.taken}.",
        f"{'Kommer' if dry else 'Kom'} inn igjen: {report.returned}." if report.returned else "",
        f"Var med fra før: {report.unchanged}.",
        f"{'Får' if dry else 'Fikk'} nytt navn eller språk: {report.updated}."
        if report.updated
        else "",
        f"Har nytt navn eller språk i filen: {report.differing_count}."
        if report.differing_count
        else "",
        f"Ikke tatt inn: {report.refused_count}.",
    ]
    out.print(" ".join(filter(None, sums)))
    if report.sync:
        _tell_sync(report.sync, dry=dry)
    _tell_unreadable(report.unreadable)
    _list("Hva som er nytt", report.differing, report.differing_count)
    _list("Hvorfor ikke", report.refused, report.refused_count)
    if dry:
        out.print("Ingenting er lagret. Uten --dry-run blir det gjort.")


def _tell_head(report: ImportReport) -> None:
    """How the list is understood, and its first rows, masked."""
    head = report.head
    out.print(f"Lest som {head.kind}. Kolonnenavnene står på linje {head.line}.", markup=False)
    table = Table("Kolonne", "Forstått som")
    for name, means in zip(head.names, head.columns, strict=True):
        if name.strip():
            table.add_row(escape(name.strip()[:40]), _MEANING.get(means, "brukes ikke"))
    out.print(table)
    if "lang" not in head.columns:
        own = f"nettstedets ({report.lang})"
        out.print(f"Listen har ikke språk: nye medlemmer får {own}, og andre beholder sitt.")
    rows = Table("E-post", "Navn", "Språk")
    for email, name, lang in report.sample:
        rows.add_row(escape(email), escape(name), lang)
    out.print(rows)


def _tell_sync(sync: Sync, *, dry: bool) -> None:
    if not sync.before:
        out.print(f"Ingen hadde kommet med listen «{sync.list}» før.", markup=False)
        return
    words = [
        f"Av {sync.before} som kom med listen «{sync.list}», mangler {sync.missing} i filen"
        + (", og ville bli avsluttet." if dry else f". Avsluttet: {sync.ended}."),
        f"Det er over {UNASKED_PERCENT} prosent, så tallet må sies: --end {sync.missing}."
        if dry and sync.are_many
        else "",
        f"{sync.kept} til mangler, men blir: de meldte seg inn selv, eller står i en annen liste."
        if sync.kept
        else "",
        f'Kan angres i {UNDO_DAYS} dager: varsel members undo-sync "{sync.list}"'
        if sync.ended
        else "",
    ]
    for one in filter(None, words):
        out.print(one, markup=False)


def _tell_unreadable(numbers: list[int]) -> None:
    if numbers:
        shown = ", ".join(map(str, numbers[:SHOWN])) + (" …" if len(numbers) > SHOWN else "")
        out.print(
            f"Posten er ødelagt og kan ikke leses for {len(numbers)} medlemsnumre: {shown}. "
            "De er hverken tatt med eller endret.",
            markup=False,
        )


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
