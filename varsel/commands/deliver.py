"""`varsel deliver`: hold a delivery, let it go on, end it, or try the failed ones again."""

from enum import StrEnum
from typing import Annotated

import typer
from redis.asyncio import Redis

from services.notify.ledger import control
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import with_redis


class Whom(StrEnum):
    failed = "failed"


WHY_NOT = {
    "none": "Sak {article} har ingen utsending.",
    "complete": "Utsendingen av {article} er ferdig.",
    "forgotten": "Utsendingen av {article} er så gammel at det er glemt hvem det mislyktes for.",
    "superseded": "Utsendingen {article} er avløst av {newer}, som sendes i stedet. Skriv {newer}.",
    "cancelled": "Utsendingen av {article} er avbrutt; det kan ikke gjøres om.",
}
_SAME = {
    "hold": "Utsendingen av {article} er allerede stanset.",
    "resume": "Utsendingen av {article} er ikke på pause, og e-posttjeneren har ikke utsatt noen.",
}


def deliver(
    article: Annotated[str, typer.Argument(metavar="ID", help="Sakens id, eller utsendingens.")],
    *,
    pause: Annotated[
        bool, typer.Option("--pause", help="Ingen flere får e-post foreløpig.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="La den gå videre.")] = False,
    cancel: Annotated[
        bool, typer.Option("--cancel", help="Avbryt: resten får den aldri. Kan ikke gjøres om.")
    ] = False,
    again: Annotated[
        Whom | None, typer.Option("--again", help="Prøv dem igjen som det mislyktes for.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Styr utsendingen av et varsel: pause, videre, avbryt, eller prøv igjen.

    Eksempel: varsel deliver a1b2c3d4e5f6 --pause
    """
    wishes = {"hold": pause, "resume": resume, "cancel": cancel, "again": again is not None}
    chosen = [name for name, wanted in wishes.items() if wanted]
    if len(chosen) != 1:
        raise typer.BadParameter("velg én av --pause, --resume, --cancel og --again failed")
    (action,) = chosen

    async def work(redis: Redis) -> int:
        delivery = await control.delivery_of(redis, article)
        if action == "again":
            return await control.again(redis, delivery)
        await control.control(redis, delivery, action, why="operator")  # type: ignore[arg-type]
        return 0

    try:
        count = with_redis(work, as_json)
    except control.NotPossible as error:
        words = _SAME[action] if error.why == "same" else WHY_NOT[error.why]
        fail(words.format(article=article, newer=error.newer), as_json=as_json, why=error.why)
    if as_json:
        print_json({"article": article, "done": action} | ({"members": count} if again else {}))
        return
    out.print(
        {
            "hold": "Satt på pause. E-post som alt er på vei, går ut. Videre: --resume.",
            "resume": "Går videre innen et minutt.",
            "cancel": "Avbrutt. De som ikke har fått den, får den ikke.",
            "again": f"{count} prøves igjen." if count else "Ingen har mislyktes.",
        }[action]
    )
