"""Pure: what mail that came back tells of us, in words."""

from collections.abc import Iterator, Mapping

from varsel.watch.text import count

SHOWN_SECONDS = 7 * 86400.0
"""How long staff see it after it came last."""
_ABOUT_US = "about_us"
_WHAT = {
    "1": "vår avsenderadresse",
    "5": "hvordan e-posten ble levert",
    "6": "innholdet i e-posten",
    "7": "vårt omdømme, eller SPF, DKIM og DMARC",
}
"""By the second digit of the code (RFC 3463); 2 and 3 are of our mail's size."""


def bounce_problems(
    told: Mapping[str, tuple[int, float]], *, now: float
) -> Iterator[tuple[str, str]]:
    """What staff should look at; `told` has how often each thing came, and when last as a Unix
    time."""
    new = {what: times for what, (times, at) in told.items() if now - at <= SHOWN_SECONDS}
    about_us = {what.partition(" ")[2]: n for what, n in new.items() if what.startswith(_ABOUT_US)}
    if about_us:
        yield (
            "bounces_about_us",
            f"E-post kom i retur på grunn av oss: {_listed(about_us)}. Ingen er merket for det. "
            "Se docs/operator.md.",
        )
    if "surge" in new:
        yield (
            "bounce_surge",
            f"E-post til {count(new['surge'])} medlemmer hos samme leverandør kom i retur på én "
            "time. Ingen er merket for det. Hvem: «varsel members unreachable».",
        )
    if "complaint" in new:
        yield (
            "complaints",
            f"Klager på e-posten, meldt av leverandører: {count(new['complaint'])}. De som klaget, "
            "får ikke mer e-post.",
        )


def _listed(codes: Mapping[str, int]) -> str:
    return ", ".join(
        f"{code or 'uten kode'} ({_what(code)}, {count(times)} i alt)"
        for code, times in sorted(codes.items())
    )


def _what(code: str) -> str:
    subject = code.partition(".")[2].partition(".")[0]
    return _WHAT.get(subject, "størrelsen" if code else "en melding fra en leverandør")
