"""Pure: numbers, times and states in a few characters, as Norwegians write them."""

import re

from varsel.watch.page import page_reason

_SPACE = "\u00a0"

STATES = {
    "none": "ingen utsending",
    "waiting_for_page": "venter på siden",
    "sending": "sender",
    "paused": "på pause",
    "stuck": "står fast",
    "complete": "ferdig",
}
"""A receipt's states, as people read them."""


KINDS = {"alert": "varsel", "correction": "rettelse", "withdrawal": "trekking", "notice": "melding"}
"""A delivery's kinds, as people read them."""

_REASONS = {
    "operator": "satt på pause med «varsel deliver»",
    "stale": "har stått for lenge, og venter på at du bestemmer",
    "unreadable": "medlemmenes data lar seg ikke åpne, for nøkkelen er feil",
    "unsafe": "teksten har tegn som bare Varsel kan bruke",
    "too_large": "e-posten er for stor for e-posttjeneren",
    "cancelled": "avbrutt med «varsel deliver»",
    "superseded": "avløst av en rettelse eller trekking",
    "no connection": "får ingen forbindelse med e-posttjeneren",
    "host is not found": "e-posttjenerens navn gir ingen adresse",
    "connection lost": "e-posttjeneren brøt forbindelsen",
    "no answer": "e-posttjeneren svarer ikke",
    "speaks no SMTP": "det som svarer, er ingen e-posttjener (ikke SMTP)",
    "TLS fails": "TLS med e-posttjeneren mislykkes",
    "certificate has expired": "e-posttjenerens sertifikat er utløpt",
    "certificate is for another name": "e-posttjenerens sertifikat gjelder et annet navn",
    "certificate is not trusted": "e-posttjenerens sertifikat er ikke til å stole på",
    "offers no STARTTLS": "e-posttjeneren tilbyr ikke STARTTLS",
    "offers no AUTH": "e-posttjeneren tilbyr ikke innlogging (AUTH)",
    "offers no AUTH that we know": "e-posttjeneren tilbyr ingen AUTH som Varsel kan",
}
_PASSING = ("no connection", "connection lost", "no answer")
_LOGIN = re.compile(r"refuses the log-in \((.*)\)")
_LATER = re.compile(r".* 4[0-9][0-9]")


def reason(cause: str) -> str:
    """Why a delivery is paused, in words."""
    if page := page_reason(cause):
        return page
    if login := _LOGIN.fullmatch(cause):
        return f"e-posttjeneren avviser innloggingen ({login[1]})"
    if _LATER.fullmatch(cause):
        return f"e-posttjeneren ber oss vente ({cause})"
    return _REASONS.get(cause, f"e-posttjeneren avviser oss ({cause})")


def passes(cause: str) -> bool:
    """Whether what pauses a delivery is likely to pass by itself."""
    return cause in _PASSING or bool(_LATER.fullmatch(cause))


def count(value: int | None) -> str:
    """A number as `12 345`; from a million on, in millions. At most eight characters below a
    thousand millions; `–` for none."""
    if value is None:
        return "–"
    if abs(value) < 1_000_000:
        return f"{value:,}".replace(",", _SPACE)
    return f"{short(value / 1e6)}{_SPACE}mill"


def short(value: float) -> str:
    """A number in few characters, with one decimal below ten."""
    if value <= 0:
        return "0"
    if value < 9.95:
        return f"{max(value, 0.1):.1f}".replace(".", ",")
    return f"{value:,.0f}".replace(",", _SPACE)


def rate(value: float | None) -> str:
    """A number per second; `–` for none."""
    return "–" if value is None else short(value)


def span(seconds: float | None) -> str:
    """A time in its largest unit: seconds, minutes, hours (t), days (d)."""
    if seconds is None:
        return "–"
    for size, unit in ((86400 * 2, "d"), (3600, "t"), (60, "min")):
        if seconds >= size:
            return f"{count(int(seconds // (86400 if unit == 'd' else size)))}{_SPACE}{unit}"
    return f"{int(seconds)}{_SPACE}s"


def size(value: int) -> str:
    """Bytes as MB, or GB from a thousand of them."""
    if value < 999.5e6:
        return f"{short(value / 1e6)}{_SPACE}MB"
    return f"{short(value / 1e9)}{_SPACE}GB"


def events(number: int, *, dead: bool = False) -> str:
    """A number of events, in words."""
    if number == 1:
        return "1 død hendelse" if dead else "1 hendelse"
    return f"{count(number)} {'døde ' if dead else ''}hendelser"
