"""`varsel resume`: a person has seen what happened since a backup, and lets the system go on."""

from collections.abc import Collection
from typing import Annotated, Any

import typer
from redis.asyncio import Redis

from shared.settings import Settings
from varsel.commands.asking import clock
from varsel.commands.copies.restore import happened
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import with_redis
from varsel.restore.go_on import Wanted, WhatWaits, go_on, what_waits

_KINDS = {
    "alert": "varsel",
    "correction": "rettelse",
    "withdrawal": "tilbaketrekking",
    "notice": "melding til medlemmer",
}
Ids = list[str] | None


def resume(
    deliver: Annotated[
        Ids, typer.Option("--deliver", metavar="ID", help="Denne utsendingen går videre.")
    ] = None,
    publish: Annotated[
        Ids, typer.Option("--publish", metavar="ID", help="Denne saken publiseres til sin tid.")
    ] = None,
    keep: Annotated[
        Ids, typer.Option("--keep", metavar="NAVN", help="Denne er fortsatt i redaksjonen.")
    ] = None,
    *,
    posts: Annotated[
        bool, typer.Option("--posts", help="Meldinger som ventet til følgere, sendes.")
    ] = False,
    look: Annotated[bool, typer.Option("--look", help="Bare vis det som venter.")] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Ikke spør: det som ikke er nevnt, avbrytes og tas ut."),
    ] = False,
    as_json: Json = False,
) -> None:
    """La et system gå videre etter «varsel restore»: se hva som har skjedd, og velg hva som går ut.

    Uten valg spørres det om hver utsending, sak og person. Det som ingen velger, skjer ikke.

    Eksempel: varsel resume --look
    """
    settings = Settings()
    waits = with_redis(what_waits, as_json)
    if waits is None:
        if as_json:
            print_json({"held": False})
        else:
            out.print("Ingenting holdes tilbake.")
        return
    if look:
        _show(waits, as_json)
        return
    if as_json and not yes:
        raise typer.BadParameter("--json trenger også --yes, eller --look")
    wanted = _named(waits, deliver or [], publish or [], keep or [], posts=posts)
    if not yes:
        _show(waits, as_json)
        wanted = _ask(waits, wanted)
    found, decided = waits, wanted

    async def work(redis: Redis) -> None:
        await go_on(redis, settings, found, decided)

    with_redis(work, as_json)
    if as_json:
        print_json({"held": False} | _result(waits, wanted))
    else:
        out.print("Systemet går videre.")


def _named(
    waits: WhatWaits, deliver: list[str], publish: list[str], keep: list[str], *, posts: bool
) -> Wanted:
    people = {person.name: person.id for person in waits.people}
    _known("--deliver", deliver, [one.id for one in waits.deliveries])
    _known("--publish", publish, [one.id for one in waits.scheduled])
    _known("--keep", keep, list(people))
    return Wanted(deliver, publish, [people[name] for name in keep], posts)


def _known(option: str, given: Collection[str], there: Collection[str]) -> None:
    for one in given:
        if one not in there:
            names = ", ".join(there) or "ingen"
            raise typer.BadParameter(f"«{one}» venter ikke; dette gjør: {names}", param_hint=option)


def _ask(waits: WhatWaits, named: Wanted) -> Wanted:
    """What a person answers to each question; «nei» if they only press return."""
    deliver = [
        one.id
        for one in waits.deliveries
        if one.id in named.deliver
        or _says_yes(f"Skal utsendingen {one.id} gå videre til de {one.open} som er igjen?")
    ]
    publish = [
        one.id
        for one in waits.scheduled
        if one.id in named.publish or _says_yes(f"Skal «{one.title}» publiseres til sin tid?")
    ]
    keep = [
        one.id
        for one in waits.people
        if one.id in named.keep or _says_yes(f"Er {one.name} ({one.role}) fortsatt i redaksjonen?")
    ]
    posts = named.posts or bool(
        waits.posts and _says_yes(f"Skal de {waits.posts} meldingene til følgere sendes?")
    )
    if not _says_yes("Har du sett alt over, og skal systemet gå videre?"):
        fail("Systemet holdes fortsatt tilbake.")
    return Wanted(deliver, publish, keep, posts)


def _says_yes(question: str) -> bool:
    return typer.prompt(f"{question} [j/N]", default="n", show_default=False).strip().lower() in (
        *("j", "ja"),
    )


def _show(waits: WhatWaits, as_json: bool) -> None:
    if as_json:
        print_json({"held": True} | _document(waits))
        return
    lines = [
        f"Kopien er fra {clock(waits.between.made_at.isoformat())}.",
        *(f"- {line}" for line in happened(waits.between)),
    ]
    for one in waits.deliveries:
        lines.append(
            f"- Utsendingen {one.id} ({_KINDS.get(one.kind, one.kind)}"
            f"{f', «{one.title}»' if one.title else ''}) var i gang: {one.handed_over} av "
            f"{one.audience} hadde fått den, og noen av de {one.open} andre kan ha fått den siden."
        )
    for life in waits.scheduled:
        due = life.due.isoformat() if life.due else None
        lines.append(f"- Saken {life.id} («{life.title}») skulle publiseres {clock(due)}.")
    if waits.posts:
        lines.append(f"- {waits.posts} meldinger til følgere ventet på å bli sendt.")
    names = ", ".join(f"{person.name} ({person.role})" for person in waits.people)
    lines.append(f"- I redaksjonen da: {names or 'ingen'}. Alle er logget ut.")
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)


def _document(waits: WhatWaits) -> dict[str, Any]:
    return waits.between.model_dump(mode="json") | {
        "under_way": [vars(one) for one in waits.deliveries],
        "scheduled": [
            {"id": one.id, "title": one.title, "due": one.due} for one in waits.scheduled
        ],
        "posts": waits.posts,
        "people": [{"name": one.name, "role": one.role} for one in waits.people],
    }


def _result(waits: WhatWaits, wanted: Wanted) -> dict[str, Any]:
    return {
        "delivered": sorted(wanted.deliver),
        "cancelled": sorted({one.id for one in waits.deliveries} - set(wanted.deliver)),
        "published": sorted(wanted.publish),
        "stopped": sorted({one.id for one in waits.scheduled} - set(wanted.publish)),
        "kept": sorted(one.name for one in waits.people if one.id in wanted.keep),
        "revoked": sorted(one.name for one in waits.people if one.id not in wanted.keep),
        "posts": waits.posts if wanted.posts else 0,
    }
