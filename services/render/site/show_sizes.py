"""Flow: the pictures of an article have their other files, so its page names them."""

from services.render.articles.sizes import sizes_kept
from services.render.articles.store import Store
from services.render.site.write_behind import WriteBehind
from shared.bus import Entry, Handler
from shared.events import PicturesScaled


def show_sizes(store: Store, behind: WriteBehind) -> Handler:
    """The handler of pictures.scaled. The page is there already, and is written again behind."""

    async def handle(entry: Entry) -> None:
        event = entry.event
        if not isinstance(event, PicturesScaled):
            raise TypeError(f"{event.type} says nothing of pictures")
        mark = await store.dated.new_mark(f"sizes {event.data.article}")
        await entry.commit(sizes_kept(event.data, mark))
        behind.wake()

    return handle
