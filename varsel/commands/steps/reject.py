"""`varsel reject`: an alert goes back to its author."""

from varsel.commands.asking import Id, Key, Url, client_for
from varsel.commands.steps.take_step import Why, take_step
from varsel.output import Json


def reject(article: Id, why: Why, url: Url = "", key: Key = "", as_json: Json = False) -> None:
    """Send et varsel tilbake til den som skrev det, og si hvorfor.

    Eksempel: varsel reject a1b2c3d4e5f6 --why "Kilden mangler."
    """
    take_step("reject", article, why, client_for(url, key), as_json=as_json)
