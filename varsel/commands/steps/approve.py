"""`varsel approve`: shows what is to be approved, asks, and approves just that."""

from typing import Annotated, Any

import typer

from varsel.client import Client
from varsel.commands.asking import Id, Key, Url, ask, client_for, tell
from varsel.commands.views.history import show_changes
from varsel.commands.views.preview import previewed, show_reach, show_warnings
from varsel.output import Json, err, fail


def approve(
    article: Id,
    yes: Annotated[bool, typer.Option("--yes", help="Ikke spør: du har sett på saken.")] = False,
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Godkjenn et varsel som en annen har skrevet. Viser hva det gjelder, og spør først.

    Eksempel: varsel approve a1b2c3d4e5f6
    """
    client = client_for(url, key)
    if as_json and not yes:
        raise typer.BadParameter("med --json må du også gi --yes")
    seen = ask(client, lambda: _seen(client, article), as_json=as_json)
    if not yes:
        _show(seen)
        try:
            answer = input("Godkjenne? [j/N] ").strip().lower()
        except EOFError:
            fail("Ingen svarte. Bruk --yes der ingen kan svare.")
        if answer not in ("j", "ja"):
            fail("Ikke godkjent.")
    # `ask` has closed the client.
    client = client_for(url, key)
    etag = seen["etag"]
    done = ask(client, lambda: client.step("approve", article, etag=etag), as_json=as_json)
    tell(done, as_json=as_json)


async def _seen(client: Client, article: str) -> dict[str, Any]:
    """What an approver is shown: the article, its preview and what differs from what is live."""
    found = await client.article(article)
    live = found["live"]
    diff = (
        await client.look(f"/{article}/diff", **{"from": live["revision"], "to": found["revision"]})
        if live and live["revision"] != found["revision"]
        else None
    )
    waits = found["status"] == "in_review"
    preview = await previewed(client, article) if waits else {}
    return found | {"preview": preview, "diff": diff}


_CHANGES = {
    "edit": "Endring, ingen får e-post:",
    "correction": "Rettelse, sendes til alle som har fått varselet:",
    "withdrawal": "Trekkes tilbake:",
}


def _show(seen: dict[str, Any]) -> None:
    preview, diff = seen["preview"], seen["diff"]
    authors = ", ".join(seen["authors"])
    err.print(f"{seen['article']['title']}  (skrevet av {authors})", markup=False)
    if change := seen["change"]:
        word = _CHANGES[change["kind"]]
        err.print(f"{word} {change['note'] or ''}".rstrip(), markup=False)
    for one in seen["warnings"]:
        err.print(f"Obs: {one['message']}", markup=False, soft_wrap=True)
    if diff:
        show_changes(diff, err)
    if preview.get("page"):
        err.print(f"Siden: {preview['page']}", markup=False, soft_wrap=True)
    if preview.get("ready"):
        err.print(f"Den når {preview['audience']} medlemmer med e-posten «{preview['subject']}».",
                  markup=False)  # fmt: skip
        show_reach(preview, err)
        show_warnings(preview, err)
    elif seen["status"] == "in_review":
        err.print("Forhåndsvisningen er ikke klar ennå, så det er ikke kjent hvor mange det når.")
