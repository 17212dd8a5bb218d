"""`varsel articles`: what there is, and what waits."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from varsel.commands.asking import Key, Url, ask, client_for, clock, state_of
from varsel.commands.moving.import_articles import import_
from varsel.output import Json, out, print_json


class Status(StrEnum):
    draft = "draft"
    in_review = "in_review"
    approved = "approved"
    published = "published"
    withdrawn = "withdrawn"


app = typer.Typer(
    help="Sakene: hva som finnes, og sakene fra et gammelt nettsted.\n\n"
    "Eksempel: varsel articles --status in_review",
    invoke_without_command=True,
)
app.command("import")(import_)


@app.callback()
def articles(
    context: typer.Context,
    status: Annotated[
        Status | None, typer.Option(help="Bare saker som er her, for eksempel in_review.")
    ] = None,
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Vis sakene, den som sist ble rørt, først.

    Eksempel: varsel articles --status in_review
    """
    if context.invoked_subcommand:
        return
    client = client_for(url, key)
    query = {"status": status.value} if status else {}
    found = ask(client, lambda: client.look("", **query), as_json=as_json)
    if as_json:
        print_json(found)
        return
    if not found["articles"]:
        out.print("Ingen saker.")
        return
    table = Table("Id", "Tilstand", "Tittel", "Sist", box=None)
    for one in found["articles"]:
        last = f"{clock(one['last']['at'])} av {one['last']['by']}"
        if note := one["last"]["note"]:
            last += f": {note}"
        table.add_row(one["id"], state_of(one), escape(one["title"]), escape(last))
    out.print(table)
