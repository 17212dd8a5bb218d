"""Pure: what became of an alert for a member, in true words. Never «levert»: nobody knows."""

from services.notify.bounces.codes import Reason, reason
from services.notify.member_pages.history.fate import AlertFate
from services.notify.member_pages.history.read_history import HistoryStep
from services.notify.member_pages.look import PageWords
from shared.languages.say import Nb, nb

_SAID: Nb[dict[AlertFate, str]] = {
    AlertFate.HANDED_OVER: "Overlevert til e-posttjenesten {when}.",
    AlertFate.BOUNCED: "Overlevert til e-posttjenesten {when}, men kom i retur.",
    AlertFate.MAYBE: "Uvisst: sendingen ble brutt, så den kan ha kommet fram.",
    AlertFate.SENDING: "Sendes nå.",
    AlertFate.PUT_OFF: "E-posttjenesten ba oss vente. Vi prøver igjen.",
    AlertFate.WAITING: "Venter på å bli sendt.",
    AlertFate.HELD: "Venter: utsendingen er stanset inntil videre.",
    AlertFate.FAILED: "E-posttjenesten tok ikke imot e-posten (kode {codes}).",
    AlertFate.REPLACED: "Ikke sendt: en nyere utgave kom først.",
    AlertFate.CANCELLED: "Ikke sendt: utsendingen ble avbrutt.",
    AlertFate.CAME_BACK: "Ikke sendt: e-post til adressen din hadde kommet i retur.",
    AlertFate.LEFT_SINCE: "Ikke sendt: du hadde meldt deg av.",
    AlertFate.NOT_OWED: "Ikke sendt til deg: du har ikke fått det som ble endret.",
    AlertFate.NOT_CHOSEN: "Ikke sendt til deg: varselet gjaldt ikke emnene du hadde valgt.",
    AlertFate.GONE_BEFORE: "Ikke sendt til deg: du var meldt av.",
    AlertFate.NOT_YET: "Sendt ut før du meldte deg på.",
}


def told(step: HistoryStep, words: PageWords) -> str:
    """One sentence about this delivery."""
    is_gone = reason(step.codes.partition(" ")[0]) is Reason.GONE
    if step.fate is AlertFate.FAILED and is_gone:
        return words(nb("E-posttjenesten tok ikke imot e-posten: adressen finnes ikke."))
    if step.fate is AlertFate.BOUNCED and is_gone:
        return words(nb("Kom i retur: adressen finnes ikke."))
    if step.fate is AlertFate.FAILED and not step.codes:
        return words(nb("E-posttjenesten tok ikke imot e-posten."))
    when = words.span(step.began, step.ended)
    return words(_SAID[step.fate], when=when, codes=step.codes)
