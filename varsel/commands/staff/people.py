"""`varsel people`: the staff, and the links that let them in."""

from typing import Annotated, Any

import typer
from pydantic import ValidationError
from redis.asyncio import Redis
from rich.markup import escape
from rich.table import Table

from services.ingest.people.invitations import HOURS, Invitations
from services.ingest.people.keys import ApiKeys
from services.ingest.people.person import ROLE_NAMES, Person
from services.ingest.people.store import NameTaken, People, PersonRecord, UnknownPerson
from services.notify.journal.keys_beside import OtherJournal
from services.notify.vault.keys import WrongSecretKey
from shared.oslo import oslo
from shared.settings import Settings
from varsel.commands.staff.staff_address import address, keep_address, read_address
from varsel.commands.up import explain
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import with_redis

Name = Annotated[str, typer.Argument(metavar="NAVN", help="Hvem det gjelder.")]
Role = Annotated[
    str,
    typer.Argument(metavar="ROLLE", help="editor, approver eller admin."),
]
_ROLES = "editor (skrive), approver (også godkjenne) eller admin (også slippe inn folk)"

app = typer.Typer(
    help="Folkene i redaksjonen: hvem de er, og hva de har lov til.\n\n"
    "Eksempel: varsel people invite kari --role approver",
    no_args_is_help=True,
)


app.command()(address)


@app.command()
def invite(
    name: Name,
    role: Annotated[str | None, typer.Option(help=f"Hva hen får lov til: {_ROLES}.")] = None,
    email_stdin: Annotated[
        bool,
        typer.Option("--email-stdin", help="Les adressen der hen får beskjed, fra standard inn."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Slipp noen inn i redaksjonen. Skriver ut en lenke som virker én gang, i 48 timer.

    Den som alt er i redaksjonen, får en ny lenke, for eksempel når en passnøkkel er mistet. Den
    forrige lenken slutter da å virke.

    Eksempel: varsel people invite kari --role approver
    """

    settings = Settings()
    email = read_address() if email_stdin else ""

    async def run(redis: Redis) -> tuple[Person, str]:
        people = People(redis)
        person = await people.named(name)
        if person is None:
            try:
                person = await people.add(name, role or "editor")
            except NameTaken as taken:  # at the same moment, by somebody else
                person = taken.person
        if role and role != person.role:
            raise ValueError(
                f"{person.name} har rollen {person.role}; "
                f"endre den slik: varsel people role «{person.name}» {role}"
            )
        if email_stdin:
            await keep_address(redis, settings, person.id, email)
        return person, await Invitations(redis).make(person.id)

    try:
        person, token = with_redis(run, as_json)
    except ValidationError:
        raise typer.BadParameter("navnet må være én linje med tekst") from None
    except (WrongSecretKey, OtherJournal) as error:
        fail(explain(settings, error), as_json=as_json)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    link = f"{settings.site}/redaksjon/inn/{token}/"
    if as_json:
        print_json({"name": person.name, "role": person.role, "link": link, "hours": HOURS})
        return
    out.print(f"Lenke til {person.name} ({person.role}), virker én gang, i {HOURS} timer:",
              markup=False)  # fmt: skip
    out.print(link, markup=False, style="bold", soft_wrap=True)
    out.print("Send den bare til den det gjelder: den som åpner den, er den personen.")


@app.command("list")
def list_(as_json: Json = False) -> None:
    """Vis hvem som er i redaksjonen, hvilken rolle de har, og hvem som slapp dem inn.

    Eksempel: varsel people list
    """

    async def run(redis: Redis) -> list[dict[str, Any]]:
        people = People(redis)
        records, keys = await people.records(), await ApiKeys(redis).all()
        waiting = await Invitations(redis).waiting()
        return [
            {
                "name": person.name,
                "role": person.role,
                "invited_by": _name_of(records[person.id].by, records),
                "since": records[person.id].at,
                "keys": sum(key.person == person.id for key in keys.values()),
                "invitation_until": waiting.get(person.id),
            }
            for person in await people.all()
        ]

    found = with_redis(run, as_json)
    if as_json:
        print_json({"people": found})
    elif not found:
        out.print("Ingen er i redaksjonen. Slipp inn den første: varsel people invite NAVN "
                  "--role admin")  # fmt: skip
    else:
        out.print(_table(found))


@app.command()
def role(name: Name, role: Role, as_json: Json = False) -> None:
    """Gi noen en annen rolle. Den gjelder straks, også for nøkler de alt har.

    Eksempel: varsel people role kari approver
    """

    async def run(redis: Redis) -> Person:
        return await People(redis).set_role((await _known(redis, name)).id, role)

    Settings()  # what is wrong with a setting is no fault of the name
    try:
        person = with_redis(run, as_json)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if as_json:
        print_json({"name": person.name, "role": person.role})
    else:
        does = ROLE_NAMES[person.role]
        out.print(f"{person.name} er nå {does} ({person.role}).", markup=False)


@app.command()
def revoke(name: Name, as_json: Json = False) -> None:
    """Ta noen ut av redaksjonen. Innlogginger, nøkler og lenker de har, slutter å virke med en
    gang. Det de har skrevet og godkjent, blir stående.

    Eksempel: varsel people revoke kari
    """

    async def run(redis: Redis) -> Person:
        person = await _known(redis, name)
        await People(redis).revoke(person.id)
        return person

    Settings()  # what is wrong with a setting is no fault of the name
    try:
        person = with_redis(run, as_json)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if as_json:
        print_json({"revoked": person.name})
    else:
        out.print(f"{person.name} er ute av redaksjonen.", markup=False)


async def _known(redis: Redis, name: str) -> Person:
    person = await People(redis).named(name)
    if person is None:
        raise UnknownPerson
    return person


def _name_of(person: str | None, records: dict[str, PersonRecord]) -> str | None:
    return records[person].name if person in records else None


def _table(people: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("Navn", "Rolle", "Sluppet inn av", "Siden", "Nøkler", "Lenke til"):
        table.add_column(heading, overflow="fold")
    for one in people:
        until = one["invitation_until"]
        table.add_row(
            escape(str(one["name"])),
            str(one["role"]),
            escape(str(one["invited_by"] or "kommandoen")),
            f"{oslo(one['since']):%d.%m.%Y}",
            str(one["keys"]),
            f"{oslo(until):%d.%m. %H.%M}" if until else "",
        )
    return table
