"""The words of header and footer, in both written standards of Norwegian."""

from dataclasses import dataclass

from shared.article import Lang


@dataclass(frozen=True)
class FrameWords:
    """One standard's words."""

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


BOKMAL = FrameWords(
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

NYNORSK = FrameWords(
    skip_link="Hopp til innhaldet",
    site_menu="Hovudmeny",
    menu="Meny",
    close_menu="Lukk menyen",
    footer_menu="Nedst på sida",
    search="Søk",
    search_label="Søk i varsel og nyhende",
    alerts="Varsel",
    news="Nyhende",
    my_page="Mi side",
    join="Bli medlem",
    for_systems="For fagfolk og system",
    organisation_number="Org.nr.",
    telephone="Telefon",
)


def frame_words(lang: Lang) -> FrameWords:
    """The words of a page in this language."""
    return NYNORSK if lang == "nn" else BOKMAL
