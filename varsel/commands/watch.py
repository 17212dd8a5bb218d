"""`varsel watch`: what goes on, in a terminal."""

import asyncio
import signal
import time
from typing import Annotated

import typer
from redis.asyncio import Redis
from redis.exceptions import BusyLoadingError, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rich.live import Live

from shared.bus import tasks
from shared.bus.errors import login_refused
from shared.settings import Settings
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import NotRunningError, redis_of
from varsel.watch.overview import look
from varsel.watch.problems import problems
from varsel.watch.state import Look, document, keep
from varsel.watch.text import span
from varsel.watch.view import view

EVERY = 2.0
"""Seconds from one picture to the next; drawing one takes some ten milliseconds."""
BETWEEN = 1.0
"""Seconds between the two looks of a single picture: rates take two."""


def watch(
    once: Annotated[bool, typer.Option("--once", help="Vis én gang og avslutt.")] = False,
    as_json: Json = False,
) -> None:
    """Vis strømmer, tjenester, utsendinger og databasen, oppdatert hvert annet sekund.

    Øverst står det som bør ses på, og hva du kan gjøre. Avslutt med Ctrl-C.

    Eksempel: varsel watch --once
    """
    live = out.is_terminal and not out.is_dumb_terminal and not once and not as_json
    try:
        asyncio.run(_watch(live=live, as_json=as_json))
    except NotRunningError as error:
        fail(str(error), as_json=as_json)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


async def _watch(*, live: bool, as_json: bool) -> None:
    async with redis_of(Settings()) as redis:
        looks = [await look(redis)]
        if live:
            await _until_told_to_end(redis, looks)
            return
        await asyncio.sleep(BETWEEN)
        looks = keep(looks, await look(redis))
    if as_json:
        print_json(document(looks, problems(looks[-1])))
    else:
        out.print(view(looks, width=out.width))


async def _until_told_to_end(redis: Redis, looks: list[Look]) -> None:
    """Show what goes on until Ctrl-C, SIGTERM, or SIGHUP, which comes if the terminal is closed.

    The terminal is then as it was before. A process that was started with a signal ignored, or is
    the first of a container without an init, would without a handler look at Redis for ever.
    """
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, ended.set)
    with Live(console=out, screen=True, auto_refresh=False) as live:
        ending = asyncio.create_task(ended.wait())
        showing = asyncio.create_task(_show(redis, looks, live))
        await asyncio.wait({ending, showing}, return_when=asyncio.FIRST_COMPLETED)
        await tasks.end([ending])
        if showing.done():
            showing.result()
        await tasks.end([showing])


async def _show(redis: Redis, looks: list[Look], live: Live) -> None:
    """Look and show, for ever. A Redis that does not answer is said, and waited for."""
    answered, away = time.monotonic(), None
    while True:
        size = out.size
        live.update(view(looks, width=size.width, height=size.height, away=away), refresh=True)
        await asyncio.sleep(EVERY)
        try:
            looks = keep(looks, await look(redis))
            answered, away = time.monotonic(), None
        except (RedisError, OSError) as error:
            away = _why(error, time.monotonic() - answered)


def _why(error: Exception, silent: float) -> str:
    if isinstance(error, BusyLoadingError):
        return "Redis er startet, og laster lagrede data …"
    away = isinstance(error, OSError | RedisConnectionError | RedisTimeoutError)
    if away and not login_refused(error):
        return f"Redis svarer ikke ({span(silent)}). Er den startet? Prøver igjen."
    return f"Redis avviser spørsmålet ({type(error).__name__}: {error}). Prøver igjen."
