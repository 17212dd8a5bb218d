"""`varsel members unreachable`: whose mail no longer arrives."""

import csv
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from redis.asyncio import Redis
from rich.markup import escape
from rich.table import Table

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.notify.bounces.marks import AddressStanding
from services.notify.bounces.store import Bounces, Surge
from services.notify.bounces.unreachable import Unreachable, unreachable
from services.notify.journal.keys_beside import load_keys
from services.notify.members.store import Members
from services.notify.vault.keys import WrongSecretKey
from services.notify.vault.vault import Vault
from shared.oslo import oslo
from shared.settings import Settings
from varsel.commands.up import explain
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import with_redis

_WHY = {
    AddressStanding.GONE: "adressen finnes ikke",
    AddressStanding.SERIES: "ikke noe har kommet fram på lenge",
    AddressStanding.REFUSED: "e-posttjenesten tok ikke imot den siste e-posten",
}
_SURGES_SHOWN = timedelta(days=30)
_COLUMNS = ("nummer", "navn", "e-post", "hvorfor", "koder", "utsendinger", "først", "sist")


@dataclass(frozen=True)
class _Looked:
    members: list[Unreachable]
    surges: list[Surge]


def unreachable_members(
    to: Annotated[
        Path | None,
        typer.Option(
            "--to",
            metavar="FIL",
            help="Skriv navn og hele adresser til en ny CSV-fil, som bare du kan lese.",
            dir_okay=False,
        ),
    ] = None,
    forget: Annotated[
        int | None,
        typer.Option(
            "--forget",
            metavar="NR",
            help="Adressen virker: glem det som kom i retur for dette medlemmet.",
            min=1,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Vis medlemmer som e-posten ikke lenger når, så dere kan finne dem på en annen måte.

    Står det «adressen finnes ikke», får medlemmet ingen nye varsler før adressen er rettet.

    Eksempel: varsel members unreachable --to ring-disse.csv
    """
    settings = Settings()

    async def work(redis: Redis) -> _Looked:
        found = await load_keys(redis, settings)
        vault = Vault(found.vault, found.index)
        store, members = Bounces(redis, vault), Members(redis, vault)
        if forget is not None:
            await store.forget(forget)
            await _note(redis, "forgot_bounces", {})
        since = datetime.now(UTC) - _SURGES_SHOWN
        surges = [surge for surge in await store.surges() if surge.at >= since]
        looked = _Looked(await unreachable(store, members), surges)
        # Before anybody sees them.
        await _note(redis, "listed_unreachable", {"members": len(looked.members)})
        return looked

    try:
        looked = with_redis(work, as_json)
        if to:
            _write(to, looked.members)
    except WrongSecretKey as error:
        fail(explain(settings, error), as_json=as_json)
    except FileExistsError:
        fail(f"{to} finnes fra før. Velg en annen fil.", as_json=as_json)
    except OSError as error:
        fail(f"{to} kan ikke skrives: {error.strerror}", as_json=as_json)
    if as_json:
        print_json(_document(looked, to))
    else:
        _tell(looked, to)


async def _note(redis: Redis, what: str, detail: dict[str, str | int]) -> None:
    """Have the audit trail say that somebody looked, and not at whom."""
    await Trail(redis).append([TrailAction("operator", what, detail=detail)])


def _write(to: Path, members: list[Unreachable]) -> None:
    """For Excel: semicolons, and a mark that says UTF-8."""
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(_COLUMNS)
        for one in members:
            rows.writerow(map(_as_text, (
                one.number, one.member.name, one.member.email, _WHY[one.standing],
                " ".join(one.codes), one.deliveries, _day(one.first), _day(one.last),
            )))  # fmt: skip


def _as_text(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t") else value


def _document(looked: _Looked, to: Path | None) -> dict[str, Any]:
    return {
        "unreachable": [
            {
                "number": one.number,
                "address": masked(one.member.email),
                "standing": str(one.standing),
                "codes": list(one.codes),
                "deliveries": one.deliveries,
                "first": one.first.isoformat(),
                "last": one.last.isoformat(),
            }
            for one in looked.members
        ],
        "surges": [
            {"domain": s.domain, "members": s.members, "at": s.at.astimezone(UTC).isoformat()}
            for s in looked.surges
        ],
        "file": str(to) if to else None,
    }


def _tell(looked: _Looked, to: Path | None) -> None:
    if not looked.members:
        out.print("E-posten når alle medlemmer, så vidt vi har hørt.")
    else:
        table = Table("Nr.", "Adresse", "Hvorfor", "Koder", "Utsendinger", "Siden", box=None)
        for one in looked.members:
            table.add_row(
                str(one.number), escape(masked(one.member.email)), _WHY[one.standing],
                " ".join(one.codes), str(one.deliveries), _day(one.first),
            )  # fmt: skip
        out.print(table)
    if to:
        out.print(f"Navn og hele adresser står i {to}. Slett filen når dere er ferdige med den.")
    elif looked.members:
        out.print("Navn og hele adresser: varsel members unreachable --to FIL")
    for surge in looked.surges:
        out.print(
            f"{_day(surge.at)} kom e-post til {surge.members} medlemmer hos {escape(surge.domain)} "
            "i retur på én time. Da er det trolig noe galt hos dem, og ingen er merket for det."
        )


def masked(address: str) -> str:
    """An address that staff can tell apart from others, and nobody can write to."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _day(at: datetime) -> str:
    return f"{oslo(at):%d.%m.%Y}"
