"""Pure: what the guard says, in Norwegian."""

from urllib.parse import urlsplit

from shared.oslo import oslo
from varsel.guard.sight import Message


def subject(message: Message, site: str) -> str:
    """The subject of its mail."""
    host = urlsplit(site).netloc
    if not message.is_fault:
        return f"I orden igjen: {host}"
    first, *more = message.lines
    others = f" (og {len(more)} til)" if more else ""
    return f"Feil på {host}: {first[:120]}{others}"


def body(message: Message, site: str) -> str:
    """The text of it."""
    head = "Varsels vakt ser dette utenfra:" if message.is_fault else "Dette er ikke lenger feil:"
    lines = "\n".join(f"- {line}" for line in message.lines)
    way_out = (
        "\nSe etter med «varsel watch --once» på maskinen der Varsel går. Hva hver feil betyr, og "
        "hva du gjør, står i docs/guard.md. Vakten sier fra når det er i orden igjen.\n"
        if message.is_fault
        else ""
    )
    return f"{head}\n\n{lines}\n\n{site}/, {oslo(message.at):%d.%m.%Y kl. %H.%M}\n{way_out}"
