"""`varsel edit`: a new revision of what is published, which mails nobody."""

from typing import Annotated

import typer

from varsel.commands.asking import Id, Key, Url, client_for
from varsel.commands.revisions.article_file import File
from varsel.commands.revisions.save_change import save_change
from varsel.output import Json


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
    save_change(article, file, change, client_for(url, key), as_json=as_json)
