"""`varsel publish`: an article and its pictures, from a file to the last member."""

import asyncio
import hashlib
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from varsel.client import Client, RefusedError
from varsel.commands.asking import Key, Url, client_for, tell, tell_warnings, unreachable
from varsel.commands.revisions.article_file import File, is_draft, upload_pictures
from varsel.output import Json, err, fail, out, print_json

_POLL_SECONDS = 0.25
PATIENCE = 30.0
"""Seconds after which the command says what it waits for, if it shows no progress bar."""
ReceiptWatcher = Callable[[dict[str, Any]], None]


def publish(
    file: File,
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Publiser en sak og følg den til siste medlem har fått den.

    Bilder som teksten viser til og som ligger ved siden av filen, lastes opp. Samme fil to ganger
    er samme sak.

    Eksempel: varsel publish sak.md
    """
    client = client_for(url, key)
    posted: list[dict[str, Any]] = []
    lines = Lines(posted)
    try:
        with progress_bar(hidden=as_json) as progress:
            watch = lines if progress.disable and not as_json else follow_bar(progress)
            done = asyncio.run(publish_file(client, file, watch, posted.append))
    except RefusedError as error:
        fail(str(error), as_json=as_json, problem=error.problem)
    except (httpx.HTTPError, KeyboardInterrupt) as error:
        fail(_broken_off(client, posted, error), as_json=as_json)
    if as_json:
        print_json(done)
    else:
        _tell(done, address=not lines.published)
    if done["receipt"]["state"] == "stuck":
        raise typer.Exit(1)


def _broken_off(client: Client, posted: list[dict[str, Any]], error: BaseException) -> str:
    if posted:
        return (
            f"Sluttet å følge med, men saken er mottatt (id {posted[0]['id']}), og utsendingen går "
            "videre. Kjør samme kommando igjen for å følge den; ingen får e-posten to ganger."
        )
    if isinstance(error, KeyboardInterrupt):
        return "Avbrutt. Kjør samme kommando igjen; saken blir ikke publisert to ganger."
    return unreachable(client, error)


async def publish_file(
    client: Client, file: Path, watch: ReceiptWatcher, posted: ReceiptWatcher = lambda _: None
) -> dict[str, Any]:
    """Upload the pictures, post the article, and follow its receipt to the end.

    Gives the API's answer with the last receipt as `receipt`, and as `repeated` whether the article
    was there before. `posted` is called with the answer as soon as it is there, `watch` with each
    receipt. RefusedError if the API says no, httpx's errors if it does not answer.
    """
    async with client:
        markdown = file.read_bytes()  # noqa: ASYNC240 - small, and nothing else runs here
        digest = hashlib.sha256(markdown)
        for name in await upload_pictures(client, file):
            digest.update(name.encode())
        answer = await client.post(markdown, digest.hexdigest(), draft=is_draft(file))
        posted(answer)
        receipt = await client.receipt(answer["id"])
        # What has just been accepted cannot be served already.
        repeated = answer["status"] == "published" and _ended(receipt)
        while answer["status"] == "published" and not _ended(receipt):
            watch(receipt)
            await asyncio.sleep(_POLL_SECONDS)
            receipt = await client.receipt(answer["id"])
        watch(receipt)
    return answer | {"repeated": repeated, "receipt": receipt}


def _ended(receipt: dict[str, Any]) -> bool:
    if receipt["state"] == "none":
        return bool(receipt["page"])
    return receipt["state"] in ("complete", "stuck")


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


def follow_bar(progress: Progress) -> ReceiptWatcher:
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


class Lines:
    """Follows a receipt if there is no terminal for a bar: says where the article is, as soon as it
    is published, and says once, if the rest takes long, that it is waited for.

    `posted` holds the API's answer by the time there is a receipt.
    """

    def __init__(self, posted: Sequence[dict[str, Any]]) -> None:
        self.published = False
        """Whether it has said where the article is."""
        self._posted = posted
        self._patient_until = time.monotonic() + PATIENCE

    def __call__(self, receipt: dict[str, Any]) -> None:
        if _ended(receipt):  # `_tell` says the rest
            return
        if receipt["page"] and not self.published:
            self.published = True
            _tell_address("Publisert", self._posted[0])
        if time.monotonic() >= self._patient_until:
            self._patient_until = math.inf
            sends = receipt["state"] in ("sending", "paused")
            err.print(
                f"{summary(receipt) if sends else 'Venter på siden.'} Følger med til alle er nådd. "
                "Du kan trygt avslutte med Ctrl-C; Varsel fortsetter uten denne kommandoen.",
                soft_wrap=True,
            )


def _tell_address(word: str, article: dict[str, Any]) -> None:
    out.print(f"{word}: {article['url']}  (id {article['id']})", soft_wrap=True)


def _tell(done: dict[str, Any], *, address: bool) -> None:
    """Print what became of it; with `address` also where it is."""
    receipt = done["receipt"]
    if done["status"] != "published":
        tell(done, as_json=False)
    elif receipt["state"] == "stuck":
        _tell_stuck(done)
    else:
        word = "Allerede publisert, ingenting nytt er sendt" if done["repeated"] else "Publisert"
        if address:
            _tell_address(word, done)
        if receipt["state"] != "none":
            out.print(summary(receipt))
        if not done["repeated"]:
            tell_warnings(done)


def _tell_stuck(done: dict[str, Any]) -> None:
    receipt = done["receipt"]
    page = "Siden er ute" if receipt["page"] else "Siden er ikke laget"
    err.print(f"[bold red]Saken står fast[/] (id {done['id']}). {page}. {summary(receipt)}")
    err.print("Si fra til den som drifter Varsel: «varsel dead list». Ikke send saken på nytt.")
    for problem in receipt["problems"]:
        err.print(f"  {problem['stream']}: {problem['cause']}", markup=False, soft_wrap=True)


def summary(receipt: dict[str, Any]) -> str:
    """A receipt in a sentence."""
    text = f"{receipt['handed_over']} av {receipt['audience']} medlemmer har fått e-posten"
    words = {"failed": "mislyktes", "suppressed": "utelatt", "open": "gjenstår"}
    rest = ", ".join(f"{receipt[name]} {word}" for name, word in words.items() if receipt[name])
    return f"{text} ({rest})." if rest else f"{text}."
