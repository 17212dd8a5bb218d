"""Render: articles become pages, lists and feeds on disk, and are served from there.

Consumes  `articles` (article.published, article.revised, article.withdrawn, article.submitted,
          article.sketched, audit.sealed, pictures.scaled)
          `reference` (subject.changed, subject.removed, site.dressed)
Emits     `pages`    (page.published, page.withdrawn, page.previewed, page.sketched), once the page
          is on disk
Serves    the site at `/`: `/nyheter/{slug}/`, `/nyheter/`, `/nyheter/side/{n}/`, `/feed.atom`,
          `/feed.json`, `/varsler/{id}/{revision}.cap.xml`, `/varsler/feed.atom`, `/sitemap.xml`,
          `/sitemap-{n}.xml`, `/tema/{slug}/`, `/medisin/{id}/`, `/varsler/`,
          `/revisjonsspor/`, `/utkast/{token}/`, `/robots.txt`, `/style.css`;
          the pictures at `/assets/`; the search at `/sok/`; for followers `/changes.json`,
          `/heartbeat.json`, and of exercises `/ovelser/`
Owns      the Redis keys `render:…` (see articles/), the folders `site` and `site.locks` in SHARED,
          and `search` in DATA: each machine has one

An article's event goes through render_page.py: state into Redis, files out of it (write_site.py),
event. One that waits for approval goes through preview_page.py, a seal of the audit trail through
show_seal.py, what the association says of itself through dress_site.py. Beside that,
rebuild_site.py writes the whole site when it was lost or its look has changed, and what depends on
the day when a day begins. follow_changes.py keeps the index of the search in step.
"""

from dataclasses import replace

from services.render.articles.store import Store
from services.render.follow.follow_routes import Followed, FollowRoutes
from services.render.follow.heartbeat import Heartbeat
from services.render.look import theme
from services.render.look.templates import Site
from services.render.search.find import Searcher
from services.render.search.follow_changes import SearchKeeper
from services.render.search.index import SearchIndex
from services.render.search.rates import AddressRates
from services.render.search.search_pages import SearchPages
from services.render.site.dress_site import dress_site
from services.render.site.keep_subject import keep_subject
from services.render.site.precedence import Precedence
from services.render.site.preview_page import preview_page
from services.render.site.rebuild_site import SiteKeeper
from services.render.site.render_page import render_page
from services.render.site.show_seal import show_seal
from services.render.site.show_sizes import show_sizes
from services.render.site.site_files import SiteFiles
from services.render.site.static_site import static_site
from services.render.site.write_behind import WriteBehind
from services.render.site.write_found import FoundWriter
from services.render.site.write_site import PAGE_MAKERS, SiteWriter
from services.render.subjects.store import SubjectStore
from shared import log
from shared.bus import Bus, Entry, Handler
from shared.child.children import Children
from shared.events import (
    ArticleSketched,
    ArticleSubmitted,
    AuditSealed,
    PicturesScaled,
    SiteDressed,
)
from shared.service import Service
from shared.settings import Settings


def create(settings: Settings, redis_url: str, *, consumer: str = "render-1") -> Service:
    """The service, wired. Writes what needs no Redis, so that `/` answers from the first moment.

    Raises OSError if the site's folder cannot be written.
    """
    found, wrong = theme.read(settings.theme)
    for one in wrong:
        log.get("render").error("theme_refused", reason=one)
    site = Site.of(settings, found)
    bus = Bus(redis_url, service="render", consumer=consumer)
    store = Store(bus.redis)
    files = SiteFiles(settings.site_folder, settings.locks_folder, check=bus.epoch.check)
    writer = SiteWriter(site, store, files)
    writer.write_first()
    # With children of its own: an alert waits for none that is at a page which nobody waits for.
    slow = replace(writer, children=Children(*PAGE_MAKERS, most=1))
    behind = WriteBehind(FoundWriter(slow))
    precedence = Precedence()
    keeper = SiteKeeper(slow, behind, precedence)
    index = SearchIndex(settings.data / "search" / "index.sqlite")
    searcher = Searcher(index)
    search_keeper = SearchKeeper(
        bus.redis,
        bus.epoch,
        store=store,
        subjects=SubjectStore(bus.redis),
        index=index,
        searcher=searcher,
    )
    search = SearchPages(site, writer.dressed, searcher, lambda: search_keeper.is_whole)
    follow = FollowRoutes(
        Followed(
            site.address,
            store.changes,
            Heartbeat(bus.redis),
            check=bus.epoch.check,
            is_held=lambda: bus.held,
            may_ask=AddressRates().may_ask,
        )
    )
    published = render_page(store, writer, behind, precedence)
    bus.consume("articles", _articles(store, writer, behind, published))
    bus.consume("reference", _reference(store, keeper, behind))
    return Service(
        name="render",
        http=static_site(
            settings.site_folder,
            settings.assets_folder,
            [*search.routes(), *follow.routes()],
            lambda: site.last_lang,
        ),
        prefixes=("/",),
        bus=bus,
        open=(writer.children.warm,),
        close=(behind.close, writer.children.close, slow.children.close, searcher.close),
        loops=(keeper.keep_whole, search_keeper.follow),
        folders={"site": settings.site_folder},
        problems=lambda: [
            *(f"theme not as given: {one}" for one in wrong),
            *keeper.problems(),
            *search_keeper.problems(),
        ],
    )


def _articles(
    store: Store, writer: SiteWriter, behind: WriteBehind, published_or_withdrawn: Handler
) -> Handler:
    """The handler of `articles`: to each kind of event its flow."""
    preview, seal = preview_page(store, writer), show_seal(store, writer)
    sizes = show_sizes(store, behind)

    async def handle(entry: Entry) -> None:
        if isinstance(entry.event, ArticleSubmitted | ArticleSketched):
            await preview(entry)
        elif isinstance(entry.event, AuditSealed):
            await seal(entry)
        elif isinstance(entry.event, PicturesScaled):
            await sizes(entry)
        else:
            await published_or_withdrawn(entry)

    return handle


def _reference(store: Store, keeper: SiteKeeper, behind: WriteBehind) -> Handler:
    """The handler of `reference`: the same."""
    dress, subject = dress_site(store, keeper), keep_subject(store, behind)

    async def handle(entry: Entry) -> None:
        await (dress if isinstance(entry.event, SiteDressed) else subject)(entry)

    return handle
