"""`varsel watch`: what goes on."""

import asyncio
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.live import Live
from rich.table import Table

from shared.settings import Settings
from varsel.commands.publish import STATES
from varsel.output import Json, fail, out, print_json
from varsel.overview import overview
from varsel.redis_of import NotRunningError, redis_of


def watch(
    once: Annotated[bool, typer.Option("--once", help="Vis én gang og avslutt.")] = False,
    as_json: Json = False,
) -> None:
    """Vis strømmer, etterslep, utsendinger og databasen, oppdatert hvert sekund.

    Eksempel: varsel watch --once
    """

    async def run() -> None:
        async with redis_of(Settings()) as redis:
            if as_json:
                print_json(await overview(redis))
            elif once:
                out.print(view(await overview(redis)))
            else:
                with Live(view(await overview(redis)), console=out, auto_refresh=False) as live:
                    while True:
                        await asyncio.sleep(1)
                        live.update(view(await overview(redis)), refresh=True)

    try:
        asyncio.run(run())
    except NotRunningError as error:
        fail(str(error), as_json=as_json)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def number(value: float) -> str:
    """With one decimal, and a comma before it."""
    return f"{value:.1f}".replace(".", ",")


def view(state: dict[str, Any]) -> Group:
    """The overview as tables."""
    streams = Table("Strøm", "Lengde", "Døde", "Leser", "Etterslep", "Under arbeid", "Eldste",
                    title="Strømmer", title_justify="left")  # fmt: skip
    for stream in state["streams"]:
        for place, group in enumerate(stream["groups"] or [{}]):
            first = place == 0
            dead = str(stream["dead"])
            streams.add_row(
                stream["stream"] if first else "",
                str(stream["length"]) if first else "",
                (f"[bold red]{dead}[/]" if stream["dead"] else dead) if first else "",
                group.get("group", "–"),
                str(group.get("lag", "–")),
                str(group.get("pending", "–")),
                "–" if group.get("oldest") is None else f"{number(group['oldest'])} s",
            )
    sent = Table(title="Utsendinger", title_justify="left")
    sent.add_column("Sak", no_wrap=True)
    for name in ("Tilstand", "Mottakere", "Levert", "Feilet", "Utelatt", "Gjenstår"):
        sent.add_column(name)
    for delivery in state["deliveries"]:
        sent.add_row(
            delivery["article"], STATES.get(delivery["state"], delivery["state"]),
            *(str(delivery[name])
              for name in ("audience", "handed_over", "failed", "suppressed", "open")),
        )  # fmt: skip
    server = state["redis"]
    log = "på" if server["aof"] and server["aof_ok"] else "[bold red]virker ikke[/]"
    foot = f"Minne {number(server['memory'] / 1e6)} MB · varig logg {log}"
    return Group(streams, sent if state["deliveries"] else "Ingen utsendinger ennå.", foot)
