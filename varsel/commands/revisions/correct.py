"""`varsel correct`: a new revision that goes to everyone whom the alert has reached."""

from typing import Annotated

import typer

from varsel.commands.asking import Id, Key, Url, client_for
from varsel.commands.revisions.article_file import File
from varsel.commands.revisions.save_change import save_change
from varsel.output import Json


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
    save_change(article, file, change, client_for(url, key), as_json=as_json)
