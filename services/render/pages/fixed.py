"""Files of the site that no article is in: how each is made."""

import json
from collections.abc import Callable, Mapping
from html import escape

from services.render.feeds import feeds
from services.render.look.templates import Site, fill, on_paper, stylesheet
from services.render.pages.share_picture import ICON, draw_icon
from services.render.text.labels import labels
from shared.identity import Identity
from shared.languages.say import Sayer

_ACCENT = "#0b5670"
"""As `--accent` in the stylesheet."""
_PAPER = "#fdfcfa"


def not_found_page(site: Site) -> str:
    return fill("not_found.html", **in_own_language(site))


def for_systems_page(site: Site) -> str:
    """Where programs and people of the trade find feeds, CAP messages and the audit trail."""
    return fill("for_systems.html", **in_own_language(site))


def favicon(site: Site) -> str:
    """The name's first letter in the association's colour."""
    colour = site.identity.accent or _ACCENT
    letter = escape(_letter(site))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="12" fill="{colour}"/>'
        '<text x="32" y="46" font-family="system-ui, sans-serif" font-size="40" font-weight="700" '
        f'text-anchor="middle" fill="#fff">{letter}</text></svg>\n'
    )


def home_screen_icon(site: Site) -> bytes:
    """The same as a picture of pixels: home screens take no SVG."""
    return draw_icon(_letter(site), site.identity.accent or _ACCENT)


def _letter(site: Site) -> str:
    return next((char for char in site.name if char.isalnum()), "V").upper()


def manifest(site: Site) -> str:
    """A web application manifest, for those who put the site on their home screen."""
    return (
        json.dumps(
            {
                "name": site.name,
                "short_name": site.name[:24],
                "lang": site.lang,
                "start_url": "/",
                "display": "browser",
                "background_color": _PAPER,
                "theme_color": site.identity.accent or _ACCENT,
                "icons": _icons(site.identity),
            },
            ensure_ascii=False,
            indent=1,
        )
        + "\n"
    )


def _icons(identity: Identity) -> list[dict[str, str]]:
    if identity.icon is None:
        return [
            {"src": "/favicon.svg", "sizes": "any", "type": "image/svg+xml"},
            {
                "src": "/ikon.png",
                "sizes": f"{ICON}x{ICON}",
                "type": "image/png",
                "purpose": "any maskable",
            },
        ]
    icon = identity.icon
    kind = icon.name.rpartition(".")[2].replace("jpg", "jpeg")
    return [
        {
            "src": f"/assets/{icon.name}",
            "sizes": f"{icon.width}x{icon.height}",
            "type": f"image/{kind}",
        }
    ]


def in_own_language(site: Site) -> Mapping[str, object]:
    """What the template of a page of ours gets, whatever its articles are in."""
    lang = site.lang
    return {"site": site, "lang": lang, "words": labels(lang), "t": Sayer(lang)}


FIXED: Mapping[str, Callable[[Site], str | bytes]] = {
    "style.css": stylesheet,
    "utskrift.css": lambda site: on_paper(stylesheet(site)),
    "robots.txt": feeds.robots,
    ".not-found.html": not_found_page,  # for Caddy in front, too
    "for-fagfolk/index.html": for_systems_page,
    "favicon.svg": favicon,
    "ikon.png": home_screen_icon,
    "site.webmanifest": manifest,
}
"""By their paths in the site's folder."""
