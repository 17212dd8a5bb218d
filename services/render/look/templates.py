"""How a page is filled in: its template, and what every page says of the association."""

import hashlib
import re
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from markupsafe import Markup

from services.render.look import theme
from services.render.look.theme import Theme
from shared.article import Lang
from shared.colours import lightened
from shared.frame.page import TEMPLATES
from shared.identity import LEAST_CONTRAST, Identity
from shared.settings import Settings

STYLE = theme.OWN / "style.css"
_DARK_GROUND = "#1d2326"
"""The lightest of the dark grounds: `--panel` in the stylesheet."""


_NOTHING_SAID = Identity()


@dataclass(frozen=True)
class Site:
    """What all files of the site say about it."""

    name: str
    address: str
    """Public address, without a final slash."""
    hubs: tuple[str, ...]
    identity: Identity = _NOTHING_SAID
    """What the association says of itself."""
    theme: Theme | None = None
    """Templates and a stylesheet that take the place of Varsel's."""
    made: dict[tuple[bool, str, str], Markup] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """What was made of header, footer and icons (see theme.py)."""
    worn: "list[Site]" = field(default_factory=list, init=False, repr=False, compare=False)
    """The site as it was dressed last: what is the same on all pages is made once for it."""

    @classmethod
    def of(cls, settings: Settings, theme: Theme | None = None) -> "Site":
        return cls(settings.site_name, settings.site, settings.websub_hubs, theme=theme)

    @property
    def lang(self) -> Lang:
        """Of all pages that no article is in."""
        return self.identity.language

    @property
    def last_lang(self) -> Lang:
        """The same, as the site was dressed last."""
        return self.worn[0].lang if self.worn else self.lang

    def dressed(self, identity: Identity) -> "Site":
        """The same site, with what the association says of itself."""
        if not self.worn or self.worn[0].identity != identity:
            self.worn[:] = [replace(self, name=identity.name or self.name, identity=identity)]
        return self.worn[0]


def fill(template: str, **values: Any) -> str:
    """The template with these values, one of which is `site`."""
    return theme.filled(values["site"].theme, template, values)


def fill_own(template: str, **values: Any) -> str:
    """A template of Varsel's own that no theme replaces, with these values."""
    return theme.filled(None, template, values)


def stylesheet(site: Site) -> str:
    """The stylesheet, in the association's colours."""
    return theme.style(site.theme) + _colours(site.identity)


def _colours(identity: Identity) -> str:
    """The colours that were chosen. In the dark they are lighter, so that they can be read there,
    and what stands on them is dark."""
    given = {"accent": identity.accent, "accent-2": identity.accent_2}
    light = [f"--{name}: {colour};" for name, colour in given.items() if colour]
    if not light:
        return ""
    dark = [
        f"--{name}: {lightened(colour, _DARK_GROUND, LEAST_CONTRAST)};"
        for name, colour in given.items()
        if colour
    ]
    if identity.accent:
        light.append("--link: var(--accent);")
        dark.append("--link: var(--accent);")
    return (
        f"\n@media not print {{\n:root {{ {' '.join(light)} }}\n}}\n"
        f"@media screen and (prefers-color-scheme: dark) {{\n:root {{ {' '.join(dark)} }}\n}}\n"
    )


def on_paper(style: str) -> str:
    """The rules for paper in a style sheet, as rules for a screen: so that whoever writes sees what
    a reader would print."""
    inside = re.findall(r"^@media print \{\n(.*?)^\}", style, re.DOTALL | re.MULTILINE)
    return "\n".join(["/* Made of style.css. */", *inside])


def look(site: Site) -> str:
    """A fingerprint of all that gives files their look: if it changes, they are written anew."""
    return hashlib.sha256(f"{site!r} {_code()}".encode()).hexdigest()


@cache
def _code() -> str:
    """A fingerprint of what comes with Varsel, which does not change while it runs."""
    digest = hashlib.sha256()
    render, shared_ = Path(__file__).parent.parent, TEMPLATES.parent
    code = [*render.rglob("*.py"), *shared_.rglob("*.py"), *shared_.glob("languages/*.po")]
    for path in sorted([*theme.OWN.iterdir(), *TEMPLATES.glob("*.html"), *code]):
        digest.update(path.read_bytes())
    for name in ("jinja2", "markdown-it-py", "mdit-py-plugins"):
        digest.update(version(name).encode())
    return digest.hexdigest()
