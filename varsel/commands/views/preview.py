"""`varsel preview`: the page and the mail of what waits for approval."""

import asyncio
from typing import Any

import typer
from rich.console import Console

from varsel.client import Client
from varsel.commands.asking import Id, Key, Url, ask, client_for
from varsel.output import Json, err, out, print_json
from varsel.watch.text import size

PATIENCE_SECONDS = 10.0
"""How long a preview that is not ready is waited for."""
_POLL_SECONDS = 0.25


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
        show_reach(found, err)
        show_warnings(found, err)


def show_reach(preview: dict[str, Any], on: Console) -> None:
    """Say what it was found to be about, and why not everybody gets it."""
    for line in filter(None, (_about(preview["matched"]), _first(preview), _others(preview))):
        on.print(line, markup=False, soft_wrap=True)


def _about(matched: dict[str, Any] | None) -> str:
    if not matched or not (matched["about"] or matched["unmatched"] or matched["extreme"]):
        return ""
    subjects = ", ".join(matched["about"])
    if matched["subjects"] is not None:
        return (
            f"Gjelder emnene: {subjects}. Går til dem som har valgt et av dem, eller alle varsler."
        )
    why = "det er svært alvorlig (extreme)"
    if not matched["extreme"]:
        names = ", ".join(f"«{name}»" for name in matched["unmatched"])
        why = f"dette ikke er navn på noe emne: {names}"
    return f"Går til alle, fordi {why}." + (f" Gjelder emnene: {subjects}." if subjects else "")


def _first(preview: dict[str, Any]) -> str:
    """How many of those whom a correction reaches never had the alert, in words."""
    if not 0 < preview["first"] < preview["audience"]:
        return ""
    return f"For {preview['first']} av dem er det den første e-posten om dette."


def _others(preview: dict[str, Any]) -> str:
    reasons = {
        "chose_others": "har valgt andre emner",
        "gone": "har meldt seg av eller er slettet",
        "not_owed": "fikk aldri varselet, eller er ikke med på øvelser",
        "no_address": "har en e-postadresse som ikke finnes lenger",
    }
    words = [f"{preview[name]} {why}" for name, why in reasons.items() if preview[name]]
    return f"Ikke med: {'; '.join(words)}." if words else ""


def show_warnings(preview: dict[str, Any], on: Console) -> None:
    """Say what is wrong with the mail, and how large it is."""
    takes = preview["relay_takes"]
    most = f"; e-posttjeneren tar imot {size(takes)}" if takes else ""
    on.print(f"E-posten er på {size(preview['size'])}{most}.", markup=False)
    for warning in preview["warnings"]:
        on.print(f"Obs: {warning}", markup=False, soft_wrap=True)


async def previewed(client: Client, article: str) -> dict[str, Any]:
    """The API's answer about the preview of `article`. It is waited for a while if it is not ready,
    and may still not be."""
    found: dict[str, Any] = {"ready": False}
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not found["ready"]:
        found = await client.look(f"/{article}/preview")
        if asyncio.get_running_loop().time() > deadline:
            break
        await asyncio.sleep(0 if found["ready"] else _POLL_SECONDS)
    return found
