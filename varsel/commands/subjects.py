"""`varsel subjects`: what members choose alerts by."""

from pathlib import Path
from typing import Annotated

import typer
from redis.asyncio import Redis
from rich.markup import escape
from rich.table import Table

from services.ingest.problems import Problem
from services.ingest.subjects.store import ChangeOutcome, Subjects
from services.ingest.subjects.subject_list import read
from shared.subject import Subject
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import with_redis

BY = "operator"
"""Who changes subjects, for the audit trail."""
_WORDS: dict[ChangeOutcome, str] = {"added": "nytt", "changed": "endret", "same": "som før"}

app = typer.Typer(
    help="Emnene som medlemmer kan velge: medisiner, grupper av dem og sykdommer.\n\n"
    "Et varsel går til dem som har valgt et av emnene det handler om, og til alle som vil ha alle "
    "varsler. Er et virkestoff eller en sykdom i varselet ikke navn på noe emne, går det til "
    "alle.\n\n"
    "Eksempel: varsel subjects import emner.yaml",
    no_args_is_help=True,
)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Vis emnene. Det som --json skriver, kan endres og tas inn igjen med import.

    Eksempel: varsel subjects list
    """
    found = with_redis(lambda redis: Subjects(redis).all(), as_json)
    if as_json:
        print_json({"subjects": [_document(subject) for subject in found]})
    elif not found:
        out.print(
            "Ingen emner. Alle varsler går til alle medlemmer. Ta inn: varsel subjects import"
        )
    else:
        out.print(_table(found))


@app.command("import")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FIL", exists=True, dir_okay=False, help="YAML eller JSON; se docs/cli.md."
        ),
    ],
    as_json: Json = False,
) -> None:
    """Ta inn emner fra en fil, og endre dem som alt er der med samme id.

    Emner som ikke står i filen, blir som de er. Kan kjøres flere ganger med samme fil.

    Eksempel: varsel subjects import emner.yaml
    """
    try:
        subjects = read(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        fail(f"{file} kan ikke leses: lagre filen som UTF-8.", as_json=as_json)
    except Problem as problem:
        fail(_words(file, problem), as_json=as_json, problem=problem.document())

    async def put(redis: Redis) -> dict[str, ChangeOutcome]:
        there = Subjects(redis)
        return {subject.id: await there.put(subject, BY) for subject in subjects}

    done = with_redis(put, as_json)
    if as_json:
        print_json({"subjects": [{"id": id_, "outcome": what} for id_, what in done.items()]})
        return
    for id_, what in done.items():
        out.print(f"{id_}: {_WORDS[what]}", markup=False)


@app.command()
def remove(
    subject: Annotated[str, typer.Argument(metavar="ID", help="Emnets id.")], as_json: Json = False
) -> None:
    """Fjern et emne. Varsler om det går deretter til alle, og ingen kan velge det.

    Det medlemmer har valgt, blir tatt vare på, og gjelder igjen om emnet kommer tilbake med samme
    id.

    Eksempel: varsel subjects remove tofacitinib
    """
    if with_redis(lambda redis: Subjects(redis).remove(subject, BY), as_json) == "same":
        fail(f"Det er ikke noe emne {subject}. Se «varsel subjects list».", as_json=as_json)
    if as_json:
        print_json({"removed": subject})
    else:
        out.print(f"Fjernet: {subject}", markup=False)


def _document(subject: Subject) -> dict[str, object]:
    return subject.model_dump(mode="json", exclude_defaults=True)


def _table(subjects: list[Subject]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("Id", "Navn", "Virkestoff", "Handelsnavn", "ATC", "Grupper", "Sykdommer"):
        table.add_column(name, overflow="fold")
    for one in subjects:
        lists = (one.brands, one.atc, one.classes, one.conditions)
        cells = (one.id, one.name, one.substance or "", *(", ".join(names) for names in lists))
        table.add_row(*map(escape, cells))
    return table


def _words(file: Path, problem: Problem) -> str:
    """What is wrong with the file, each field in a line."""
    fields = [f"{error.field}: {error.message}" for error in problem.errors]
    return "\n".join([f"{file} kan ikke tas inn.", *(fields or [problem.detail])])
