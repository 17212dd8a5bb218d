"""Flow: a notice to members was approved. It gets a delivery; it has no page, so none is waited for
(promise G5 is of alerts), and followers hear nothing of it."""

from services.notify.journal.given_ids import GivenIds
from services.notify.ledger.start_notice import NoticeStarter, NoticeWord, notice_delivery
from shared import log
from shared.bus import Bus, Entry
from shared.events import NoticeApproved
from shared.settings import Settings
from shared.trial import void_approvers


class NoticeNotApproved(Exception):
    """Too few people have approved what this notice says: nobody is mailed it."""


class StartNotice:
    """Handles `notice.approved`."""

    def __init__(self, bus: Bus, given: GivenIds, settings: Settings) -> None:
        self._starter = NoticeStarter(bus)
        self._given = given
        self._void = void_approvers(settings)
        self._log = log.get("notify")

    async def __call__(self, entry: Entry) -> None:
        """Start the notice's delivery. NoticeNotApproved if it lacks an approval, whatever service
        wrote the event."""
        event = entry.event
        if not isinstance(event, NoticeApproved):
            raise TypeError("no notice")
        if not event.data.is_approved(self._void):
            raise NoticeNotApproved
        # Redis was put back to a copy from before: members may have it, so a person decides.
        held = "stale" if self._given.was_started(notice_delivery(event.data.id)) else ""
        start = await self._starter.start(entry, event, held=held)
        if start.word is not NoticeWord.STARTED:
            return
        await self._given.note_delivery(start.delivery)
        self._log.info(
            "delivery_started", delivery=start.delivery, audience=start.audience, kind="notice"
        )
        if held and start.audience:
            self._log.error("delivery_stale", delivery=start.delivery)
        if start.audience == 0:
            self._log.info("delivery_completed", delivery=start.delivery)
