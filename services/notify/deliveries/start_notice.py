"""Flow: a notice to members was approved. It gets a delivery; it has no page, so none is waited for
(promise G5 is of alerts), and followers hear nothing of it."""

from services.notify.ledger.start_notice import NoticeStarter, NoticeWord
from shared import log
from shared.bus import Bus, Entry
from shared.events import NoticeApproved


class NoticeNotApproved(Exception):
    """Too few people have approved what this notice says: nobody is mailed it."""


class StartNotice:
    """Handles `notice.approved`."""

    def __init__(self, bus: Bus) -> None:
        self._starter = NoticeStarter(bus)
        self._log = log.get("notify")

    async def __call__(self, entry: Entry) -> None:
        """Start the notice's delivery. NoticeNotApproved if it lacks an approval, whatever service
        wrote the event."""
        event = entry.event
        if not isinstance(event, NoticeApproved):
            raise TypeError("no notice")
        if not event.data.is_approved:
            raise NoticeNotApproved
        start = await self._starter.start(entry, event)
        if start.word is not NoticeWord.STARTED:
            return
        self._log.info(
            "delivery_started", delivery=start.delivery, audience=start.audience, kind="notice"
        )
        if start.audience == 0:
            self._log.info("delivery_completed", delivery=start.delivery)
