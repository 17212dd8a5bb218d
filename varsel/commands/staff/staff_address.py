"""`varsel people address`: at which address a person of the staff is told."""

import sys
from datetime import timedelta
from typing import Annotated

import typer
from redis.asyncio import Redis

from services.ingest.audit.entries import TrailAction
from services.ingest.audit.trail import Trail
from services.ingest.people.store import OPERATOR, People, UnknownPerson
from services.ingest.telling.address_link import AddressLinks
from services.notify.journal.keys_beside import OtherJournal, load_keys
from services.notify.letters.store import Letters
from services.notify.staff.give_address import give_address
from services.notify.staff.store import Staff
from services.notify.vault.keys import WrongSecretKey
from services.notify.vault.vault import Vault
from shared.settings import Settings
from varsel.commands.up import explain
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import with_redis

_LINK_HOURS = 48


async def keep_address(redis: Redis, settings: Settings, person: str, email: str) -> None:
    """Keep the address of the person with this id, sealed, and have a letter confirm it. ValueError
    if mail cannot be sent to it; WrongSecretKey or OtherJournal if notify's keys do not open."""
    keys = await load_keys(redis, settings)
    vault = Vault(keys.vault, keys.index)
    await Staff(redis, vault).set(person, email)
    await Trail(redis).append([TrailAction(OPERATOR, "address_given", detail={"person": person})])
    await give_address(Letters(redis, vault, keys.letters), person)


def read_address() -> str:
    """The address on standard input: never an argument, which others see in the list of
    processes."""
    if sys.stdin.isatty():
        return str(typer.prompt("E-postadresse"))
    return sys.stdin.readline().strip()


def address(
    name: Annotated[str, typer.Argument(metavar="NAVN", help="Hvem det gjelder.")],
    link: Annotated[
        bool,
        typer.Option("--link", help="Skriv ut en lenke der personen selv skriver adressen."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Si hvor en i redaksjonen får beskjed på e-post. Adressen leses fra standard inn, eller du
    blir spurt om den.

    Adressen lagres kryptert og vises aldri igjen. Med --link trenger du ikke å vite den.

    Eksempel: varsel people address kari < adresse.txt
    """
    settings = Settings()
    email = "" if link else read_address()

    async def run(redis: Redis) -> tuple[str, str]:
        person = await People(redis).named(name)
        if person is None:
            raise UnknownPerson
        if link:
            path = await AddressLinks(redis).make(person.id, timedelta(hours=_LINK_HOURS))
            return person.name, settings.site + path
        await keep_address(redis, settings, person.id, email)
        return person.name, ""

    try:
        known, url = with_redis(run, as_json)
    except (WrongSecretKey, OtherJournal) as error:
        fail(explain(settings, error), as_json=as_json)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if as_json:
        print_json({"name": known} | ({"link": url, "hours": _LINK_HOURS} if url else {}))
    elif url:
        out.print(f"Lenke til {known}, virker én gang, i {_LINK_HOURS} timer:", markup=False)
        out.print(url, markup=False, style="bold", soft_wrap=True)
    else:
        out.print(f"{known} får beskjed på e-post. Et brev er på vei til adressen.", markup=False)
