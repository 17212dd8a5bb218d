"""Addresses of a site that an association has moved from: paths that lead on to the new pages."""

import re
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, Field

LONGEST = 500
"""Characters."""
_LONGEST_PART_BYTES = 200
"""Of a part between two strokes: a file's name has room for 255."""
_OURS = frozenset(
    {
        *("api", "assets", "beskjed", "bli-medlem", "health", "inbox", "medisin", "member"),
        *("metrics", "min-side", "redaksjon", "revisjonsspor", "sok", "tema", "utkast", "varsler"),
        *("for-fagfolk", "ovelser"),
    }
)
"""How addresses begin that Varsel itself answers."""
_FILES = frozenset(
    {
        *("index.html", "feed.atom", "feed.json", "del.png", "robots.txt", "style.css"),
        *("utskrift.css", "favicon.svg", "ikon.png", "site.webmanifest", "changes.json"),
        "heartbeat.json",
    }
)
"""Names of files that the site has, wherever they are: a folder of that name would be in their way.
"""
_SITEMAP = re.compile(r"sitemap(-.*)?\.xml")
_READ_ANEW = re.compile(r"[?#]|%[0-9a-fA-F]{2}")
"""What would make it another address if it were read as one again."""


def old_path(address: str) -> str:
    """The path of an old address as it is compared and kept: decoded, without host, query and
    strokes at its end. ValueError, in words for editors, if it can lead nowhere, or would be in the
    way of a file of the site. What it gives it also takes, and gives again."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        raise ValueError("er ingen adresse") from None
    path = unquote(parts.path).strip("/")
    if not path:
        raise ValueError(
            "har ingen egen sti, som «/2019/sak/», og kan ikke føre videre; sett «url» til den"
        )
    if len(path) > LONGEST or not path.isprintable():
        raise ValueError(f"kan ha høyst {LONGEST} synlige tegn")
    if _READ_ANEW.search(path):
        raise ValueError(
            "har «?», «#» eller «%» med tegn bak i selve stien, og kan ikke føre videre"
        )
    pieces = path.split("/")
    if any(not one or one.startswith(".") or one != one.strip() for one in pieces):
        raise ValueError("har en del som er tom eller begynner med punktum")
    if any(len(one.encode()) > _LONGEST_PART_BYTES for one in pieces):
        raise ValueError(f"har en del på over {_LONGEST_PART_BYTES} tegn")
    if pieces[0] in _OURS or path in ("nyheter", "om") or path.startswith("nyheter/side/"):
        raise ValueError("er en adresse som Varsel selv bruker, og kan ikke føre videre")
    for one in pieces:
        if one.lower() in _FILES or _SITEMAP.fullmatch(one.lower()):
            raise ValueError(
                f"har en del, «{one}», som heter det samme som en fil på dette nettstedet, og kan"
                " ikke føre videre; skriv adressen uten den"
            )
    return f"/{path}"


OldAddress = Annotated[str, Field(max_length=2 * LONGEST), AfterValidator(old_path)]
"""Where an article was on a site that it was moved from, as people write it; read once, when it
comes in, and from then on an `OldPath`."""
OldPath = Annotated[str, Field(pattern=r"^(/[^/.][^/]*)+$", max_length=LONGEST + 1)]
"""What `old_path` once gave, kept as it is: it is never decoded again, and can be read whatever
`old_path` refuses today."""
