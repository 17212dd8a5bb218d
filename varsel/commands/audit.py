"""`varsel audit`: whether the audit trail is as it was written, and a copy of it."""

import re
import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, Annotated

import typer
from redis.asyncio import Redis

from services.ingest.audit.entries import Broken, BrokenWhy, Verified, Verifier
from services.ingest.audit.trail import Trail
from services.render.articles.seals import Seals
from shared.event_data import Seal
from shared.oslo import oslo
from varsel.commands.asking import clock
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import with_redis

app = typer.Typer(
    help="Revisjonssporet: hvem som gjorde hva, med bevis for at ingen har endret det.\n\n"
    "Eksempel: varsel audit verify",
    no_args_is_help=True,
)

_WORDS: dict[BrokenWhy, str] = {
    "unreadable": "oppføring {number} kan ikke leses",
    "changed": "oppføring {number} er endret etter at den ble skrevet",
    "number": "oppføring {number} mangler, er flyttet eller står to ganger",
    "previous": "oppføring {number} følger ikke den som står foran",
    "end": "sporet slutter for tidlig; oppføring {number} og resten mangler",
    "beyond": "oppføring {number} står etter slutten; den har ikke Varsel skrevet",
    "root": "ingen av de {number} oppføringene har roten. Sporet er avkortet eller skrevet om, "
    "eller roten er fra et annet spor",
}
_EMPTY = (
    "Revisjonssporet er tomt. I et nytt system er det riktig; har Varsel vært i bruk, begynner "
    "sporet på nytt, og det som stod der, er borte fra Redis. Se «The audit trail» i "
    "docs/operator.md."
)


@app.command()
def verify(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FIL",
            help="Et spor fra «audit export». Uten: sporet i systemet som kjører.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    root: Annotated[
        str, typer.Option(help="En rot som sporet må inneholde, for eksempel nettstedets.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Vis om revisjonssporet er slik det ble skrevet; ellers det første bruddet.

    Eksempel: varsel audit verify spor.jsonl --root 5f2b…
    """
    if root and not re.fullmatch("[0-9a-f]{64}", root):
        raise typer.BadParameter("en rot er 64 tegn av 0-9 og a-f", param_hint="--root")
    roots = [root] if root else []
    found: Verified | Broken | _BeginsAnew
    if file:
        with file.open("rb") as lines:
            found = _verify(Verifier(roots=roots), lines)
        if isinstance(found, Verified) and not found.entries:
            # An export that failed leaves such a file; it proves nothing.
            fail(f"{file} er tom. Lag den på nytt med «varsel audit export».", as_json=as_json)
    else:
        found = with_redis(lambda redis: _verify_running(redis, roots), as_json)
        if isinstance(found, Verified) and not found.entries:
            fail(_EMPTY, as_json=as_json, number=0, why="empty")
    if isinstance(found, _BeginsAnew):
        fail(_begins_anew(found), as_json=as_json, number=1, why="anew")
    if isinstance(found, Broken):
        words = _WORDS[found.why].format(number=found.number)
        message = f"Revisjonssporet er brutt: {words}. Se «The audit trail» i docs/operator.md."
        fail(message, as_json=as_json, number=found.number, why=found.why)
    if as_json:
        print_json({"entries": found.entries, "root": found.root, "began": found.began})
    else:
        out.print(f"Revisjonssporet er helt: {found.entries} oppføringer. Det begynner")
        out.print(
            f"{clock(found.began)}; var Varsel i bruk før det, er det begynt på nytt. Roten er"
        )
        out.print(found.root, style="bold", soft_wrap=True)


def _verify(verifier: Verifier, lines: Iterable[bytes]) -> Verified | Broken:
    for line in lines:
        if broken := verifier.take(line.removesuffix(b"\n")):
            return broken
    return verifier.end()


@dataclass(frozen=True)
class _BeginsAnew:
    """The trail is whole, and began after a day of which the site shows a root."""

    began: str
    """The first entry's time; empty if there is none."""
    lost: Seal
    """The seal of that day."""


def _begins_anew(found: _BeginsAnew) -> str:
    since = f" {clock(found.began)}" if found.began else ", og er tomt"
    return (
        f"Revisjonssporet begynner på nytt{since}: det har ikke roten som nettstedet viser for "
        f"{found.lost.day:%d.%m.%Y} ({found.lost.entries} oppføringer). Det som stod i sporet da, "
        "er borte fra Redis. Se «The audit trail» i docs/operator.md."
    )


async def _verify_running(redis: Redis, roots: list[str]) -> Verified | Broken | _BeginsAnew:
    """Verify the system's trail; it must also have the roots that the site shows."""
    trail = Trail(redis)
    seals = {seal.root: seal for seal in await Seals(redis).all()}
    lines, head = await trail.extent()
    verifier = Verifier(roots=[*roots, head.hash, *seals], entries=head.number)
    async for line in trail.read(max(lines, head.number)):
        if broken := verifier.take(line):
            return broken
    lost = [seals[root] for root in verifier.missing & seals.keys()]
    newest = max(lost, key=lambda seal: seal.day, default=None)
    if newest and verifier.missing <= seals.keys() and _is_later(verifier.began, newest.day):
        return _BeginsAnew(verifier.began, newest)
    return verifier.end()


def _is_later(began: str, day: date) -> bool:
    return not began or oslo(datetime.fromisoformat(began)).date() > day


@app.command()
def export(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FIL", help="Filen som skal skrives. Uten: til skjermen."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Skriv hele revisjonssporet, én oppføring på hver linje (JSON Lines).

    Eksempel: varsel audit export spor.jsonl
    """
    if file is None:
        if as_json:
            raise typer.BadParameter("oppgi også en fil", param_hint="--json")
        with_redis(lambda redis: _write(Trail(redis).read(), sys.stdout.buffer), as_json)
        return
    try:
        with file.open("wb") as target:
            count = with_redis(lambda redis: _write(Trail(redis).read(), target), as_json)
    except OSError as error:
        fail(f"Kan ikke skrive {file}: {error.strerror}.", as_json=as_json)
    if as_json:
        print_json({"file": str(file), "entries": count})
    else:
        out.print(f"{count} oppføringer er skrevet til {file}.", markup=False, soft_wrap=True)


async def _write(lines: AsyncIterator[bytes], target: IO[bytes]) -> int:
    """How many lines they were."""
    count = 0
    async for line in lines:
        target.write(line + b"\n")
        count += 1
    return count
