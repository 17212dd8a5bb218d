"""The site's pages as HTML, from revisions and teasers."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from markupsafe import Markup

from services.render.articles.changes import is_withdrawn, newest_change, published
from services.render.articles.listing import PAGE, part_of
from services.render.articles.teaser import Teaser, review_is_past, sentence
from services.render.look.templates import Site, fill
from services.render.pages.fixed import in_own_language
from services.render.pages.linked_data import article_data, shared_images
from services.render.subjects.paths import MedicineLink
from services.render.text.body_html import body_html
from services.render.text.kept_body import body_source, kept_body, marked
from services.render.text.labels import labels
from shared.event_data import Seal
from shared.for_followers import cap_path
from shared.languages.say import Sayer
from shared.picture_files import PictureSizes
from shared.revision import Revision

FRONT_PAGE = 10
"""Teasers on the front page."""
WARNINGS = 3
"""Alerts above the news on the front page."""
SEALS = 30
"""Days on the page of the audit trail."""


def article_page(
    site: Site,
    revision: Revision,
    others: Sequence[Teaser],
    *,
    medicines: Sequence[MedicineLink] = (),
    translations: Sequence[Teaser] = (),
    sizes: Mapping[str, PictureSizes] = MappingProxyType({}),
    preview: bool = False,
    as_printed: bool = False,
    body: Markup | None = None,
    today: date = date.min,
) -> str:
    """The page of `revision`, with the related `others` under it, the `medicines` that it is about
    and its `translations`; `sizes` is what there is of its pictures, by name. A `preview` says that
    it is not published, and is no page to others than those who look at it; `as_printed` shows it
    on a screen as on paper. `body` is its body, if it is made already (see `article_body`). An
    alert that was to be looked at again before `today` says so."""
    article = revision.article
    return fill(
        "info.html" if article.kind == "info" else "article.html",
        **_about(site, revision, others),
        description=sentence(article.lead),
        body=article_body(revision, sizes) if body is None else body,
        withdrawn=is_withdrawn(revision),
        changed=newest_change(revision),
        review_is_past=review_is_past(revision, today),
        history=published(revision) if revision.history else (),
        preview=preview,
        as_printed=as_printed,
        marks=_marks(revision, preview=preview),
        cap_path=cap_path,
        medicines=medicines,
        translations=translations,
        shared_images=shared_images(site, revision),
        linked=article_data(site, revision, translations),
    )


def article_body(revision: Revision, sizes: Mapping[str, PictureSizes]) -> Markup:
    """The body of `revision`, as its page shows it: most of the work of a page. `sizes` is what
    there is of its pictures, by name."""
    body, pictures, words = revision.article.body, revision.pictures, labels(revision.article.lang)
    html = body_html(body, pictures, words, sizes)
    return marked(html, body_source(body, pictures, words, sizes))


def kept_body_of(
    page: bytes, revision: Revision, sizes: Mapping[str, PictureSizes]
) -> Markup | None:
    """The body of `revision` as `article_page` takes it, from a page as it was, or a body that was
    made by itself; None if it is another's, or damaged."""
    article = revision.article
    words = labels(article.lang)
    return kept_body(page, body_source(article.body, revision.pictures, words, sizes))


def gone_page(site: Site, revision: Revision) -> str:
    """What is left of withdrawn news: word of that, and why."""
    return fill("withdrawn.html", **_about(site, revision, ()))


def _about(site: Site, revision: Revision, others: Sequence[Teaser]) -> dict[str, object]:
    article = revision.article
    return {
        "site": site,
        "lang": article.lang,
        "words": labels(article.lang),
        "t": Sayer(article.lang),
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
    return fill("front.html", **in_own_language(site), teasers=newest, warnings=severe[:WARNINGS])


def audit_page(site: Site, seals: Sequence[Seal]) -> str:
    """The roots of the audit trail; `seals` are the newest first."""
    return fill("audit.html", **in_own_language(site), seals=seals[:SEALS])


def audit_roots(seals: Sequence[Seal]) -> str:
    """All of them as JSON, oldest first."""
    roots = [seal.model_dump(mode="json") for seal in reversed(seals)]
    return json.dumps(roots, indent=1) + "\n"


def newest_page(site: Site, newest: Sequence[Teaser], older: int | None) -> str:
    """The list of the newest; `older` is the numbered page to read on at, if there is one."""
    return fill(
        "list.html",
        **in_own_language(site),
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
        **in_own_language(site),
        teasers=teasers,
        page=page,
        path=_page_path(page),
        older=_page_path(page - 1) if page > 1 else None,
        newer=_page_path(page + 1) if page < part_of(articles, PAGE) else "/nyheter/",
    )


def _page_path(page: int) -> str:
    return f"/nyheter/side/{page}/"
