"""`varsel articles import`: an old site's articles, from a folder to drafts or pages."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from shared.markdown import pictures
from varsel.client import Client, RefusedError
from varsel.commands.asking import Key, Url, client_for, unreachable
from varsel.commands.moving.old_article import OldArticle
from varsel.commands.moving.old_site import FieldTrouble, OldSite, RefusedItem, read_site
from varsel.commands.publish import progress_bar
from varsel.output import Json, err, fail, out, print_json

_STATES = {"draft": "kladd", "published": "publisert"}


@dataclass
class Imported:
    """What became of the articles of a folder."""

    imported: list[dict[str, Any]] = field(default_factory=list)
    """Each with its name, its status, and its id and address if it is stored."""
    there: int = 0
    """How many were taken in before."""
    refused: list[RefusedItem] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    passed_over: int = 0


def import_(  # noqa: PLR0917 (what a command takes is given by name)
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="MAPPE",
            exists=True,
            file_okay=False,
            help="Markdown-filer med felt øverst, eller eksporten fra WordPress (.xml), og bilder.",
        ),
    ],
    published: Annotated[
        bool,
        typer.Option(
            "--published", help="Publiser det som var publisert, med gammel dato. Ellers kladder."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Vis hva som ville skje. Ingenting blir lagret.")
    ] = False,
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Flytt sakene fra et gammelt nettsted hit, med datoer, bilder og gamle adresser.

    Ingen får beskjed om det som flyttes: ingen e-post, ingen poster til følgere. Varsler blir
    alltid kladder. Gamle adresser fører videre til de nye. Kan kjøres flere ganger: en sak som er
    flyttet, blir ikke flyttet igjen.

    Eksempel: varsel articles import gammelt-nettsted --dry-run
    """
    site = read_site(folder)
    done = Imported(refused=list(site.refused), passed_over=site.passed_over)
    if dry_run:
        for article in site.articles:
            _would(site, article, done, published=published)
    else:
        client = client_for(url, key)
        try:
            with progress_bar(hidden=as_json) as progress:
                task = progress.add_task("Flytter saker", total=len(site.articles))
                asyncio.run(
                    _move_all(client, site, done, lambda: progress.advance(task), published)
                )
        except (httpx.HTTPError, KeyboardInterrupt) as error:
            so_far = f"{len(done.imported)} av {len(site.articles)} saker er flyttet. "
            again = "Kjør samme kommando igjen; den går videre der den slapp."
            why = unreachable(client, error) if isinstance(error, httpx.HTTPError) else "Avbrutt."
            fail(f"{why} {so_far}{again}", as_json=as_json)
    if as_json:
        print_json(asdict(done) | {"dry_run": dry_run})
    else:
        _tell(done, dry_run=dry_run)


def _would(site: OldSite, article: OldArticle, done: Imported, *, published: bool) -> None:
    if errors := site.judge(article, published=published):
        done.refused.append(RefusedItem(article.name, errors))
        return
    is_draft = article.document(published=published)["draft"]
    status = "draft" if is_draft else "published"
    one = {"name": article.name, "status": status, "from": article.moved_from[0]}
    done.imported.append(one)
    _note(article, done)


async def _move_all(
    client: Client,
    site: OldSite,
    done: Imported,
    moved: Callable[[], None],
    published: bool,
) -> None:
    async with client:
        for article in site.articles:
            if errors := site.judge(article, published=published):
                done.refused.append(RefusedItem(article.name, errors))
            else:
                await _move(client, site, article, done, published=published)
            moved()


async def _move(
    client: Client, site: OldSite, article: OldArticle, done: Imported, *, published: bool
) -> None:
    try:
        document = article.document(published=published)
        body = await _with_pictures(client, site, article)
        answer, is_new = await client.move(document | {"body": body})
    except RefusedError as error:
        if error.problem.get("status") in (401, 403, 503):
            raise typer.Exit(_end(error)) from None
        done.refused.append(RefusedItem(article.name, _troubles(error)))
        return
    if not is_new:
        done.there += 1
        return
    kept = {name: answer[name] for name in ("id", "status", "url")}
    done.imported.append({"name": article.name, **kept, "from": article.moved_from[0]})
    _note(article, done)


def _end(error: RefusedError) -> int:
    err.print(str(error), markup=False, soft_wrap=True)
    return 1


async def _with_pictures(client: Client, site: OldSite, article: OldArticle) -> str:
    """The body, with its pictures uploaded and by their new names."""
    body: str = article.fields["body"]
    for address in pictures(body):
        if file := site.picture(address):
            name = (await client.upload(file.name, file.read_bytes()))["name"]
            body = re.sub(rf"\]\(<?{re.escape(address)}>?(?=[\s)])", f"]({name}", body)
    return body


def _troubles(error: RefusedError) -> list[FieldTrouble]:
    errors = error.problem.get("errors") or []
    found = [FieldTrouble(str(e.get("field")), str(e.get("message"))) for e in errors]
    said = error.problem.get("detail") or error.problem.get("title") or "ble avvist"
    return found or [FieldTrouble("saken", str(said))]


def _note(article: OldArticle, done: Imported) -> None:
    done.notes += [{"name": article.name, "note": note} for note in article.notes]
    if article.fields.get("kind") == "safety_alert":
        note = "et varsel blir alltid en kladd; publiser det fra redaksjonen om det skal sendes"
        done.notes.append({"name": article.name, "note": note})


def _tell(done: Imported, *, dry_run: bool) -> None:
    for one in done.imported:
        where = one.get("url") or one["from"]
        out.print(
            f"{_STATES[one['status']]}: {one['name']} ({where})", markup=False, soft_wrap=True
        )
    for note in done.notes:
        out.print(f"merk: {note['name']}: {note['note']}", markup=False, soft_wrap=True)
    if done.refused:
        err.print("Ikke tatt med. Rett dette, og kjør kommandoen igjen:")
    for refused in done.refused:
        for error in refused.errors:
            err.print(
                f"  {refused.name}: {error.field}: {error.message}", markup=False, soft_wrap=True
            )
    verb = "ville blitt flyttet" if dry_run else "er flyttet"
    counts = [f"{len(done.imported)} saker {verb}"]
    if done.there:
        counts.append(f"{done.there} var flyttet før")
    if done.refused:
        counts.append(f"{len(done.refused)} er ikke tatt med")
    out.print(f"{', '.join(counts)}. Ingen har fått beskjed.")
