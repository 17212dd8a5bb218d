"""Render: articles become pages, lists and feeds on disk, and are served from there.

Consumes  `articles` (article.published, article.revised, article.withdrawn)
Emits     `pages`    (page.published, page.withdrawn), once the page is on disk
Serves    the site at `/`: `/nyheter/{slug}/`, `/nyheter/`, `/nyheter/side/{n}/`, `/feed.atom`,
          `/feed.json`, `/sitemap.xml`, `/sitemap-{n}.xml`, `/robots.txt`, `/style.css`;
          the pictures at `/assets/`
Owns      the Redis keys `render:…` (see store.py), the folders `site` and `site.locks` in DATA

An event goes through render_page.py: state into Redis, files out of it (write_site.py), event.
Beside that, rebuild_site.py writes the whole site when it was lost or its look has changed.
"""

from services.render import pages
from services.render.rebuild_site import SiteKeeper
from services.render.render_page import render_page
from services.render.site_files import SiteFiles
from services.render.static_site import static_site
from services.render.store import Store
from services.render.templates import Site
from services.render.write_site import SiteWriter
from shared.bus import Bus
from shared.service import Service
from shared.settings import Settings


def create(settings: Settings, redis_url: str, *, consumer: str = "render-1") -> Service:
    """The service, wired. Writes what needs no Redis, so that `/` answers from the first moment.

    Raises OSError where the site's folder cannot be written.
    """
    site = Site.of(settings)
    bus = Bus(redis_url, service="render", consumer=consumer)
    store = Store(bus.redis)
    files = SiteFiles(settings.site_folder, settings.data / "site.locks")
    writer = SiteWriter(site, store, files)
    writer.write_fixed()
    keeper = SiteKeeper(writer)
    bus.consume("articles", render_page(store, writer))
    return Service(
        name="render",
        http=static_site(settings.site_folder, settings.assets_folder, pages.not_found_page(site)),
        prefixes=("/",),
        bus=bus,
        loops=(keeper.keep_whole,),
        problems=keeper.problems,
    )
