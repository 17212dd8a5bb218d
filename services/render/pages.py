"""The site's pages as HTML, from revisions and teasers."""

import json
from collections.abc import Mapping, Sequence

from services.render.body_html import body_html
from services.render.cap import cap_path
from services.render.changes import is_withdrawn, newest_change, published
from services.render.labels import labels
from services.render.listing import PAGE, older_than_newest, part_of
from services.render.teaser import Teaser, sentence
from services.render.templates import Site, fill
from shared.events import Seal
from shared.revision import Revision

FRONT_PAGE = 10
"""Teasers on the front page."""
OTHERS = 3
"""Teasers of other articles under an article: of those published just before it."""
WARNINGS = 3
"""Alerts above the news on the front page."""
SEALS = 30
"""Days on the page of the audit trail."""


def article_page(
    site: Site, revision: Revision, others: Sequence[Teaser], *, preview: bool = False
) -> str:
    """The page of `revision`. A `preview` says that it is not published, and is no page to others
    than those who look at it."""
    article = revision.article
    words = labels(article.lang)
    return fill(
        "article.html",
        **_about(site, revision, others),
        description=sentence(article.lead),
        body=body_html(article.body, revision.pictures, words),
        withdrawn=is_withdrawn(revision),
        changed=newest_change(revision),
        history=published(revision) if revision.history else (),
        preview=preview,
        marks=_marks(revision, preview=preview),
        cap_path=cap_path,
    )


def gone_page(site: Site, revision: Revision) -> str:
    """What is left of withdrawn news: word of that, and why."""
    return fill("withdrawn.html", **_about(site, revision, ()))


def _about(site: Site, revision: Revision, others: Sequence[Teaser]) -> dict[str, object]:
    article = revision.article
    return {
        "site": site,
        "lang": article.lang,
        "words": labels(article.lang),
        "revision": revision,
        "article": article,
        "others": others,
    }


def _marks(revision: Revision, *, preview: bool) -> str:
    """What is said before the title in a browser's tab and in bookmarks."""
    words, alert = labels(revision.article.lang), revision.article.alert
    past = newest_change(revision)
    said = [
        words.not_published.rstrip(".") if preview else "",
        words.mode[alert.mode].upper() if alert else "",
        words.changes[past.change.kind] if past and past.change else "",
    ]
    return "".join(f"{mark}: " for mark in said if mark)


def front_page(site: Site, newest: Sequence[Teaser], valid: Sequence[Teaser]) -> str:
    """The newest articles, under those of the `valid` alerts (newest first) that are severe."""
    severe = [teaser for teaser in valid if teaser.severity in ("severe", "extreme")]
    return fill("front.html", **_in_bokmal(site), teasers=newest, warnings=severe[:WARNINGS])


def audit_page(site: Site, seals: Sequence[Seal]) -> str:
    """The roots of the audit trail; `seals` are the newest first."""
    return fill("audit.html", **_in_bokmal(site), seals=seals[:SEALS])


def audit_roots(seals: Sequence[Seal]) -> str:
    """All of them as JSON, oldest first."""
    roots = [seal.model_dump(mode="json") for seal in reversed(seals)]
    return json.dumps(roots, indent=1) + "\n"


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
