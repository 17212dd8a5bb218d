"""`varsel history`: an article's revisions, and what differs between two of them."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from varsel.commands.asking import Id, Key, Url, ask, client_for, clock, state_of, why_returned
from varsel.output import Json, out, print_json


def history(
    article: Id,
    diff: Annotated[
        tuple[int, int] | None, typer.Option(metavar="A B", help="Vis hva som skiller to utgaver.")
    ] = None,
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Vis alle utgavene av en sak: hvem, når og hvorfor; eller hva som skiller to av dem.

    Eksempel: varsel history a1b2c3d4e5f6 --diff 1 3
    """
    client = client_for(url, key)
    if diff:
        between = {"from": diff[0], "to": diff[1]}
        found = ask(client, lambda: client.look(f"/{article}/diff", **between), as_json=as_json)
    else:
        found = ask(client, lambda: client.look(f"/{article}/revisions"), as_json=as_json)
    if as_json:
        print_json(found)
    elif diff:
        show_changes(found, out)
    else:
        _show_revisions(found["revisions"])


def _show_revisions(revisions: list[dict[str, Any]]) -> None:
    table = Table("Utgave", "Tilstand", "Lagret", "Av", "Hvorfor", "Innhold", box=None)
    for one in revisions:
        note = (one["change"] or {}).get("note")
        why = "\n".join(filter(None, (note, why_returned(one))))
        table.add_row(
            str(one["revision"]), state_of(one), clock(one["at"]), escape(one["by"]),
            escape(why), one["sha256"][:12],
        )  # fmt: skip
    out.print(table)


def show_changes(diff: dict[str, Any], console: Console) -> None:
    """Print to `console` what differs, as `diff -u` shows it. `diff` is the API's answer."""
    if not diff["fields"] and not diff["body"]:
        console.print("Ingen forskjell.")
    for one in diff["fields"]:
        console.print(one["field"], style="bold", markup=False)
        for sign, value, style in (("-", one["before"], "red"), ("+", one["after"], "green")):
            if value is not None:
                console.print(f"{sign} {value}", style=style, markup=False, soft_wrap=True)
    styles = {"+": "green", "-": "red", "@": "cyan"}
    for line in diff["body"]:
        console.print(line, style=styles.get(line[:1]), markup=False, soft_wrap=True)
