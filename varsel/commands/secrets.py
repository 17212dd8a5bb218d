"""`varsel secrets`: new secrets in the place of old ones, while all runs."""

import base64
import json
import secrets
from typing import Annotated, Any

import typer
from redis.asyncio import Redis

from services.notify.journal.keys_beside import OtherJournal, rewrap_keys
from services.notify.vault.keys import WrongSecretKey
from services.notify.vault.secret_key import new_secret, secret_keys, write_secret_keys
from shared.settings import Settings, Webhook
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import with_redis

app = typer.Typer(
    help="Bytt hemmeligheter mens alt går.\n\nEksempel: varsel secrets rotate key",
    no_args_is_help=True,
)
rotate = typer.Typer(
    help="Bytt én hemmelighet. Den gamle gjelder til den nye er på plass.\n\n"
    "Eksempel: varsel secrets rotate key",
    no_args_is_help=True,
)
app.add_typer(rotate, name="rotate")


@rotate.command()
def key(as_json: Json = False) -> None:
    """Bytt VARSEL_SECRET_KEY, som alt om medlemmene er forseglet bak. Ingen tjeneste stanses.

    Står den i en fil eller variabel som Varsel ikke eier: skriv først den nye på en linje over den
    gamle der (deploy/rotate gjør alt dette for stakken).

    Eksempel: varsel secrets rotate key
    """
    settings = Settings()
    is_given = bool(settings.secret_key.get_secret_value())
    found = secret_keys(settings)
    if len(found) == 1 and is_given:
        fail(
            "Den nye hemmeligheten mangler. Lag en med «openssl rand -hex 32», skriv den på en "
            "linje over den gamle der VARSEL_SECRET_KEY står, og prøv igjen.",
            as_json=as_json,
        )
    if len(found) == 1:
        found = [new_secret(), *found]
        write_secret_keys(settings, *found)

    async def run(redis: Redis) -> None:
        await rewrap_keys(redis, settings, *found)

    try:
        with_redis(run, as_json)
    except (WrongSecretKey, OtherJournal):
        fail(
            "Hemmeligheten er ikke den som dataene er forseglet med. Ingenting er endret.",
            as_json=as_json,
        )
    if not is_given:
        write_secret_keys(settings, found[0])
    if as_json:
        print_json({"rotated": "key", "remove_former": is_given})
        return
    out.print("Den nye hemmeligheten åpner nå alt, i Redis og ved journalen.")
    if is_given:
        out.print("Ta bort linjene under den i filen eller variabelen.")
    out.print(
        "Ta en kopi av den nye. Behold den gamle så lenge du har sikkerhetskopier fra før byttet."
    )


@rotate.command()
def webhook(
    url: Annotated[str, typer.Argument(metavar="ADRESSE", help="Følgerens adresse.")],
    done: Annotated[
        bool, typer.Option("--done", help="Følgeren har den nye: ta bort den gamle.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Lag en ny hemmelighet for en følger, og vis hva VARSEL_WEBHOOKS skal være. Til du kjører den
    med --done, signeres hver melding med begge, så følgeren kan bytte når den vil.

    Eksempel: varsel secrets rotate webhook https://sykehus.example.org/varsler
    """
    settings = Settings()
    mine = [one for one in settings.webhooks if one.url == url]
    if not mine:
        fail("Ingen følger har denne adressen; se VARSEL_WEBHOOKS.", as_json=as_json)
    if done and len(mine) == 1:
        fail("Følgeren har bare én hemmelighet. Kjør først uten --done.", as_json=as_json)
    if not done and len(mine) > 1:
        fail("Et bytte er alt i gang for denne følgeren. Avslutt det med --done.", as_json=as_json)
    made = f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
    others = [_written(one) for one in settings.webhooks if one.url != url]
    kept = [_written(mine[-1])] if done else [*map(_written, mine), {"url": url, "secret": made}]
    webhooks = [*others, *kept]
    if as_json:
        print_json({"rotated": "webhook", "secret": None if done else made, "webhooks": webhooks})
        return
    if not done:
        out.print(f"Gi følgeren denne, vises bare nå: {made}", markup=False, soft_wrap=True)
    out.print("Sett VARSEL_WEBHOOKS (eller filen den står i) til dette, og start notify på nytt:")
    out.print(json.dumps(webhooks), markup=False, soft_wrap=True)


def _written(one: Webhook) -> dict[str, Any]:
    return {"url": one.url, "secret": one.secret.get_secret_value()}
