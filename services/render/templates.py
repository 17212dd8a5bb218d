"""The templates: Jinja2 with escaping always on, and an error for every unknown name."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.render.dates import oslo_day, written_day, written_time
from services.render.labels import labels
from services.render.teaser import ended
from shared.oslo import oslo
from shared.settings import Settings

_FOLDER = Path(__file__).parent / "templates"
STYLE = _FOLDER / "style.css"
_environment = Environment(
    loader=FileSystemLoader(_FOLDER),
    autoescape=True,
    auto_reload=False,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters |= {
    "ended": ended,
    "labels": labels,
    "oslo": oslo,
    "oslo_day": oslo_day,
    "written_day": written_day,
    "written_time": written_time,
}


@dataclass(frozen=True)
class Site:
    """What all files of the site say about it."""

    name: str
    address: str
    """Public address, without a final slash."""
    hubs: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings) -> "Site":
        return cls(settings.site_name, settings.site, settings.websub_hubs)


def fill(template: str, **values: Any) -> str:
    return _environment.get_template(template).render(values)


def look(site: Site) -> str:
    """A fingerprint of all that gives files their look: if it changes, they are written anew."""
    digest = hashlib.sha256(repr(site).encode())
    for path in sorted([*_FOLDER.iterdir(), *Path(__file__).parent.glob("*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()
