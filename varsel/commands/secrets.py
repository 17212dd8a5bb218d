"""`varsel secrets`: new secrets in the place of old ones, while all runs."""

import base64
import json
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import typer
from redis.asyncio import Redis

from services.notify.journal.keys_beside import OtherJournal, rewrap_keys
from services.notify.mail import letterhead
from services.notify.mail.dkim import new_signing_key
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
    kept = (
        [_written(mine[-1])]
        if done
        else [*map(_written, mine), _written(mine[-1]) | {"secret": made}]
    )
    webhooks = [*others, *kept]
    if as_json:
        print_json({"rotated": "webhook", "secret": None if done else made, "webhooks": webhooks})
        return
    if not done:
        out.print(f"Gi følgeren denne, vises bare nå: {made}", markup=False, soft_wrap=True)
    out.print("Sett VARSEL_WEBHOOKS (eller filen den står i) til dette, og start notify på nytt:")
    out.print(json.dumps(webhooks), markup=False, soft_wrap=True)


@rotate.command()
def dkim(
    kind: Annotated[Literal["rsa", "ed25519"], typer.Argument(metavar="SLAG", help="rsa/ed25519")],
    done: Annotated[
        bool, typer.Option("--done", help="Den nye har stått i DNS en uke: ta bort den gamle.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Lag en ny nøkkel som signerer e-posten, og vis hva innstillingene og DNS skal være. Til du
    kjører den med --done, signeres hver e-post med begge, så ingen e-post er uten gyldig signatur.

    I stakken gjør deploy/rotate dkim alt dette.

    Eksempel: varsel secrets rotate dkim rsa
    """
    settings = Settings()
    domain = settings.sender.rpartition("@")[2]
    try:
        signer = letterhead.signer(settings, domain)
    except ValueError as error:
        fail(str(error), as_json=as_json)
    names = settings.dkim_rsa_selector if kind == "rsa" else settings.dkim_ed25519_selector
    mine = [key for key in signer.keys if key.algorithm.startswith(kind)] if signer else []
    if done and len(mine) < 2:
        fail("Det er bare én nøkkel. Kjør først uten --done.", as_json=as_json)
    if not done and len(mine) > 1:
        fail("Et bytte er alt i gang. Avslutt det med --done.", as_json=as_json)
    if done:
        newest, pems, selectors = mine[0], mine[0].pem, mine[0].selector
    else:
        newest = new_signing_key(kind, _new_selector(kind, names.split(",")))
        pems = "".join(key.pem for key in (newest, *mine))
        selectors = ",".join(key.selector for key in (newest, *mine))
    found = {
        "rotated": "dkim",
        "name": f"{newest.selector}._domainkey.{domain}",
        "record": newest.record,
        "selectors": selectors,
        "keys": pems,
    }
    if as_json:
        print_json(found)
        return
    name = f"VARSEL_DKIM_{kind.upper()}"
    out.print(f"Sett {name}_SELECTOR til dette:")
    out.print(selectors, markup=False, soft_wrap=True)
    out.print(f"Sett {name}_KEY (eller filen den står i) til dette, og start notify på nytt:")
    out.print(pems.rstrip(), markup=False, soft_wrap=True)
    if not done:
        out.print("Legg dette ut i DNS, en TXT-oppføring:")
        out.print(f"{found['name']}\n{newest.record}", markup=False, soft_wrap=True)


def _new_selector(kind: str, taken: Sequence[str]) -> str:
    """One that DNS does not have yet: the day is in it."""
    name = f"varsel-{kind}-{datetime.now(UTC):%Y%m%d}"
    return name if name not in taken else f"{name}-{secrets.token_hex(2)}"


def _written(one: Webhook) -> dict[str, Any]:
    wants = {name: True for name in ("exercises", "heartbeat") if getattr(one, name)}
    return {"url": one.url, "secret": one.secret.get_secret_value()} | wants
