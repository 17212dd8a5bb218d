"""`varsel keys`: the keys of people who may use the API."""

from typing import Annotated, Any

import typer
from pydantic import ValidationError
from redis.asyncio import Redis
from rich.markup import escape
from rich.table import Table

from services.ingest.people.keys import ApiKeys, Scope, create_key
from services.ingest.people.person import Person
from services.ingest.people.store import People
from shared.oslo import oslo
from shared.settings import Settings
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import with_redis

app = typer.Typer(
    help="Nøkler som slipper folk inn.\n\nEksempel: varsel keys create kari --role editor",
    no_args_is_help=True,
)


@app.command()
def create(
    name: Annotated[
        str, typer.Argument(metavar="NAVN", help="Hvem nøkkelen er til, for eksempel et navn.")
    ],
    role: Annotated[
        str | None,
        typer.Option(
            help="Hva en ny person får lov til: editor (skrive), approver (også godkjenne) eller "
            "admin (også slippe inn folk). Uten: editor."
        ),
    ] = None,
    only: Annotated[
        Scope | None,
        typer.Option(
            metavar="receipts",
            help="La nøkkelen bare lese kvitteringer: for «varsel guard», på en annen maskin.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Lag en nøkkel og vis den, denne ene gangen.

    Navnet er personen som skriver og godkjenner. Er hen ny, blir hen lagt til i redaksjonen. Én
    person kan ha flere nøkler, og er like fullt ett par øyne.

    Eksempel: varsel keys create kari --role editor
    """

    async def run(redis: Redis) -> tuple[str, Person]:
        key = await create_key(redis, name, role, only)
        found = await ApiKeys(redis).find(key)
        assert found
        return key, found.person

    Settings()  # what is wrong with a setting is no fault of the name
    try:
        key, person = with_redis(run, as_json)
    except ValidationError:
        raise typer.BadParameter("navnet må være én linje med tekst") from None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if as_json:
        print_json({"name": person.name, "role": person.role, "only": only, "key": key})
    else:
        what = "bare kvitteringer" if only else person.role
        out.print(f"Nøkkel til {person.name} ({what}), vises bare nå:", markup=False)
        out.print(key, markup=False, style="bold", soft_wrap=True)
        use = (
            "VARSEL_GUARD_KEY=… der «varsel guard» går"
            if only
            else ("export VARSEL_KEY=… før «varsel publish»")
        )
        out.print(f"Bruk den slik: {use}.")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Vis nøklene: id, hvem de tilhører, og når de ble laget. Selve nøkkelen kan ikke vises igjen;
    id-en er de åtte tegnene etter «varsel_».

    Eksempel: varsel keys list
    """

    async def run(redis: Redis) -> list[dict[str, Any]]:
        people = {person.id: person for person in await People(redis).all()}
        return [
            {
                "id": id_,
                "name": people[key.person].name,
                "role": people[key.person].role,
                "only": key.only,
                "since": key.at,
            }
            for id_, key in (await ApiKeys(redis).all()).items()
            if key.person in people
        ]

    found = with_redis(run, as_json)
    if as_json:
        print_json({"keys": found})
    elif not found:
        out.print("Ingen nøkler. Lag en: varsel keys create NAVN")
    else:
        table = Table(box=None, pad_edge=False)
        for heading in ("Id", "Tilhører", "Rolle", "Laget"):
            table.add_column(heading, overflow="fold")
        for one in found:
            what = "bare kvitteringer" if one["only"] else one["role"]
            made = f"{oslo(one['since']):%d.%m.%Y %H.%M}"
            table.add_row(one["id"], escape(one["name"]), what, made)
        out.print(table)


@app.command()
def revoke(
    key: Annotated[
        str, typer.Argument(metavar="ID", help="Nøkkelens id, de åtte tegnene etter «varsel_».")
    ],
    as_json: Json = False,
) -> None:
    """Gjør en nøkkel ugyldig, med en gang. Personen er fortsatt i redaksjonen.

    Eksempel: varsel keys revoke 0a1b2c3d
    """
    if not with_redis(lambda redis: ApiKeys(redis).revoke(key), as_json):
        fail("Det er ingen nøkkel med denne id-en. Se «varsel keys list».", as_json=as_json)
    if as_json:
        print_json({"revoked": key})
    else:
        out.print(f"Nøkkelen {key} virker ikke lenger.", markup=False)
