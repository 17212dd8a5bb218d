"""`varsel restore`: puts a backup back into an empty system, which is held from then on."""

from pathlib import Path
from typing import Annotated

import typer

from services.notify.journal.journal import JournalAway
from services.notify.journal.keys_beside import OtherJournal
from shared.settings import Settings
from varsel.backup.check_backup import check_backup
from varsel.backup.contents import Manifest
from varsel.backup.take_backup import Told
from varsel.commands.asking import clock
from varsel.commands.copies.backup import identities_in, tell
from varsel.commands.copies.progress import carry_out
from varsel.commands.up import explain
from varsel.output import Json, err, fail, out, print_json
from varsel.restore.between import Between
from varsel.restore.put_back import NotEmpty, SecretMissing, put_back


def restore(
    file: Annotated[
        Path, typer.Argument(metavar="FIL", help="Kopien.", exists=True, dir_okay=False)
    ],
    identity: Annotated[
        Path,
        typer.Option(
            "--identity", metavar="FIL", help="Det som åpner kopien.", exists=True, dir_okay=False
        ),
    ],
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Bare se at den kan legges tilbake; endre ingenting.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Legg en sikkerhetskopi tilbake i et tomt system. Ingenting går ut før «varsel resume».

    Journalen og nettstedet som ligger der, blir: de vet mer enn kopien.

    Eksempel: varsel restore kopi.age --identity nokkel.txt
    """
    settings = Settings()
    found = identities_in(identity, as_json)

    async def look(told: Told) -> Manifest:
        return await check_backup(file, settings, found, told)

    async def put(told: Told) -> Between:
        return await put_back(file, settings, found, told)

    if check:
        manifest = carry_out(look, settings, as_json)
        tell(f"{file} kan legges tilbake", manifest, {"file": str(file)}, as_json)
        return
    try:
        between = carry_out(put, settings, as_json)
    except NotEmpty:
        where = "VARSEL_REDIS_URL" if settings.redis_url else str(settings.data)
        fail(
            f"Databasen ({where}) er ikke tom. Legg kopien i en ny: flytt den som er der, til side "
            "(docs/operator.md, «Putting a backup back»).",
            as_json=as_json,
        )
    except SecretMissing:
        fail(
            "Den hemmelige nøkkelen er ikke med i kopien. Sett VARSEL_SECRET_KEY (eller "
            "VARSEL_SECRET_KEY_FILE) til den som systemet hadde.",
            as_json=as_json,
        )
    except OtherJournal as error:
        fail(explain(settings, error), as_json=as_json)
    except JournalAway:
        fail(
            f"Journalen i {settings.journal_folder} kan ikke skrives. Uten den kan medlemmer få "
            "andres nummer. Gi den plass og rettigheter, og prøv igjen.",
            as_json=as_json,
        )
    if as_json:
        print_json(between.model_dump(mode="json"))
        return
    out.print(
        f"Lagt tilbake fra {clock(between.made_at.isoformat())}. Ingenting går ut ennå.",
        soft_wrap=True,
    )
    for line in happened(between):
        err.print(f"- {line}", markup=False, soft_wrap=True)
    out.print("Start systemet, og gå videre med: varsel resume")


def happened(between: Between) -> list[str]:
    """What happened since the backup, as far as anybody knows, in sentences."""
    lines = []
    if between.journal_is_lost:
        lines.append(
            "Journalen er tapt, eller eldre enn kopien: ingen vet hvem som har meldt seg av siden. "
            "De kan få varsler igjen. Har du en nyere kopi av den, legg den inn før du starter."
        )
    else:
        lines.append(
            f"Siden kopien har {between.left} meldt seg av og {between.erased} blitt slettet. De "
            "får ingenting."
        )
    if between.deliveries:
        lines.append(
            f"Utsendinger som begynte etter kopien: {', '.join(between.deliveries)}. De som fikk "
            "dem, har dem."
        )
    for article, (shown, kept) in between.newer.items():
        lines.append(
            f"Sak {article} er rettet siden: nettstedet viser utgave {shown}, kopien har {kept}. "
            f"Legg inn rettelsen på nytt: varsel correct {article} FIL --what …"
        )
    if between.unknown:
        lines.append(
            f"Nettstedet viser saker som kopien ikke har: {', '.join(between.unknown)}. Ta vare på "
            "tekstene."
        )
    if not between.has_site:
        lines.append("Nettstedet er tapt. Det lages på nytt fra kopien når systemet går videre.")
    if between.trail_is_older:
        lines.append(
            "Revisjonssporet er kortere enn roten som nettstedet viser: det som ble gjort siden, "
            "er borte fra sporet."
        )
    return lines
