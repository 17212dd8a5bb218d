"""`varsel save`: an article that is not published, as a draft."""

from typing import Annotated, Any

import typer

from varsel.client import RefusedError
from varsel.commands.asking import Key, Url, ask, client_for, tell
from varsel.commands.revisions.article_file import File, content_of
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
        content = await content_of(client, file) | {"draft": True}
        if not article:
            return await client.save(content)
        seen = await client.article(article)
        if seen["live"]:
            raise RefusedError({"title": f"Saken er publisert. Bruk «varsel edit {article} FIL» "
                                f"eller «varsel correct {article} FIL --what …»."})  # fmt: skip
        return await client.put(article, content, seen["etag"])

    tell(ask(client, work, as_json=as_json), as_json=as_json)
