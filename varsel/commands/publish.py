"""`varsel publish`: an article and its pictures, from a file to the last member."""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote

import httpx
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from shared.markdown import pictures
from shared.settings import Settings
from varsel.client import Client, RefusedError
from varsel.output import Json, err, fail, out, print_json

Url = Annotated[str, typer.Option(envvar="VARSEL_URL", help="Adressen til systemet.")]
Key = Annotated[str, typer.Option(envvar="VARSEL_KEY", help="API-nøkkel («varsel keys create»).")]

_POLL = 0.25
Watcher = Callable[[dict[str, Any]], None]


def address(url: str) -> str:
    """The system's address: the one given, or where this machine's settings put it."""
    return url or Settings().site


def publish(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Saken, i Markdown med felt øverst.")
    ],
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Publiser en sak og følg den til siste medlem har fått den.

    Bilder som teksten viser til og som ligger ved siden av filen, lastes opp. Samme fil to ganger
    er samme sak.

    Eksempel: varsel publish sak.md
    """
    if not key:
        fail("Mangler API-nøkkel. Lag en med «varsel keys create NAVN», og sett VARSEL_KEY.",
             as_json=as_json)  # fmt: skip
    try:
        with progress_bar(hidden=as_json) as progress:
            done = asyncio.run(_publish(file, address(url), key, follow_bar(progress)))
    except RefusedError as error:
        fail("\n".join(error.lines()), as_json=as_json, problem=error.problem)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        fail(f"Får ikke kontakt med {address(url)} ({type(error).__name__}). Kjører Varsel der?",
             as_json=as_json)  # fmt: skip
    if as_json:
        print_json(done)
    else:
        _tell(done)
    if done["receipt"]["state"] == "stuck":
        raise typer.Exit(1)


async def publish_file(client: Client, file: Path, watch: Watcher) -> dict[str, Any]:
    """Upload the pictures, post the article, and follow its receipt to the end.

    Gives the API's answer with the last receipt as `receipt`; `watch` sees each receipt.
    """
    markdown = file.read_bytes()  # noqa: ASYNC240 - small, and nothing else runs here
    digest = hashlib.sha256(markdown)
    for picture in _beside(file, markdown):
        uploaded = await client.upload(picture.name, picture.read_bytes())
        digest.update(uploaded["name"].encode())
    answer = await client.publish(markdown, digest.hexdigest())
    receipt = await client.receipt(answer["id"])
    while answer["status"] == "published" and not _ended(receipt):
        watch(receipt)
        await asyncio.sleep(_POLL)
        receipt = await client.receipt(answer["id"])
    watch(receipt)
    return answer | {"receipt": receipt}


def _beside(file: Path, markdown: bytes) -> list[Path]:
    """The pictures of the text that are files beside `file`."""
    names = (unquote(name) for name in pictures(_body(markdown)) if "/" not in name)
    return [path for name in names if (path := file.parent / name).is_file()]


def _ended(receipt: dict[str, Any]) -> bool:
    if receipt["state"] == "none":
        return bool(receipt["page"])
    return receipt["state"] in ("complete", "stuck")


def _body(markdown: bytes) -> str:
    """The text without its front matter; what is wrong with either, the API tells."""
    text = markdown.decode(errors="replace").replace("\r\n", "\n")
    if not text.startswith("---\n"):
        return text
    return text.partition("\n---\n")[2]


async def _publish(file: Path, url: str, key: str, watch: Watcher) -> dict[str, Any]:
    async with Client(url, key) as client:
        return await publish_file(client, file, watch)


def progress_bar(*, hidden: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        disable=hidden or not err.is_terminal,
        transient=True,
    )


def follow_bar(progress: Progress) -> Watcher:
    task = progress.add_task("Publiserer", total=None)

    def watch(receipt: dict[str, Any]) -> None:
        waiting = receipt["state"] in ("none", "waiting_for_page")
        progress.update(
            task,
            description="Venter på siden" if waiting else "Sender e-post",
            total=receipt["audience"] or None,
            completed=receipt["audience"] - receipt["open"],
        )

    return watch


def _tell(done: dict[str, Any]) -> None:
    receipt = done["receipt"]
    if done["status"] != "published":
        out.print(f"Lagret som {done['id']}, men ikke publisert: {done['status']}.")
        return
    out.print(f"Publisert: {done['url']}  (sak {done['id']})", soft_wrap=True)
    if receipt["state"] != "none":
        out.print(summary(receipt))
    for problem in receipt.get("problems", []):
        err.print(f"[bold red]Stanset[/] på {problem['stream']}: {problem['cause']}")


STATES = {
    "none": "ingen utsending",
    "waiting_for_page": "venter på siden",
    "sending": "sender",
    "paused": "på pause",
    "stuck": "står fast",
    "complete": "ferdig",
}
"""A receipt's states, as people read them."""


def summary(receipt: dict[str, Any]) -> str:
    """A receipt in a sentence."""
    text = f"{receipt['handed_over']} av {receipt['audience']} medlemmer har fått e-posten"
    words = {"failed": "mislyktes", "suppressed": "utelatt", "open": "gjenstår"}
    rest = ", ".join(f"{receipt[name]} {word}" for name, word in words.items() if receipt[name])
    return f"{text} ({rest})." if rest else f"{text}."
