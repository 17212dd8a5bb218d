"""`varsel receipt`: how far an article has come."""

import asyncio
from typing import Annotated, Any

import httpx
import typer
from rich.table import Table

from varsel.client import Client, RefusedError
from varsel.commands.publish import STATES, Key, Url, address
from varsel.output import Json, fail, out, print_json


def receipt(
    article: Annotated[str, typer.Argument(metavar="ID", help="Sakens id.")],
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Vis kvitteringen for en sak: hvem som har fått den, i tall.

    Eksempel: varsel receipt a1b2c3d4e5f6
    """
    if not key:
        fail("Mangler API-nøkkel. Lag en med «varsel keys create NAVN», og sett VARSEL_KEY.",
             as_json=as_json)  # fmt: skip

    async def run() -> dict[str, Any]:
        async with Client(address(url), key) as client:
            return await client.receipt(article)

    try:
        found = asyncio.run(run())
    except RefusedError as error:
        fail("\n".join(error.lines()), as_json=as_json, problem=error.problem)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        fail(f"Får ikke kontakt med {address(url)} ({type(error).__name__}). Kjører Varsel der?",
             as_json=as_json)  # fmt: skip
    if as_json:
        print_json(found)
        return
    table = Table(show_header=False, box=None)
    table.add_row("Tilstand", STATES.get(found["state"], found["state"]))
    for name, label in (
        ("audience", "Mottakere"), ("handed_over", "Levert til e-posttjener"),
        ("failed", "Mislyktes"), ("suppressed", "Utelatt"), ("open", "Gjenstår"),
    ):  # fmt: skip
        table.add_row(label, str(found[name]))
    for problem in found.get("problems", []):
        table.add_row("[red]Stanset[/]", f"{problem['stream']}: {problem['cause']}")
    out.print(table)
