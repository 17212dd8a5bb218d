"""The site's pages as HTML, from revisions and teasers."""

from collections.abc import Mapping, Sequence

from services.render.body_html import body_html
from services.render.labels import labels
from services.render.listing import PAGE, older_than_newest, part_of
from services.render.teaser import Teaser, sentence
from services.render.templates import Site, fill
from shared.revision import Revision

FRONT_PAGE = 10
"""Teasers on the front page."""
OTHERS = 3
"""Teasers of other articles under an article."""


def article_page(
    site: Site, revision: Revision, others: Sequence[Teaser], *, withdrawn: bool
) -> str:
    """The page of `revision`; withdrawn news leaves only word of that."""
    article = revision.article
    words = labels(article.lang)
    common = {
        "site": site,
        "lang": article.lang,
        "words": words,
        "revision": revision,
        "article": article,
        "others": others,
    }
    if withdrawn and article.kind == "news":
        return fill("withdrawn.html", **common)
    return fill(
        "article.html",
        **common,
        description=sentence(article.lead),
        body=body_html(article.body, revision.pictures, words),
        withdrawn=withdrawn,
    )


def front_page(site: Site, newest: Sequence[Teaser]) -> str:
    return fill("front.html", **_in_bokmal(site), teasers=newest)


def newest_page(site: Site, newest: Sequence[Teaser], articles: int) -> str:
    """The list of the newest; `articles` is how many have ever been published."""
    older = older_than_newest(articles)
    return fill(
        "list.html",
        **_in_bokmal(site),
        teasers=newest,
        page=None,
        path="/nyheter/",
        older=older and _page_path(older),
        newer=None,
    )


def numbered_page(site: Site, page: int, teasers: Sequence[Teaser], articles: int) -> str:
    """Page number `page`, counted from the oldest, of `articles` ever published."""
    return fill(
        "list.html",
        **_in_bokmal(site),
        teasers=teasers,
        page=page,
        path=_page_path(page),
        older=_page_path(page - 1) if page > 1 else None,
        newer=_page_path(page + 1) if page < part_of(articles, PAGE) else "/nyheter/",
    )


def not_found_page(site: Site) -> str:
    return fill("not_found.html", **_in_bokmal(site))


def _page_path(page: int) -> str:
    return f"/nyheter/side/{page}/"


def _in_bokmal(site: Site) -> Mapping[str, object]:
    return {"site": site, "lang": "nb", "words": labels("nb")}
