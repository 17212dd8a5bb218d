"""`varsel withdraw`: what is published goes, for good."""

from varsel.commands.asking import Id, Key, Url, client_for
from varsel.commands.steps.take_step import Why, take_step
from varsel.output import Json


def withdraw(article: Id, why: Why, url: Url = "", key: Key = "", as_json: Json = False) -> None:
    """Trekk tilbake en publisert sak for godt. Alle som har fått den som varsel, får vite hvorfor.

    Eksempel: varsel withdraw a1b2c3d4e5f6 --why "Tilsynet har trukket advarselen."
    """
    take_step("withdraw", article, why, client_for(url, key), as_json=as_json)
