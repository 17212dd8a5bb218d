"""Pure: what is wrong with the page of a delivery that is held for it, in words. What holds it is
named in services/notify/deliveries/live_page.py."""

from services.notify.deliveries.live_page import UNSEEN, WRONG, is_for_page

_WHY = {
    "tls": "TLS-sertifikatet godtas ikke",
    "redirect": "de sendes til et annet sted",
    "no_answer": "den svarer ikke ferdig",
    "other_revision": "den viser en annen utgave",
    "other_page": "den viser en annen side",
    "dns": "navnet finnes ikke i DNS",
    "connect": "ingen forbindelse dit",
}


def page_reason(cause: str) -> str:
    """Why a delivery is held for its page; empty if something else holds it."""
    if not is_for_page(cause):
        return ""
    kind, _, detail = cause.partition(" ")
    why = _WHY.get(detail, f"den svarer {detail}")
    if kind == UNSEEN:
        return f"venter i to minutter, for Varsel når ikke nettstedet ({why})"
    return f"leserne ser ikke siden ({why})"


def page_problem(article: str, cause: str) -> tuple[str, str] | None:
    """The problem of a delivery that is held for its page, and what to do; none if it is not."""
    if not is_for_page(cause):
        return None
    words = f"Utsendingen av {article}"
    if cause.startswith(WRONG):
        return WRONG, (
            f"{words} står: {page_reason(cause)}. Rett det, eller: «varsel deliver {article} "
            "--resume»."
        )
    return UNSEEN, f"{words} {page_reason(cause)}. Åpne siden; se VARSEL_SITE_PROBE."
