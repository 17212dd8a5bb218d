"""A page about privacy, as it is true of this system. Pure.

What it says stands in docs/privacy.md too, for whoever is responsible. The association reads it
over and adds what it does besides.
"""

from pathlib import Path

from shared.identity import Identity
from shared.settings import Settings

_TEXT = Path(__file__).with_name("privacy.txt")


def privacy_page(identity: Identity, settings: Settings) -> dict[str, str]:
    """The fields `title`, `lead` and `body` of the page."""
    name = identity.name or settings.site_name
    return {
        "title": "Personvern",
        "lead": f"Dette lagrer {name} om deg som leser, og om deg som får varsler på e-post.",
        "body": _TEXT.read_text().format(
            name=name,
            site=settings.site,
            days=settings.left_kept_days,
            contact=_contact(identity, settings),
            numbers=_BOUNCES if settings.bounce_address else "",
        ),
    }


def _contact(identity: Identity, settings: Settings) -> str:
    ways = [
        f"[{identity.email}](mailto:{identity.email})" if identity.email else "",
        f"telefon {identity.telephone}" if identity.telephone else "",
        identity.postal_address or settings.postal_address,
    ]
    said = "\n".join(f"- {way}" for way in ways if way)
    return said or (f"- {settings.contact}" if settings.contact else "- (skriv inn hvordan)")


_BOUNCES = """
- **At e-post har kommet i retur**, så vi ser hvem varslene ikke når. Det står i 400 dager.
"""
