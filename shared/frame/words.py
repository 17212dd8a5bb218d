"""The words of header and footer."""

from dataclasses import dataclass
from functools import cache

from shared.article import Lang
from shared.languages.say import Nb, in_language


@dataclass(frozen=True)
class FrameWords:
    """One language's words."""

    skip_link: str
    site_menu: str
    menu: str
    close_menu: str
    footer_menu: str
    search: str
    search_label: str
    alerts: str
    news: str
    my_page: str
    join: str
    for_systems: str
    organisation_number: str
    telephone: str


BOKMAL: Nb[FrameWords] = FrameWords(
    skip_link="Hopp til innholdet",
    site_menu="Hovedmeny",
    menu="Meny",
    close_menu="Lukk menyen",
    footer_menu="Nederst på siden",
    search="Søk",
    search_label="Søk i varsler og nyheter",
    alerts="Varsler",
    news="Nyheter",
    my_page="Min side",
    join="Bli medlem",
    for_systems="For fagfolk og systemer",
    organisation_number="Org.nr.",
    telephone="Telefon",
)


@cache
def frame_words(lang: Lang) -> FrameWords:
    """The words of a page in this language."""
    return in_language(BOKMAL, lang)
