"""An article as an editor has it: a Markdown file, with its pictures beside it."""

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import unquote

import typer

from services.ingest.problems import Problem
from services.ingest.reading import front_matter
from services.ingest.reading.file_kinds import what_it_is
from shared.markdown import pictures
from shared.text import nfc
from varsel.client import Client, RefusedError

File = Annotated[
    Path,
    typer.Argument(
        metavar="FIL", exists=True, dir_okay=False, help="Saken, i Markdown med felt øverst."
    ),
]


def fields(file: Path) -> dict[str, Any]:
    """The article's fields with its text as `body`; RefusedError if they cannot be read."""
    raw = file.read_bytes()
    if kind := what_it_is(raw):
        raise RefusedError({"title": f"Filen er {kind}."})
    try:
        found, body = front_matter.read(raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise RefusedError({"title": "Filen er ikke UTF-8; lagre den som UTF-8."}) from None
    except Problem as problem:
        raise RefusedError(problem.document()) from None
    return found | {"body": body}


def is_draft(file: Path) -> bool:
    """Whether the file says that it is to be saved only."""
    try:
        return fields(file).get("draft") is True
    except RefusedError:  # the API tells what is wrong
        return False


async def upload_pictures(client: Client, file: Path) -> list[str]:
    """Upload the pictures that the text shows and that lie beside `file`; their new names.

    A Mac writes «å» in a file's name as two characters, and an editor types one.
    """
    names = (unquote(name) for name in pictures(_body(file)) if "/" not in name)
    files = {nfc(path.name): path for path in sorted(file.parent.iterdir()) if path.is_file()}
    beside = [path for name in names if (path := files.get(nfc(name)))]
    return [(await client.upload(one.name, one.read_bytes()))["name"] for one in beside]


async def content_of(client: Client, file: Path) -> dict[str, Any]:
    """The article's fields, with its pictures uploaded; RefusedError if it cannot be read or the
    API refuses a picture."""
    content = fields(file)
    await upload_pictures(client, file)
    return content


def _body(file: Path) -> str:
    """The text without its front matter; what is wrong with either, the API tells."""
    text = file.read_bytes().decode(errors="replace").replace("\r\n", "\n")
    if not text.startswith("---\n"):
        return text
    return text.partition("\n---\n")[2]
