"""Flow: a subject has changed, or was removed."""

from services.render.articles.store import Store
from services.render.site.write_behind import WriteBehind
from services.render.subjects.store import subject_kept
from shared.bus import Entry, Handler
from shared.events import SubjectChanged, SubjectRemoved


def keep_subject(store: Store, behind: WriteBehind) -> Handler:
    """The handler of `reference`. An older event than what is kept changes nothing."""

    async def handle(entry: Entry) -> None:
        if not isinstance(entry.event, SubjectChanged | SubjectRemoved):
            raise TypeError("no event of reference")
        mark = await store.dated.new_mark("subjects")
        await entry.commit(subject_kept(entry.event, mark))
        behind.wake()

    return handle
