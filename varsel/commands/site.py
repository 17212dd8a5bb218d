"""`varsel site`: the pages that readers see."""

import asyncio
import time
from collections.abc import Callable

import typer
from redis.asyncio import Redis

from services.render.articles.rebuilds import Rebuilds, RebuildState
from varsel.commands.publish import progress_bar
from varsel.output import Json, err, fail, out, print_json
from varsel.redis_of import with_redis

_LOOK_SECONDS = 0.25
PATIENCE_SECONDS = 60.0
"""How long nothing may happen before the command ends: render may be down, or the disk full."""
RebuildWatcher = Callable[[RebuildState], None]

app = typer.Typer(
    help="Nettstedet: sidene, listene og strømmene som leserne ser.\n\n"
    "Eksempel: varsel site rebuild",
    no_args_is_help=True,
)


@app.callback()
def _more_to_come() -> None:  # or Typer would not ask for the only word
    pass


@app.command()
def rebuild(as_json: Json = False) -> None:
    """Bygg hele nettstedet på nytt fra det Varsel vet om sakene.

    Nettstedet er ute som før så lenge, og et varsel som publiseres imens, går foran. Blir byggingen
    avbrutt, er alle filer hele, og den begynner på nytt når Varsel starter.

    Eksempel: varsel site rebuild
    """
    with progress_bar(hidden=as_json) as progress:
        task = progress.add_task("Bygger nettstedet", total=None)

        def watch(state: RebuildState) -> None:
            progress.update(task, total=state.articles or None, completed=state.written)

        try:
            done = with_redis(lambda redis: follow(redis, watch), as_json)
        except KeyboardInterrupt:
            err.print("Sluttet å følge med. Nettstedet blir bygget uten denne kommandoen.")
            raise typer.Exit(1) from None
    if done is None:
        fail(
            "Nettstedet er bestilt, men ingenting skjer. Er render startet, og er det plass på "
            "disken? Se «varsel watch». Det blir bygget så snart det går.",
            as_json=as_json,
        )
    if as_json:
        print_json({"articles": done.articles, "done": True})
    else:
        out.print(f"Nettstedet er bygget på nytt: {done.articles} saker.")


async def follow(redis: Redis, watch: RebuildWatcher) -> RebuildState | None:
    """Ask for the whole site anew, and follow it to its end; None if nothing happens for long."""
    rebuilds = Rebuilds(redis)
    wish = await rebuilds.ask()
    seen, moved = await rebuilds.state(), time.monotonic()
    while seen.done < wish and time.monotonic() - moved < PATIENCE_SECONDS:
        await asyncio.sleep(_LOOK_SECONDS)
        now = await rebuilds.state()
        if now != seen:
            seen, moved = now, time.monotonic()
            watch(seen)
    return seen if seen.done >= wish else None
