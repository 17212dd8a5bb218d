"""`varsel submit`: a draft goes to review."""

from varsel.commands.asking import Id, Key, Url, client_for
from varsel.commands.steps.take_step import take_step
from varsel.output import Json


def submit(article: Id, url: Url = "", key: Key = "", as_json: Json = False) -> None:
    """Send en kladd til godkjenning; trenger den ingen, blir den publisert.

    Eksempel: varsel submit a1b2c3d4e5f6
    """
    take_step("submit", article, "", client_for(url, key), as_json=as_json)
