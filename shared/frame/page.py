"""What the templates of the frame get in a service that has pages beside the site's own."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shared.article import Lang
from shared.frame.words import frame_words
from shared.identity import Identity
from shared.settings import Settings

if TYPE_CHECKING:  # it brings Redis, which a child that makes pages has no use for
    from shared.frame.kept import KeptIdentity

TEMPLATES = Path(__file__).parent
"""`header.html`, `footer.html`, `contact.html` and `icons.html`. They get `site` and `words`."""


@dataclass(frozen=True)
class FramedSite:
    """The association, as a template sees it."""

    name: str
    address: str
    """Public address, without a final slash."""
    identity: Identity


class Frame:
    """The frame of the pages that one app makes. Wherever nobody has said how the association is
    called, it has the name of the settings."""

    def __init__(self, settings: Settings, kept: "KeptIdentity") -> None:
        self._name = settings.site_name
        self._address = settings.site
        self._kept = kept

    @property
    def name(self) -> str:
        """The association's, as it was read last."""
        return self._kept.known.name or self._name

    @property
    def lang(self) -> Lang:
        """The site's language, as it was read last."""
        return self._kept.known.language

    def values(self, lang: Lang) -> dict[str, object]:
        """For the template of a page in this language; with `site_name` for short."""
        return {
            "site": FramedSite(self.name, self._address, self._kept.known),
            "site_name": self.name,
            "words": frame_words(lang),
        }
