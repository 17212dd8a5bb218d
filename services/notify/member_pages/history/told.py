"""Pure: what became of an alert for a member, in true words. Never «levert»: nobody knows."""

from services.notify.bounces.codes import Reason, reason
from services.notify.member_pages.history.fate import Fate
from services.notify.member_pages.history.read_history import Step
from services.notify.member_pages.look import PageWords

_SAID = {
    Fate.HANDED_OVER: "Overlevert til e-posttjenesten {when}.",
    Fate.BOUNCED: "Overlevert til e-posttjenesten {when}, men kom i retur.",
    Fate.MAYBE: "Uvisst: sendingen ble brutt, så den kan ha kommet fram.",
    Fate.SENDING: "Sendes nå.",
    Fate.PUT_OFF: "E-posttjenesten ba oss vente. Vi prøver igjen.",
    Fate.WAITING: "Venter på å bli sendt.",
    Fate.HELD: "Venter: utsendingen er stanset inntil videre.",
    Fate.FAILED: "E-posttjenesten tok ikke imot e-posten (kode {codes}).",
    Fate.REPLACED: "Ikke sendt: en nyere utgave kom først.",
    Fate.CANCELLED: "Ikke sendt: utsendingen ble avbrutt.",
    Fate.LEFT_SINCE: "Ikke sendt: du hadde meldt deg av.",
    Fate.NOT_OWED: "Ikke sendt til deg: du har ikke fått det som ble endret.",
    Fate.NOT_CHOSEN: "Ikke sendt til deg: varselet gjaldt ikke emnene du hadde valgt.",
    Fate.GONE_BEFORE: "Ikke sendt til deg: du var meldt av.",
    Fate.NOT_YET: "Sendt ut før du meldte deg på.",
}


def told(step: Step, words: PageWords) -> str:
    """One sentence about this delivery."""
    is_gone = reason(step.codes.partition(" ")[0]) is Reason.GONE
    if step.fate is Fate.FAILED and is_gone:
        return words("E-posttjenesten tok ikke imot e-posten: adressen finnes ikke.")
    if step.fate is Fate.BOUNCED and is_gone:
        return words("Kom i retur: adressen finnes ikke.")
    if step.fate is Fate.FAILED and not step.codes:
        return words("E-posttjenesten tok ikke imot e-posten.")
    when = words.span(step.began, step.ended)
    return words(_SAID[step.fate], when=when, codes=step.codes)
