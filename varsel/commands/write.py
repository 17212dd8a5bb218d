"""`varsel save`, `edit` and `correct`: new revisions of an article."""

from pathlib import Path
from typing import Annotated, Any

import typer

from varsel.client import Client, RefusedError
from varsel.commands.article_file import File, fields, upload_pictures
from varsel.commands.asking import Id, Key, Url, ask, client_for, tell
from varsel.output import Json


def save(
    file: File,
    article: Annotated[
        str, typer.Option("--id", metavar="ID", help="Saken som skal lagres på nytt.")
    ] = "",
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Lagre en sak som kladd: den publiseres ikke, og ingen får noe.

    Eksempel: varsel save sak.md
    """
    client = client_for(url, key)

    async def work() -> dict[str, Any]:
        content = await _content(client, file) | {"draft": True}
        if not article:
            return await client.save(content)
        seen = await client.article(article)
        if seen["live"]:
            raise RefusedError({"title": f"Saken er publisert. Bruk «varsel edit {article} FIL» "
                                f"eller «varsel correct {article} FIL --what …»."})  # fmt: skip
        return await client.put(article, content, seen["etag"])

    tell(ask(client, work, as_json=as_json), as_json=as_json)


def edit(
    article: Id,
    file: File,
    *,
    what: Annotated[str, typer.Option("--what", help="Hva som er endret, i en setning.")] = "",
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Endre en sak uten å si fra til noen, for eksempel en skrivefeil. Medlemmene får ingen e-post.

    Eksempel: varsel edit a1b2c3d4e5f6 sak.md
    """
    change = {"kind": "edit"} | ({"note": what} if what else {})
    _change(article, file, change, client_for(url, key), as_json=as_json)


def correct(
    article: Id,
    file: File,
    *,
    what: Annotated[
        str, typer.Option("--what", help="Hva som er rettet; det første medlemmene leser.")
    ],
    url: Url = "",
    key: Key = "",
    as_json: Json = False,
) -> None:
    """Rett et varsel. Alle som har fått det, får rettelsen; de andre får bare den nye utgaven.

    Eksempel: varsel correct a1b2c3d4e5f6 sak.md --what "Dosen var feil: 5 mg, ikke 50 mg."
    """
    change = {"kind": "correction", "note": what}
    _change(article, file, change, client_for(url, key), as_json=as_json)


def _change(
    article: str, file: Path, change: dict[str, str], client: Client, *, as_json: bool
) -> None:
    async def work() -> dict[str, Any]:
        seen = await client.article(article)
        if not seen["live"]:
            raise RefusedError({"title": "Saken er ikke publisert, så det er ingenting å endre for "
                                f"noen. Bruk «varsel save FIL --id {article}»."})  # fmt: skip
        content = await _content(client, file)
        return await client.put(article, content | {"change": change}, seen["etag"])

    tell(ask(client, work, as_json=as_json), as_json=as_json)


async def _content(client: Client, file: Path) -> dict[str, Any]:
    content = fields(file)
    await upload_pictures(client, file)
    return content
