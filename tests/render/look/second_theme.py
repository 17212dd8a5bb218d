"""A second theme, as an association may have one: its own templates, stylesheet and words; and each
kind of page in it."""

from collections.abc import Iterator
from pathlib import Path

from services.render.articles.teaser import Teaser
from services.render.look import theme
from services.render.look.templates import Site, fill
from services.render.pages.fixed import FIXED, in_own_language
from services.render.pages.found import OfMedicine, alerts_page, medicine_page, topic_page
from services.render.pages.pages import article_page, front_page, newest_page
from services.render.search.find import SearchResult
from shared.identity import Identity, MenuLink
from shared.oslo import oslo_today
from shared.subject import Subject
from tests.make import alert, news, revision
from tests.render.lives import withdrawal

SECOND = Path(__file__).parent / "second"
THEME = theme.read(SECOND)[0]
_OWN = Identity(
    name="Den andre foreningen",
    accent="#5a2d82",
    accent_2="#7a3b00",
    menu=(MenuLink(text="Om oss", to="/om/oss/"),),
    telephone="22 00 00 00",
    appeal="Jo flere vi er, jo sterkere stemme får vi.",
)
SITE = Site("Varsel", "https://varsel.example.org", (), theme=THEME).dressed(_OWN)
_EXEMPLA = Subject(id="exempla", name="Exempla", substance="eksempelinib", brands=("Exempla",))
_MEDICINE = OfMedicine(_EXEMPLA, [], [])


def pages() -> Iterator[tuple[str, str]]:
    """Each by its name."""
    said = revision(alert())
    teasers = [Teaser.of(said), Teaser.of(revision(news()))]
    yield "alert", article_page(SITE, said, teasers[1:])
    yield "withdrawn alert", article_page(SITE, withdrawal(said), [])
    yield "news", article_page(SITE, revision(news()), teasers)
    yield "front", front_page(SITE, teasers, teasers[:1])
    yield "list", newest_page(SITE, teasers, None)
    yield "alerts", alerts_page(SITE, teasers[:1], teasers[:1], [], oslo_today())
    yield "topic", topic_page(SITE, "jern", "Jern", teasers, 2)
    yield "medicine", medicine_page(SITE, _MEDICINE, teasers[:1], 1, oslo_today())
    yield "info", article_page(SITE, revision(news(kind="info", title="Om oss")), [])
    yield "search", _searched(teasers)
    yield "not found", str(FIXED[".not-found.html"](SITE))


def _searched(teasers: list[Teaser]) -> str:
    return fill(
        "search.html",
        **in_own_language(SITE),
        query="Exempla",
        longest=200,
        trouble=None,
        found=SearchResult(alerts=(teasers[0],), teasers=tuple(teasers[1:]), day=oslo_today()),
        shown=30,
        is_whole=True,
    )
