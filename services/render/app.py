"""Render: articles become pages, lists and feeds on disk, and are served from there.

Consumes  `articles` (article.published, article.revised, article.withdrawn, article.submitted,
          audit.sealed)
Emits     `pages`    (page.published, page.withdrawn, page.previewed), once the page is on disk
Serves    the site at `/`: `/nyheter/{slug}/`, `/nyheter/`, `/nyheter/side/{n}/`, `/feed.atom`,
          `/feed.json`, `/varsler/{id}/{revision}.cap.xml`, `/varsler/feed.atom`, `/sitemap.xml`,
          `/sitemap-{n}.xml`, `/revisjonsspor/`, `/utkast/{token}/`, `/robots.txt`, `/style.css`;
          the pictures at `/assets/`
Owns      the Redis keys `render:…` (see store.py, previews.py, seals.py), the folders `site` and
          `site.locks` in DATA

An article's event goes through render_page.py: state into Redis, files out of it (write_site.py),
event. One that waits for approval goes through preview_page.py, a seal of the audit trail through
show_seal.py. Beside that, rebuild_site.py writes the whole site when it was lost or its look has
changed, and what depends on the day when a day begins.
"""

from services.render import pages
from services.render.preview_page import preview_page
from services.render.rebuild_site import SiteKeeper
from services.render.render_page import render_page
from services.render.show_seal import show_seal
from services.render.site_files import SiteFiles
from services.render.static_site import static_site
from services.render.store import Store
from services.render.templates import Site
from services.render.write_site import SiteWriter
from shared.bus import Bus, Entry, Handler
from shared.events import ArticleSubmitted, AuditSealed
from shared.service import Service
from shared.settings import Settings


def create(settings: Settings, redis_url: str, *, consumer: str = "render-1") -> Service:
    """The service, wired. Writes what needs no Redis, so that `/` answers from the first moment.

    Raises OSError if the site's folder cannot be written.
    """
    site = Site.of(settings)
    bus = Bus(redis_url, service="render", consumer=consumer)
    store = Store(bus.redis)
    locks = settings.data / "site.locks"
    files = SiteFiles(settings.site_folder, locks, check=bus.epoch.check)
    writer = SiteWriter(site, store, files)
    writer.write_fixed()
    keeper = SiteKeeper(writer)
    bus.consume("articles", _articles(store, writer))
    return Service(
        name="render",
        http=static_site(settings.site_folder, settings.assets_folder, pages.not_found_page(site)),
        prefixes=("/",),
        bus=bus,
        open=(writer.children.warm,),
        close=(writer.children.close,),
        loops=(keeper.keep_whole,),
        folders={"site": settings.site_folder},
        problems=keeper.problems,
    )


def _articles(store: Store, writer: SiteWriter) -> Handler:
    """The handler of `articles`: to each kind of event its flow."""
    preview, seal = preview_page(store, writer), show_seal(store, writer)
    published_or_withdrawn = render_page(store, writer)

    async def handle(entry: Entry) -> None:
        if isinstance(entry.event, ArticleSubmitted):
            await preview(entry)
        elif isinstance(entry.event, AuditSealed):
            await seal(entry)
        else:
            await published_or_withdrawn(entry)

    return handle
