"""What the association says of itself has changed: the whole site follows."""

from services.render.articles.store import Store
from services.render.site.rebuild_site import SiteKeeper
from shared import log
from shared.bus import Entry, Handler
from shared.events import SiteDressed

_log = log.get("render")


def dress_site(store: Store, keeper: SiteKeeper) -> Handler:
    """The handler of site.dressed. Repeats and older versions change nothing.

    The event is done once Redis has it, and the pages are written beside it: an alert does not wait
    for thousands of them. If this process dies, the look of the files says that they are old.
    """

    async def handle(entry: Entry) -> None:
        event = entry.event
        if not isinstance(event, SiteDressed):
            raise TypeError(f"{event.type} says nothing of the site")
        await entry.commit(store.identity.effects(event))
        _log.info("site_dressed", version=event.data.version)
        keeper.look_now()

    return handle
