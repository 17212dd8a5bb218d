"""What `edit` and `correct` share: a new revision of a published article."""

from pathlib import Path
from typing import Any

from varsel.client import Client, RefusedError
from varsel.commands.asking import ask, tell
from varsel.commands.revisions.article_file import content_of


def save_change(
    article: str, file: Path, change: dict[str, str], client: Client, *, as_json: bool
) -> None:
    """Save what stands in `file` as the next revision of a published article, and say what came of
    it. `change` is what the API calls the revision's change: its kind and a note."""

    async def work() -> dict[str, Any]:
        seen = await client.article(article)
        if not seen["live"]:
            raise RefusedError({"title": "Saken er ikke publisert, så det er ingenting å endre for "
                                f"noen. Bruk «varsel save FIL --id {article}»."})  # fmt: skip
        content = await content_of(client, file)
        return await client.put(article, content | {"change": change}, seen["etag"])

    tell(ask(client, work, as_json=as_json), as_json=as_json)
