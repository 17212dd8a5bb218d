"""`varsel receipt`: how far an article has come."""

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

import httpx
import typer
from redis.asyncio import Redis
from rich.markup import escape
from rich.table import Table

from services.notify.ledger.control import Failure, NotPossible, delivery_of, failures
from varsel.client import RefusedError
from varsel.commands.asking import Key, Url, client_for, unreachable
from varsel.commands.deliver import WHY_NOT
from varsel.output import Json, fail, out, print_json
from varsel.redis_of import with_redis
from varsel.watch.text import STATES, reason


def receipt(
    article: Annotated[str, typer.Argument(metavar="ID", help="Sakens id.")],
    failed: Annotated[
        bool,
        typer.Option(
            "--failed", help="Vis hvem det mislyktes for, og hvorfor (for den som drifter)."
        ),
    ] = False,
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Vis kvitteringen for en sak: hvem som har fått den, i tall.

    Eksempel: varsel receipt a1b2c3d4e5f6
    """
    if failed:
        _show_failures(article, as_json)
        return
    client = client_for(url, key)

    async def run() -> dict[str, Any]:
        async with client:
            return await client.receipt(article)

    try:
        found = asyncio.run(run())
    except RefusedError as error:
        fail(str(error), as_json=as_json, problem=error.problem)
    except httpx.HTTPError as error:
        fail(unreachable(client, error), as_json=as_json)
    if as_json:
        print_json(found)
        return
    table = Table(show_header=False, box=None)
    if about := found["about"]:
        table.add_row("Gjelder", f"{_KINDS[about['kind']]}, utgave {about['revision']}")
    table.add_row("Tilstand", STATES.get(found["state"], found["state"]))
    if found["cause"]:
        table.add_row("Fordi", escape(reason(found["cause"])))
    withdrawn = any(one["kind"] == "withdrawal" for one in found["deliveries"][:1])
    out_or_not = "ute" if found["page"] else "ikke ute"
    table.add_row("Siden", "trukket, med forklaring" if withdrawn else out_or_not)
    sums = found["state"] != "none"
    for name, label in (
        ("audience", "Mottakere"), ("handed_over", "Levert til e-posttjener"),
        ("failed", "Mislyktes"), ("suppressed", "Utelatt"), ("open", "Gjenstår"),
    ):  # fmt: skip
        if sums:
            table.add_row(label, str(found[name]))
    if found["bounced"]:
        table.add_row("Kom i retur", f"{found['bounced']} av dem som ble levert")
    for earlier in found["deliveries"]:
        if about and about["revision"] == earlier["revision"]:
            continue
        table.add_row(f"{_KINDS[earlier['kind']]}, utgave {earlier['revision']}", _brief(earlier))
    for problem in found.get("problems", []):
        table.add_row("[red]Stanset[/]", escape(f"{problem['stream']}: {problem['cause']}"))
    out.print(table)


_KINDS = {"alert": "Varselet", "correction": "Rettelsen", "withdrawal": "Tilbaketrekkingen"}


def _brief(delivery: dict[str, Any]) -> str:
    state = STATES[delivery["state"]]
    why = f" ({escape(reason(delivery['cause']))})" if delivery["cause"] else ""
    return f"{state}{why}: {delivery['handed_over']} av {delivery['audience']} levert"


def _show_failures(article: str, as_json: bool) -> None:
    """Print members' numbers only: notify alone can read the names behind them."""

    async def work(redis: Redis) -> list[Failure]:
        return await failures(redis, await delivery_of(redis, article))

    try:
        found = with_redis(work, as_json)
    except NotPossible as error:
        fail(WHY_NOT[error.why].format(article=article), as_json=as_json, why=error.why)
    if as_json:
        print_json({"article": article, "failed": [asdict(failure) for failure in found]})
        return
    if not found:
        out.print("Ingen har mislyktes.")
        return
    table = Table("Medlem nr.", "E-posttjeneren svarte", box=None)
    for failure in found:
        table.add_row(str(failure.number), escape(failure.codes))
    out.print(table)
    out.print(f"Prøv disse igjen: varsel deliver {article} --again failed")
