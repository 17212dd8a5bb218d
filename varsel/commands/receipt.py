"""`varsel receipt`: how far an article has come."""

import asyncio
from typing import Annotated, Any

import httpx
import typer
from rich.markup import escape
from rich.table import Table

from varsel.client import RefusedError
from varsel.commands.publish import Key, Url, client_for, unreachable
from varsel.output import Json, fail, out, print_json
from varsel.watch_text import STATES


def receipt(
    article: Annotated[str, typer.Argument(metavar="ID", help="Sakens id.")],
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Vis kvitteringen for en sak: hvem som har fått den, i tall.

    Eksempel: varsel receipt a1b2c3d4e5f6
    """
    client = client_for(url, key)

    async def run() -> dict[str, Any]:
        async with client:
            return await client.receipt(article)

    try:
        found = asyncio.run(run())
    except RefusedError as error:
        fail(str(error), as_json=as_json, problem=error.problem)
    except httpx.HTTPError as error:
        fail(unreachable(client, error), as_json=as_json)
    if as_json:
        print_json(found)
        return
    table = Table(show_header=False, box=None)
    table.add_row("Tilstand", STATES.get(found["state"], found["state"]))
    table.add_row("Siden", "ute" if found["page"] else "ikke ute")
    sums = found["state"] != "none"
    for name, label in (
        ("audience", "Mottakere"), ("handed_over", "Levert til e-posttjener"),
        ("failed", "Mislyktes"), ("suppressed", "Utelatt"), ("open", "Gjenstår"),
    ):  # fmt: skip
        if sums:
            table.add_row(label, str(found[name]))
    for problem in found.get("problems", []):
        table.add_row("[red]Stanset[/]", escape(f"{problem['stream']}: {problem['cause']}"))
    out.print(table)
