"""What the association says of itself on every page: name, language, logo, colours, menu, contact.

It travels whole inside an event. Messages are in Norwegian, for whoever fills in the newsroom's
form or `site.yaml`.
"""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from shared.article import Lang, Picture
from shared.colours import COLOUR, contrast
from shared.fields import Model, Paragraph
from shared.text import Line, nfc, one_line

GROUND = "#f4f1ea"
"""The darkest of the light grounds that the association's colours stand on."""
LEAST_CONTRAST = 4.5
"""Contrast of text and ground, at least (WCAG 2.2, 1.4.3)."""
_PATH = re.compile(r"/(?!/)[^\s<>\"\\^`{|}]*")
_TELEPHONE = re.compile(r"\+?[0-9][0-9 ]{2,19}")
_EMAIL = re.compile(r"[^\s<>@,;:\"()\[\]\\]+@[^\s<>@,;:\"()\[\]\\]+\.[^\s<>@,;:\"()\[\]\\]+")
_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
"""Of the first eight digits of an organisation number (Brønnøysund: modulus 11)."""


def _colour(text: str) -> str:
    colour = text.strip().lower()
    if not COLOUR.fullmatch(colour):
        raise ValueError("skriv fargen som # og seks tegn, for eksempel #0b5670")
    found = contrast(colour, GROUND)
    if found < LEAST_CONTRAST:
        said = f"{int(found * 10) / 10:.1f}".replace(".", ",")
        raise ValueError(
            f"fargen er for lys til å leses: kontrasten mot bakgrunnen er {said}:1, og må være "
            "minst 4,5:1; velg en mørkere"
        )
    return colour


def _place(text: str) -> str:
    """A page of ours, as `/om-oss/`, or another's, as `https://…`."""
    text = one_line(text)
    if _PATH.fullmatch(text) or text.startswith(("http://", "https://")):
        return text
    raise ValueError("skriv en adresse som begynner med / (her på nettstedet) eller https://")


def _telephone(text: str) -> str:
    text = one_line(text)
    if not _TELEPHONE.fullmatch(text):
        raise ValueError("skriv nummeret med sifre og mellomrom, for eksempel 22 00 00 00")
    return text


def _email(text: str) -> str:
    text = one_line(text)
    if not _EMAIL.fullmatch(text):
        raise ValueError("skriv en hel e-postadresse, for eksempel post@example.org")
    return text


def _organisation_number(text: str) -> str:
    digits = "".join(text.split())
    if not re.fullmatch(r"[0-9]{9}", digits) or not _adds_up(digits):
        raise ValueError("dette er ikke et organisasjonsnummer; det har ni sifre")
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}"


def _adds_up(digits: str) -> bool:
    rest = sum(w * int(digit) for w, digit in zip(_WEIGHTS, digits, strict=False)) % 11
    return int(digits[8]) == (11 - rest) % 11


Colour = Annotated[str, AfterValidator(_colour)]
"""As `#0b5670`, and dark enough to be read on a light ground."""
_PageAddress = Annotated[str, BeforeValidator(nfc), Field(max_length=500), AfterValidator(_place)]
_Telephone = Annotated[str, AfterValidator(_telephone)]
_Email = Annotated[str, Field(max_length=200), AfterValidator(_email)]
_OrganisationNumber = Annotated[str, AfterValidator(_organisation_number)]
_Name = Annotated[
    str, BeforeValidator(nfc), Field(min_length=1, max_length=80), AfterValidator(one_line)
]


class MenuLink(Model):
    text: Annotated[
        str, BeforeValidator(nfc), Field(min_length=1, max_length=40), AfterValidator(one_line)
    ]
    to: _PageAddress


class Identity(Model):
    """All of it may be left out: then the site has its own colours and no more than a name."""

    name: _Name | None = None
    """The association's. None: the setting `VARSEL_SITE_NAME`."""
    language: Annotated[Lang, Field(exclude_if=lambda one: one == "nb")] = "nb"
    """Of all pages that no article is in. An article's page has the article's. Not written where it
    is bokmål: so what was written before the field existed reads the same."""
    logo: Picture | None = None
    logo_says_name: bool = False
    """Whether the name can be read in the logo, so that it does not stand beside it."""
    icon: Picture | None = None
    """A square one, for browsers' tabs and home screens. None: the name's first letter."""
    accent: Colour | None = None
    """Of links, buttons and edges."""
    accent_2: Colour | None = None
    """Of «Bli medlem» and the appeal."""
    menu: Annotated[tuple[MenuLink, ...], Field(max_length=6)] = ()
    """In the header, after alerts and news."""
    footer: Annotated[tuple[MenuLink, ...], Field(max_length=10)] = ()
    postal_address: Line | None = None
    telephone: _Telephone | None = None
    email: _Email | None = None
    organisation_number: _OrganisationNumber | None = None
    join: _PageAddress = "/bli-medlem/"
    """Where «Bli medlem» leads, and the letter to whoever is no member."""
    appeal_title: _Name | None = None
    appeal: Paragraph | None = None
    """Under articles that are no alerts, before «Bli medlem»."""
    share_picture: Picture | None = None
    """What is shown of the site if somebody shares a page without a picture."""


class IdentityVersion(Model):
    """An identity as a change left it."""

    identity: Identity
    version: Annotated[int, Field(ge=1)]
    """Grows with every change: the greatest is the newest."""
