"""`varsel articles`, `preview` and `history`: what there is, what waits, and what was changed."""

import asyncio
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from varsel.client import Client
from varsel.commands.asking import STATUSES, Id, Key, Url, ask, client_for, clock
from varsel.output import Json, err, out, print_json

PATIENCE = 10.0
"""Seconds to wait for a preview."""
_POLL = 0.25


class Status(StrEnum):
    draft = "draft"
    in_review = "in_review"
    approved = "approved"
    published = "published"
    withdrawn = "withdrawn"


def articles(
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
        state = STATUSES[one["status"]]
        last = f"{clock(one['last']['at'])} av {one['last']['by']}"
        table.add_row(one["id"], state, escape(one["title"]), escape(last))
    out.print(table)


def preview(article: Id, url: Url = "", key: Key = "", as_json: Json = False) -> None:
    """Se siden og e-posten til en sak som venter på godkjenning, og hvor mange den når.

    Eksempel: varsel preview a1b2c3d4e5f6
    """
    client = client_for(url, key)
    found = ask(client, lambda: previewed(client, article), as_json=as_json)
    if as_json:
        print_json(found)
    elif found["page"]:
        out.print(f"Siden: {found['page']}", markup=False, soft_wrap=True)
    if not found["ready"]:
        err.print("Forhåndsvisningen er ikke klar ennå. Prøv igjen om litt.")
        raise typer.Exit(1)
    if not as_json:
        out.print(f"Når {found['audience']} medlemmer med e-posten «{found['subject']}»:\n")
        out.print(found["text"], markup=False, soft_wrap=True)


async def previewed(client: Client, article: str) -> dict[str, Any]:
    """The preview, waited for a moment where it is not ready."""
    found: dict[str, Any] = {"ready": False}
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while not found["ready"]:
        found = await client.look(f"/{article}/preview")
        if asyncio.get_running_loop().time() > deadline:
            break
        await asyncio.sleep(0 if found["ready"] else _POLL)
    return found


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
        change = one["change"] or {}
        table.add_row(
            str(one["revision"]), STATUSES[one["status"]], clock(one["at"]), escape(one["by"]),
            escape(change.get("note") or ""), one["sha256"][:12],
        )  # fmt: skip
    out.print(table)


def show_changes(diff: dict[str, Any], console: Console) -> None:
    """What differs, as `diff -u` shows it."""
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
