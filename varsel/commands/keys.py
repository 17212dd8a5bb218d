"""`varsel keys`: the keys of people who may use the API."""

import asyncio
from typing import Annotated

import typer
from pydantic import ValidationError

from services.ingest.keys.store import create_key
from shared.settings import Settings
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import NotRunningError, redis_of

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
        str,
        typer.Option(
            help="Hva nøkkelen gir lov til: editor (skrive) eller approver (også godkjenne)."
        ),
    ] = "editor",
    as_json: Json = False,
) -> None:
    """Lag en nøkkel og vis den, denne ene gangen.

    Hver person skal ha sin egen: navnet er den som skriver og godkjenner.

    Eksempel: varsel keys create kari --role editor
    """

    settings = Settings()

    async def run() -> str:
        async with redis_of(settings) as redis:
            return await create_key(redis, name, role)

    try:
        key = asyncio.run(run())
    except NotRunningError as error:
        fail(str(error), as_json=as_json)
    except ValidationError:
        raise typer.BadParameter("navnet må være én linje med tekst") from None
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if as_json:
        print_json({"name": name, "role": role, "key": key})
    else:
        out.print(f"Nøkkel til {name} ({role}), vises bare nå:", markup=False)
        out.print(key, markup=False, style="bold", soft_wrap=True)
        out.print("Bruk den slik: export VARSEL_KEY=… før «varsel publish».")
