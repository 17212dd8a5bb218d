"""`varsel stop`: what waits for approval or for its time is a draft again."""

from varsel.commands.asking import Id, Key, Url, client_for
from varsel.commands.steps.take_step import Why, take_step
from varsel.output import Json


def stop(article: Id, why: Why = "", url: Url = "", key: Key = "", as_json: Json = False) -> None:
    """Stopp en sak som venter på godkjenning eller på tiden sin: den blir kladd igjen.

    Eksempel: varsel stop a1b2c3d4e5f6
    """
    take_step("stop", article, why, client_for(url, key), as_json=as_json)
