"""What machines read: Atom (RFC 4287), JSON Feed 1.1, sitemaps (sitemaps.org), robots.txt, and
the index of CAP messages.

The feeds hold the articles that changed last, not those published last: a correction of an old
alert must reach everyone who follows them.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from services.render.articles.teaser import Teaser, ended
from services.render.look.templates import Site, fill, fill_own
from services.render.text.labels import labels
from shared.alert_words import alert_words
from shared.article import Lang
from shared.for_followers import cap_path
from shared.languages.say import nb, say

ENTRIES = 50
"""Of a feed: the articles that changed last."""
EXERCISES = "/ovelser/"
"""Below this path stands what is told of exercises and tests, and nowhere else."""
_EXERCISES = nb("øvelser og tester")
_VALID = nb("varsler som gjelder")
_FOR_SYSTEMS = "/for-fagfolk/"
"""The page that tells of feeds."""
SITEMAP_OF_PAGES = "sider"
"""In place of a number: the sitemap of the alerts' page and of those of medicines."""
_KEPT = 512
"""Entries of Atom feeds that are kept, about a kB each: one stands in several feeds, and in each
again when another article comes."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a feed without entries; Atom wants one."""


def feed_id(article: str) -> str:
    """An article's id in the feeds: permanent, also when the site's address changes."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"varsel:{article}").urn


def entry_title(teaser: Teaser) -> str:
    """The title, with the word for an exercise, a correction or a withdrawal before it: feed
    readers show little else."""
    mode = alert_words(teaser.lang).subject_of_mode[teaser.mode]
    mark = f"{labels(teaser.lang).changes[teaser.change].upper()}: " if teaser.change else ""
    return mode + mark + teaser.title


def said_first(teaser: Teaser) -> str:
    """What changed, to be put before the summary; empty if nothing did."""
    if not (teaser.change and teaser.note):
        return ""
    return f"{labels(teaser.lang).changes[teaser.change]}: {ended(teaser.note)} "


def atom(
    site: Site,
    changed: Sequence[Teaser],
    *,
    about: str | None = None,
    page: str = "/",
    beside: str = "",
) -> str:
    """The Atom feed of the articles that changed last, newest change first: of all, or of those
    `about` something. It stands at the path `page`, and so does its page, if none is `beside` it.
    """
    return fill(
        "feed.xml",
        site=site,
        title=f"{site.name}: {about}" if about else site.name,
        page=page,
        beside=beside or page,
        id=uuid.uuid5(uuid.NAMESPACE_URL, f"{site.address}{page}feed.atom").urn,
        updated=max((t.updated_at for t in changed), default=_NEVER),
        entries=changed,
        entry_of=_atom_entry,
    )


@lru_cache(maxsize=_KEPT)
def _atom_entry(address: str, lang: Lang, teaser: Teaser) -> Markup:
    """An article in an Atom feed in this language, of the site with this address."""
    text = fill_own(
        "feed_entry.xml",
        address=address,
        lang=lang,
        teaser=teaser,
        feed_id=feed_id,
        entry_title=entry_title,
        said_first=said_first,
        cap_path=cap_path,
    )
    return Markup(text)  # noqa: S704 (the template escapes)


def cap_index(site: Site, valid: Sequence[Teaser], updated: datetime | None) -> str:
    """The Atom feed of the alerts that hold now, newest first, each with its CAP message.

    `updated` is when any alert last changed: also one that holds no longer.
    """
    return fill(
        "cap_index.xml",
        site=site,
        title=f"{site.name}: {say(_VALID, site.lang)}",
        id=uuid.uuid5(uuid.NAMESPACE_URL, f"{site.address}/varsler/feed.atom").urn,
        updated=updated or _NEVER,
        entries=valid,
        feed_id=feed_id,
        entry_title=entry_title,
        said_first=said_first,
        cap_path=cap_path,
    )


def exercises_atom(site: Site, changed: Sequence[Teaser]) -> str:
    """The Atom feed of exercises and tests. Hubs are told nothing of it."""
    quiet, about = replace(site, hubs=()), say(_EXERCISES, site.lang)
    return atom(quiet, changed, about=about, page=EXERCISES, beside=_FOR_SYSTEMS)


def exercises_json(site: Site, changed: Sequence[Teaser]) -> str:
    """The JSON Feed of the same."""
    quiet, about = replace(site, hubs=()), say(_EXERCISES, site.lang)
    return json_feed(quiet, changed, about=about, page=EXERCISES, beside=_FOR_SYSTEMS)


def json_feed(
    site: Site,
    changed: Sequence[Teaser],
    *,
    about: str | None = None,
    page: str = "/",
    beside: str = "",
) -> str:
    """The JSON Feed of the same articles. `_varsel` tells machines what a reader sees."""
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{site.name}: {about}" if about else site.name,
        "home_page_url": f"{site.address}{beside or page}",
        "feed_url": f"{site.address}{page}feed.json",
        "language": site.lang,
    }
    if site.hubs:
        feed["hubs"] = [{"type": "WebSub", "url": hub} for hub in site.hubs]
    feed["items"] = [_item(site, teaser) for teaser in changed]
    return json.dumps(feed, ensure_ascii=False) + "\n"


def _item(site: Site, teaser: Teaser) -> dict[str, Any]:
    words = labels(teaser.lang)
    item: dict[str, Any] = {
        "id": feed_id(teaser.id),
        "url": site.address + teaser.path,
        "title": entry_title(teaser),
        "summary": said_first(teaser) + teaser.sentence,
        "content_text": said_first(teaser) + teaser.lead,
        "date_published": teaser.published_at.isoformat(),
        "date_modified": teaser.updated_at.isoformat(),
        "authors": [{"name": teaser.author}],
        "language": teaser.lang,
    }
    if teaser.severity:
        item["tags"] = [words.alert, words.severity[teaser.severity]]
    item["_varsel"] = {
        "article": teaser.id,
        "revision": teaser.revision,
        "kind": teaser.kind,
        "severity": teaser.severity,
        "withdrawn": teaser.withdrawn,
        "change": teaser.change and {"kind": teaser.change, "note": teaser.note},
    }
    if teaser.severity:
        item["_varsel"]["mode"] = teaser.mode
        item["_varsel"]["cap"] = site.address + cap_path(teaser.id, teaser.revision)
    return item


def sitemap_index(site: Site, sitemaps: int) -> str:
    """The index of the numbered sitemaps, and of the one of pages that are no articles."""
    return fill("sitemap_index.xml", site=site, sitemaps=sitemaps, others=SITEMAP_OF_PAGES)


def sitemap(site: Site, places: Mapping[str, str]) -> str:
    """One sitemap: `places` maps paths to the times of their last change (RFC 3339)."""
    return fill("sitemap.xml", site=site, places=places)


def robots(site: Site) -> str:
    return f"User-agent: *\nAllow: /\nDisallow: {EXERCISES}\nSitemap: {site.address}/sitemap.xml\n"
