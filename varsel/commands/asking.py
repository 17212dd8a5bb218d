"""What commands that speak to the API share: its address, the key, and how its answers are told."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, TypeVar

import httpx
import typer

from shared.oslo import oslo
from shared.settings import Settings
from varsel.client import Client, RefusedError
from varsel.output import err, fail, out, print_json

T = TypeVar("T")

Url = Annotated[str, typer.Option(envvar="VARSEL_URL", help="Adressen til systemet.")]
Key = Annotated[str, typer.Option(envvar="VARSEL_KEY", help="API-nøkkel («varsel keys create»).")]
Id = Annotated[str, typer.Argument(metavar="ID", help="Sakens id.")]

STATUSES = {
    "draft": "kladd",
    "in_review": "til godkjenning",
    "approved": "klar, venter på tiden",
    "published": "publisert",
    "revised": "erstattet",
    "withdrawn": "trukket",
}


_RETURNED = {"reject": "sendt tilbake", "stop": "stanset"}


def state_of(one: dict[str, Any]) -> str:
    """Where an article of a list is, or one of its revisions, in a few words."""
    returned = one["returned"] if one["status"] == "draft" else None
    word = _RETURNED[returned["step"]] if returned else STATUSES[one["status"]]
    live = one.get("live_revision")
    return (
        f"publisert; utgave {one['revision']} {word}"
        if live not in (None, one["revision"])
        else word
    )


def why_returned(one: dict[str, Any]) -> str:
    """Who sent a revision back or stopped it, and why; empty if nobody did."""
    if not (returned := one["returned"]):
        return ""
    said = f"{_RETURNED[returned['step']]} av {returned['by']}"
    return f"{said}: {returned['note']}" if returned["note"] else said


def client_for(url: str, key: str) -> Client:
    """A client of the system at `url`; if that is empty, at the address in this machine's settings.
    A wrong address or key ends the command as used wrongly."""
    url = url or Settings().site
    if not url.startswith(("http://", "https://")):
        raise typer.BadParameter("adressen må begynne med http:// eller https://")
    if not key:
        raise typer.BadParameter(
            "mangler API-nøkkel; lag en med «varsel keys create NAVN», og sett VARSEL_KEY"
        )
    if not (key.isascii() and key.isprintable()):
        raise typer.BadParameter("dette er ingen API-nøkkel; de begynner med varsel_")
    return Client(url, key)


def unreachable(client: Client, error: BaseException) -> str:
    """That the system does not answer, and what to check."""
    return f"Får ikke kontakt med {client.url} ({type(error).__name__}). Kjører Varsel der?"


def ask(client: Client, work: Callable[[], Awaitable[T]], *, as_json: bool) -> T:
    """What `work` gives; `client` is closed then. Ends the command if the API refuses or does not
    answer."""

    async def run() -> T:
        async with client:
            return await work()

    try:
        return asyncio.run(run())
    except RefusedError as error:
        fail(str(error), as_json=as_json, problem=error.problem)
    except httpx.HTTPError as error:
        fail(unreachable(client, error), as_json=as_json)


def tell(answer: dict[str, Any], *, as_json: bool) -> None:
    """Print what an article is now, and how it goes on. `answer` is the API's."""
    if as_json:
        print_json(answer)
        return
    out.print(said(answer), markup=False, soft_wrap=True)
    tell_warnings(answer)


def tell_warnings(answer: dict[str, Any]) -> None:
    """Print the warnings of an answer on standard error: all of them while the article is not out,
    afterwards those of another article that says the same."""
    waits = answer["status"] in ("draft", "in_review", "approved")
    warnings = [one for one in answer.get("warnings") or [] if waits or one["article"]]
    if warnings:
        err.print("Se gjerne på dette før saken går ut:" if waits else "Se på dette nå:")
        for one in warnings:
            err.print(f"  {one['field']}: {one['message']}", markup=False, soft_wrap=True)


def said(answer: dict[str, Any]) -> str:
    """An answer of the API in a sentence or two."""
    article = answer["id"]
    live = answer["live_revision"]
    why = why_returned(answer)
    is_out = f"Utgave {live} er ute som før" if live else "Ingenting er publisert"
    return {
        "draft": (
            f"Utgave {answer['revision']} av saken (id {article}) er en kladd"
            f"{f', {why}' if why else ''}{'' if why.endswith('.') else '.'} {is_out}. "
            f"Videre: varsel submit {article}"
        ),
        "in_review": (
            f"Utgave {answer['revision']} av saken (id {article}) venter på godkjenning. {is_out}, "
            "og ingen har fått e-post om denne utgaven. En annen enn den som har skrevet, ser på "
            "den og godkjenner:\n"
            f"  varsel preview {article}\n  varsel approve {article}"
        ),
        "approved": (
            f"Saken (id {article}) er klar, og blir publisert {clock(answer['publish_at'])}. "
            f"Stopp den: varsel stop {article}"
        ),
        "published": (
            f"Publisert: {answer['url']}  (id {article})\n"
            f"Hvem som har fått e-post: varsel receipt {article}"
        ),
        "withdrawn": (
            f"Trukket tilbake for godt (id {article}). "
            + (
                "Siden er borte. Ingen har fått e-post om saken, og ingen får det nå."
                if answer["kind"] == "news"
                else f"De som har fått varselet, får beskjed: varsel receipt {article}"
            )
        ),
    }[str(answer["status"])]


def clock(at: str | None) -> str:
    """A time of the API as Norwegians write it, in Norwegian time wherever this machine stands."""
    if not at:
        return "om litt"
    return f"{oslo(datetime.fromisoformat(at)):%d.%m.%Y kl. %H:%M:%S} norsk tid"
