"""`varsel backup FOLDER --elsewhere`: the folder's backups in another place too."""

import asyncio
import signal
import sys
import time
from pathlib import Path

import typer

from shared.settings import Settings
from varsel.backup.elsewhere import NotElsewhere, put_elsewhere
from varsel.output import fail, out, print_json
from varsel.ping import Pings

_RETRY_SECONDS = 900.0
"""Until what could not be sent is tried again."""


def into_another_place(
    folder: Path, settings: Settings, every: float | None, *, as_json: bool
) -> None:
    """Once, or again each so many hours until the process is ended. A ping service, where one is
    set, hears each time how it went."""
    if every is None:
        _once(folder, settings, as_json)
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    while True:
        try:
            _once(folder, settings, as_json)
        except typer.Exit:  # it has been told
            time.sleep(_RETRY_SECONDS)
        else:
            time.sleep(every * 3600)


def _once(folder: Path, settings: Settings, as_json: bool) -> None:
    try:
        done = put_elsewhere(folder)
    except NotElsewhere as error:
        _ping(settings, str(error), failed=True)
        fail(f"Kopiene er ikke lagt et annet sted. {_sentence(str(error))}.", as_json=as_json)
    words = f"{len(done.sent)} sendt, {len(done.removed)} eldre fjernet, {len(done.there)} er der."
    _ping(settings, words, failed=False)
    if as_json:
        print_json(vars(done))
    else:
        out.print(words)


def _ping(settings: Settings, words: str, *, failed: bool) -> None:
    if url := settings.ping_url.get_secret_value():
        asyncio.run(Pings(url).tell("fail" if failed else "", words))


def _sentence(words: str) -> str:
    words = words.rstrip(".")
    return words[:1].upper() + words[1:]
