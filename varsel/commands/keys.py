"""`varsel keys`: who may use the API."""

import asyncio
from typing import Annotated

import typer

from services.ingest.keys import create_key
from shared.settings import Settings
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import NotRunningError, redis_of

app = typer.Typer(help="Nøkler til API-et.", no_args_is_help=True)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="Hvem nøkkelen er til, for eksempel et navn.")],
    role: Annotated[str, typer.Option(help="Hva nøkkelen gir lov til: editor.")] = "editor",
    as_json: Json = False,
) -> None:
    """Lag en nøkkel og vis den, denne ene gangen.

    Eksempel: varsel keys create kari --role editor
    """

    async def run() -> str:
        async with redis_of(Settings()) as redis:
            return await create_key(redis, name, role)

    try:
        key = asyncio.run(run())
    except (NotRunningError, ValueError) as error:
        fail(str(error), as_json=as_json)
    if as_json:
        print_json({"name": name, "role": role, "key": key})
    else:
        out.print(f"Nøkkel til {name} ({role}), vises bare nå:")
        out.print(f"[bold]{key}[/]")
        out.print("Bruk den slik: export VARSEL_KEY=… før «varsel publish».")
