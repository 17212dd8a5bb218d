"""An item of WordPress's export, as an article."""

import re
from html import unescape
from urllib.parse import unquote

from shared.slug import slug
from varsel.commands.moving.html_text import markdown_and_notes
from varsel.commands.moving.markdown_folder import with_lead
from varsel.commands.moving.old_article import OSLO, OldArticle, gmt, time_of
from varsel.commands.moving.wxr import WxrItem

_KINDS = {"post": "news", "page": "info"}
_NEVER_SHOWN = ("trash", "auto-draft", "inherit")
_UNSORTED = ("uncategorized", "ukategorisert", "ukategorisert")
_TAG = re.compile(r"<[^>]+>")


def article_of(item: WxrItem) -> OldArticle | None:
    """The article; None if the item is none (a menu, a picture, what was thrown away)."""
    kind = _KINDS.get(item.text("wp:post_type"))
    status = item.text("wp:status")
    if kind is None or status in _NEVER_SHOWN:
        return None
    at = gmt(item.text("wp:post_date_gmt"))
    if at is None and (local := item.text("wp:post_date")) and not local.startswith("0000"):
        at = time_of(local, "wp:post_date")
    link = item.text("link")
    body, notes = markdown_and_notes(item.texts.get("content:encoded", ""), link or item.site)
    lead = " ".join(unescape(_TAG.sub(" ", item.text("excerpt:encoded"))).split())
    login = item.text("dc:creator")
    topics = [
        unescape(name)
        for domain, name in item.tags
        if domain in ("category", "post_tag") and name.lower() not in _UNSORTED
    ]
    name = unquote(item.text("wp:post_name"))
    title = unescape(_TAG.sub("", item.text("title")))
    fields = {
        "title": " ".join(title.split()) or None,
        "kind": kind,
        # A site that nobody has told its language says en-US: no article is English by that.
        "lang": "nn" if item.language.lower().startswith("nn") else "nb",
        "byline": item.authors.get(login) or login or None,
        "published_on": at.astimezone(OSLO).date().isoformat() if at else None,
        "topics": list(dict.fromkeys(topics))[:20],
    } | with_lead(lead, body)
    old = [f"/{value}/" for key, value in item.meta if key == "_wp_old_slug" and value]
    return OldArticle(
        name=fields["title"] or link,
        fields=fields,
        moved_from=[_address(link, item), *_beside(link, old)],
        at=at,
        kept_back=_kept_back(item),
        slug=slug(name) if name else None,
        notes=notes,
    )


def _kept_back(item: WxrItem) -> str:
    """Why not everybody could read it; empty if everybody could."""
    if (status := item.text("wp:status")) != "publish":
        return f"status «{status}»"
    # As it stands: a password may be a space.
    return "bak et passord" if item.texts.get("wp:post_password") else ""


def _address(link: str, item: WxrItem) -> str:
    """Where it was. What was never published had no address but its number's."""
    if "?" in link or not link:
        return f"/wordpress-{item.text('wp:post_id') or '0'}/"
    return link


def _beside(link: str, slugs: list[str]) -> list[str]:
    """The addresses that it had before it was given another name, beside the one of now."""
    if "?" in link or not link:
        return []
    folder = link.rstrip("/").rpartition("/")[0]
    return [f"{folder}{one}" for one in dict.fromkeys(slugs)]
