"""A bar for work on backups, and what went wrong with it, in words."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from redis.exceptions import RedisError
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from services.notify.vault.keys import WrongSecretKey
from shared.bus.data_form import DataRefused
from shared.bus.errors import login_refused
from shared.settings import Settings
from varsel.backup.archive import BackupUnreadable
from varsel.backup.contents import CopyBroken
from varsel.backup.cut import NoCut
from varsel.backup.second_server import CutUnreadable
from varsel.backup.take_backup import NoSecretKey, Told
from varsel.output import err, fail
from varsel.run.embedded import FolderInUseError, ServerEndedError

T = TypeVar("T")

_STEPS = {
    "redis": "Henter en kopi fra Redis",
    "check": "Leser kopien i en annen server",
    "seal": "Forsegler",
    "open": "Åpner",
    "put": "Legger tilbake",
}


@contextmanager
def bar() -> Iterator[Told]:
    """Shows each step and how far it is; nothing if standard error is no terminal."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
        tasks = {}

        def told(step: str, done: int, whole: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(_STEPS[step], total=None)
            progress.update(tasks[step], completed=done, total=whole or None)

        yield told


def carry_out(work: Callable[[Told], Awaitable[T]], settings: Settings, as_json: bool) -> T:
    """What `work` gives; ends the command with a sentence if it cannot be done."""

    async def run() -> T:
        with bar() as told:
            return await work(told)

    try:
        return asyncio.run(run())
    except (BackupUnreadable, CutUnreadable, CopyBroken) as error:
        fail(f"{_sentence(str(error))}.", as_json=as_json)
    except DataRefused as error:
        fail(str(error), as_json=as_json)
    except NoCut as error:
        fail(f"Redis gir ingen kopi: {error}. Prøv igjen.", as_json=as_json)
    except NoSecretKey:
        fail(
            "Fant ikke nøkkelen som skulle være med. Sett VARSEL_SECRET_KEY (eller "
            "VARSEL_SECRET_KEY_FILE), eller velg --without-key og ta vare på den et annet sted.",
            as_json=as_json,
        )
    except WrongSecretKey:
        fail(
            "Kopien er forseglet med en annen VARSEL_SECRET_KEY enn den som er satt her. Sett den "
            "som systemet hadde.",
            as_json=as_json,
        )
    except FolderInUseError:
        fail(
            f"Varsel kjører med data i {settings.data}. Stopp det først, eller velg en annen mappe "
            "med VARSEL_DATA.",
            as_json=as_json,
        )
    except ServerEndedError as error:
        fail(f"Databasen stoppet. Siste linje: {error}", as_json=as_json)
    except (RedisError, OSError) as error:
        if isinstance(error, RedisError) and login_refused(error):
            fail("Redis godtar ikke brukeren eller passordet i adressen.", as_json=as_json)
        where = "VARSEL_REDIS_URL" if settings.redis_url else f"VARSEL_DATA ({settings.data})"
        why = (isinstance(error, OSError) and error.strerror) or type(error).__name__
        fail(
            f"Det gikk ikke ({why}). Se at Varsel kjører med {where}, at filen kan skrives, og at "
            "det er plass på disken.",
            as_json=as_json,
        )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
