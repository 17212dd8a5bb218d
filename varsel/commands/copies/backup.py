"""`varsel backup`: one sealed file with all that the system is."""

import signal
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.settings import Settings
from varsel.backup.archive import identities, new_identity, recipient
from varsel.backup.check_backup import check_backup
from varsel.backup.contents import Contents, Manifest
from varsel.backup.give_way import give_way
from varsel.backup.keep import (
    BESIDE,
    last_contents,
    name_of,
    note_contents,
    remove_old,
    shrunken,
)
from varsel.backup.keep import taken as taken_in
from varsel.backup.take_backup import Doubted, TakenBackup, Told, take_backup
from varsel.commands.asking import clock
from varsel.commands.copies.elsewhere import into_another_place
from varsel.commands.copies.progress import carry_out
from varsel.output import Json, fail, out, print_json

_LOOK_SECONDS = 60.0
"""From look to look: the clock may be set."""
_RETRY_SECONDS = 900.0
"""Until a backup that could not be taken is tried again."""

IdentityFile = Annotated[
    Path | None,
    typer.Option(
        "--identity", metavar="FIL", help="Filen som åpner kopien.", exists=True, dir_okay=False
    ),
]


def backup(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FIL",
            help="Filen med kopien. En mappe: filen får navn etter tiden, og av de eldre beholdes "
            "7 daglige, 4 ukentlige og 12 månedlige.",
        ),
    ],
    recipients: Annotated[
        list[str] | None,
        typer.Option(
            "--recipient", metavar="MOTTAKER", help="Hvem som kan åpne den: age1… Kan gis flere."
        ),
    ] = None,
    *,
    with_key: Annotated[
        bool | None,
        typer.Option(
            "--with-key/--without-key",
            help="Om den hemmelige nøkkelen er med. Med: filen og identiteten er nok. Uten: den "
            "som legger tilbake, må ha nøkkelen fra et annet sted.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Les en kopi tilbake, og se at den er hel.")
    ] = False,
    identity: IdentityFile = None,
    make_identity: Annotated[
        bool,
        typer.Option("--make-identity", help="Lag identiteten FIL, og vis mottakeren som den er."),
    ] = False,
    elsewhere: Annotated[
        bool,
        typer.Option(
            "--elsewhere",
            help="Ta ingen kopi; legg de som er i mappen, også et annet sted, med restic. "
            "RESTIC_REPOSITORY og RESTIC_PASSWORD sier hvor.",
        ),
    ] = False,
    smaller: Annotated[
        bool,
        typer.Option(
            "--smaller", help="Kopien i en mappe kan ha langt mindre enn den forrige: det er så."
        ),
    ] = False,
    every: Annotated[
        float | None,
        typer.Option("--every", metavar="TIMER", min=1.0, help="Gjør det igjen så ofte."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Ta en sikkerhetskopi mens alt er i gang, eller les en tilbake.

    Eksempel: varsel backup kopi.age --recipient age1… --without-key
    """
    settings = Settings()
    if make_identity:
        _make_identity(file, as_json)
        return
    if check:
        if identity is None:
            raise typer.BadParameter("--check trenger også --identity")
        found = identities_in(identity, as_json)

        async def read_back(told: Told) -> Manifest:
            return await check_backup(file, settings, found, told)

        manifest = carry_out(read_back, settings, as_json)
        tell(f"{file} er hel", manifest, {"file": str(file)}, as_json)
        return
    if elsewhere:
        if not file.is_dir():
            raise typer.BadParameter("--elsewhere trenger en mappe som finnes", param_hint="FIL")
        into_another_place(file, settings, every, as_json=as_json)
        return
    known = _recipients(recipients or [])
    if with_key is None:
        raise typer.BadParameter(
            "velg --with-key (den som åpner kopien, kan lese medlemmene) eller --without-key (ta "
            "vare på nøkkelen et annet sted; uten den er kopien verdiløs)"
        )
    once = AskedBackup(settings, known, with_key=with_key, as_json=as_json, smaller=smaller)
    if every is not None:
        if not file.is_dir():
            raise typer.BadParameter("--every trenger en mappe som finnes", param_hint="FIL")
        keep_taking(file, once, timedelta(hours=every))
    elif file.is_dir():
        take_into(file, once)
    elif file.exists():
        fail(f"{file} finnes fra før. Velg et annet navn.", as_json=as_json)
    else:
        take_one(file, once)


@dataclass(frozen=True)
class AskedBackup:
    """How backups are to be taken."""

    settings: Settings
    recipients: list[Any]
    with_key: bool
    as_json: bool
    smaller: bool = False
    """Whether a person has said that a copy may hold far less than the one before."""


def take_one(file: Path, wanted: AskedBackup, doubted: Doubted | None = None) -> TakenBackup:
    """Take a backup, and tell of it unless it is `doubted`; ends the command if it cannot be
    taken."""

    async def take(told: Told) -> TakenBackup:
        more = {} if doubted is None else {"doubted": doubted}
        return await take_backup(
            file, wanted.settings, wanted.recipients, with_key=wanted.with_key, told=told, **more
        )

    give_way()
    taken = carry_out(take, wanted.settings, wanted.as_json)
    if taken.file == file:
        more = {"file": str(file), "sha256": taken.sha256}
        tell(f"{file} er skrevet, og lest i en annen server", taken.manifest, more, wanted.as_json)
    return taken


def take_into(folder: Path, wanted: AskedBackup) -> None:
    """Take one into the folder, and remove those that are old. One that cannot be a later state of
    what the last one held is put beside, and then nothing is removed."""
    why = ""

    def doubted(contents: Contents) -> Path | None:
        nonlocal why
        why = "" if wanted.smaller else shrunken(last_contents(folder), contents)
        return folder / BESIDE if why else None

    taken = take_one(folder / name_of(datetime.now(UTC)), wanted, doubted)
    if why:
        fail(
            f"Kopien ligger i {taken.file} og erstatter ingen: {why}. Er Redis tømt eller lagt "
            "tilbake? Se «Redis was emptied» i docs/operator.md. De gode kopiene er urørt. Er det "
            "riktig at det er mindre, kjør én gang med --smaller.",
            as_json=wanted.as_json,
            beside=str(taken.file),
        )
    try:
        note_contents(folder, taken.manifest.contents)
        removed = remove_old(folder)
    except OSError as error:
        fail(f"Eldre kopier kan ikke fjernes: {error.strerror}.", as_json=wanted.as_json)
    if removed and not wanted.as_json:
        out.print(f"Fjernet {len(removed)} eldre.")


def keep_taking(folder: Path, wanted: AskedBackup, every: timedelta) -> None:
    """Take one whenever the newest is so old, until the process is ended; one that could not be
    taken, or was put beside, is tried again soon. That a copy may be smaller is so once."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # and what is in the clear is removed
    while True:
        newest = max(taken_in(folder), default=None)
        wait = newest + every - datetime.now(UTC) if newest else timedelta(0)
        if wait > timedelta(0):
            time.sleep(min(wait.total_seconds(), _LOOK_SECONDS))
            continue
        try:
            take_into(folder, wanted)
            wanted = replace(wanted, smaller=False)
        except typer.Exit:  # it has been told
            time.sleep(_RETRY_SECONDS)


def identities_in(file: Path, as_json: bool) -> list[Any]:
    """Those in a file; ends the command if there is none."""
    try:
        return identities(file)
    except Exception as error:
        fail(f"{error}.", as_json=as_json)


def _recipients(given: list[str]) -> list[Any]:
    if not given:
        raise typer.BadParameter(
            "oppgi hvem som kan åpne den; «varsel backup nokkel.txt --make-identity» lager en",
            param_hint="--recipient",
        )
    try:
        return [recipient(one) for one in given]
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--recipient") from None


def _make_identity(file: Path, as_json: bool) -> None:
    try:
        public = new_identity(file)
    except FileExistsError:
        fail(f"{file} finnes fra før, og er kanskje den eneste som åpner kopier.", as_json=as_json)
    except OSError as error:
        fail(f"Kan ikke skrive {file}: {error.strerror}.", as_json=as_json)
    if as_json:
        print_json({"file": str(file), "recipient": public})
        return
    out.print(
        f"{file} åpner kopier for mottakeren under. Ta vare på filen et annet sted enn", end=" "
    )
    out.print("kopiene og denne maskinen; uten den åpner ingen dem.")
    out.print(public, soft_wrap=True)


def tell(words: str, manifest: Manifest, more: dict[str, str], as_json: bool) -> None:
    found = manifest.contents
    if as_json:
        print_json(more | manifest.model_dump(mode="json"))
        return
    out.print(
        f"{words}. Fra {clock(manifest.made_at.isoformat())}: {found.members} medlemmer, "
        f"{found.articles} saker, {found.pictures} bilder, {found.deliveries} utsendinger "
        f"({found.under_way} i gang), {found.trail} oppføringer i revisjonssporet. "
        + (
            "Nøkkelen er med: vokt identiteten."
            if manifest.has_secret_key
            else "Nøkkelen er ikke med: uten den er kopien verdiløs. Ta vare på den et annet sted."
        ),
        markup=False,
        soft_wrap=True,
    )
