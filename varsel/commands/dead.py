"""`varsel dead`: events that a service gave up on."""

import json
import re
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from shared.bus import dead
from shared.bus.letter import DeadLetter
from shared.topology import STREAMS
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import with_redis

app = typer.Typer(
    help="Hendelser som en tjeneste ga opp: se på dem, prøv igjen eller forkast.\n\n"
    "Eksempel: varsel dead list",
    no_args_is_help=True,
)
Letter = Annotated[str, typer.Argument(metavar="HENDELSE", help="Slik «dead list» viser den.")]


_LETTER = re.compile(r"([a-z]+)/([0-9]{1,19}-[0-9]{1,19})")


def _parts(letter: str) -> tuple[str, str]:
    known = {s.name for s in STREAMS}
    found = _LETTER.fullmatch(letter)
    if not found or found[1] not in known:
        raise typer.BadParameter(
            f"skriv strøm/nummer, som articles/1795393421560-0; av {', '.join(sorted(known))}"
        )
    return found[1], found[2]


def _document(letter: DeadLetter) -> dict[str, Any]:
    return {"letter": f"{letter.stream}/{letter.id}"} | {
        k: v for k, v in asdict(letter).items() if k not in ("id", "fields")
    }


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Vis døde hendelser, de 1000 eldste på hver strøm.

    Eksempel: varsel dead list
    """
    letters = with_redis(dead.letters, as_json)
    if as_json:
        print_json({"dead": [_document(letter) for letter in letters]})
        return
    if not letters:
        out.print("Ingen døde hendelser.")
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("Hendelse", no_wrap=True)
    for name in ("Sak", "Ga opp", "Forsøk", "Årsak"):
        table.add_column(name, overflow="fold")
    for letter in letters:
        table.add_row(
            f"{letter.stream}/{letter.id}", escape(letter.subject), letter.group,
            str(letter.attempts), escape(letter.cause),
        )  # fmt: skip
    out.print(table)
    out.print("Se nærmere: varsel dead show HENDELSE. Prøv igjen: varsel dead replay HENDELSE.")


@app.command()
def show(letter: Letter, as_json: Json = False) -> None:
    """Vis en hendelse med alt den inneholder.

    Eksempel: varsel dead show articles/1795393421560-0
    """
    stream, entry_id = _parts(letter)
    found = with_redis(lambda redis: dead.find(redis, stream, entry_id), as_json)
    if found is None:
        fail(f"Ingen død hendelse {letter}. Se «varsel dead list».", as_json=as_json)
    document = _document(found) | {"event": found.fields}
    if as_json:
        print_json(document)
        return
    for name, value in document.items():
        if name != "event":
            out.print(f"[bold]{name}[/]: {escape(str(value))}", soft_wrap=True)
    out.print_json(json.dumps(found.fields, ensure_ascii=False))


@app.command()
def replay(letter: Letter, as_json: Json = False) -> None:
    """Legg hendelsen tilbake på strømmen, så den blir prøvd igjen.

    Eksempel: varsel dead replay articles/1795393421560-0
    """
    stream, entry_id = _parts(letter)
    entry = with_redis(lambda redis: dead.replay(redis, stream, entry_id), as_json)
    if entry is None:
        fail(f"Ingen død hendelse {letter}. Se «varsel dead list».", as_json=as_json)
    if as_json:
        print_json({"letter": letter, "replayed_as": f"{stream}/{entry}"})
    else:
        out.print(f"Lagt tilbake på {stream} som {entry}.")


@app.command()
def drop(letter: Letter, as_json: Json = False) -> None:
    """Forkast hendelsen for godt.

    Eksempel: varsel dead drop articles/1795393421560-0
    """
    stream, entry_id = _parts(letter)
    if not with_redis(lambda redis: dead.drop(redis, stream, entry_id), as_json):
        fail(f"Ingen død hendelse {letter}. Se «varsel dead list».", as_json=as_json)
    if as_json:
        print_json({"letter": letter, "dropped": True})
    else:
        out.print("Forkastet.")
