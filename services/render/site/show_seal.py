"""The day's root of the audit trail is shown in the site, where everybody can take note of it."""

from services.render.articles.store import Store
from services.render.site.write_site import SiteWriter
from shared.bus import Entry, Handler
from shared.events import AuditSealed


def show_seal(store: Store, writer: SiteWriter) -> Handler:
    """The handler of audit.sealed. Repeats and older seals of a day change nothing."""

    async def handle(entry: Entry) -> None:
        event = entry.event
        if not isinstance(event, AuditSealed):
            raise TypeError(f"{event.type} is no seal")
        await store.seals.keep(event.data)
        await writer.write_seals()

    return handle
