"""`varsel backup`: one sealed file with all that the system is."""

from pathlib import Path
from typing import Annotated, Any

import typer

from shared.settings import Settings
from varsel.backup.archive import identities, new_identity, recipient
from varsel.backup.check_backup import check_backup
from varsel.backup.contents import Manifest
from varsel.backup.take_backup import Told, take_backup
from varsel.commands.asking import clock
from varsel.commands.copies.progress import carry_out
from varsel.output import Json, fail, out, print_json

IdentityFile = Annotated[
    Path | None,
    typer.Option(
        "--identity", metavar="FIL", help="Filen som åpner kopien.", exists=True, dir_okay=False
    ),
]


def backup(
    file: Annotated[Path, typer.Argument(metavar="FIL", help="Filen med kopien.")],
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
    known = _recipients(recipients or [])
    if with_key is None:
        raise typer.BadParameter(
            "velg --with-key (den som åpner kopien, kan lese medlemmene) eller --without-key (ta "
            "vare på nøkkelen et annet sted; uten den er kopien verdiløs)"
        )
    if file.exists():
        fail(f"{file} finnes fra før. Velg et annet navn.", as_json=as_json)

    async def take(told: Told) -> Any:
        return await take_backup(file, settings, known, with_key=with_key, told=told)

    taken = carry_out(take, settings, as_json)
    more = {"file": str(file), "sha256": taken.sha256}
    tell(f"{file} er skrevet, og lest i en annen server", taken.manifest, more, as_json)


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
