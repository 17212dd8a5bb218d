"""Flow: a page is live, or withdrawn. Followers are owed posts; members are owed an alert, and the
members who were mailed one are owed its correction or withdrawal."""

from datetime import UTC, datetime, timedelta

from services.notify.choices.store import Choices
from services.notify.deliveries.live_page import is_withdrawn, shows
from services.notify.deliveries.page_hold import PageHold
from services.notify.deliveries.site import SiteReader
from services.notify.journal.given_ids import GivenIds
from services.notify.ledger import article
from services.notify.ledger.start import Start, Starter, StartWord, delivery_id
from services.notify.posting.plan import plan_posts
from services.notify.posting.store import PostPlanner
from shared import log
from shared.bus import Bus, Entry, Surroundings
from shared.events import PageEvent, PagePublished, PageWithdrawn
from shared.settings import Settings
from shared.trial import void_approvers

PAGE_ALARM_SECONDS = 120.0
"""How long a page may take to be live before it is an alarm."""


class ApprovalMissing(Exception):
    """Nobody has approved what this alert says, or too few: nobody is mailed it."""


class StartDelivery:
    """Handles `page.published` and `page.withdrawn`."""

    def __init__(
        self,
        bus: Bus,
        choices: Choices,
        site: SiteReader,
        page_hold: PageHold,
        settings: Settings,
        *,
        given: GivenIds,
    ) -> None:
        self._redis = bus.redis
        self._starter = Starter(bus, choices)
        self._posts = PostPlanner(bus)
        self._site = site
        self._page_hold = page_hold
        self._settings = settings
        self._given = given
        self._log = log.get("notify")

    async def __call__(self, entry: Entry) -> None:
        """Plan what the event owes. Surroundings while the page is not live (promise G5);
        ApprovalMissing if an alert lacks an approval."""
        event = entry.event
        if isinstance(event, PageWithdrawn):
            # Not held up by a site that does not answer: the wrong text must not go on meanwhile.
            await self._plan(entry, event, self._stale(event))
        elif isinstance(event, PagePublished):
            await self._publish(entry, event)
        else:
            raise TypeError("no event of pages")

    async def _publish(self, entry: Entry, event: PagePublished) -> None:
        revision = event.data
        if await article.is_withdrawn(self._redis, revision):
            return
        wanted, void = self._settings.approvals, void_approvers(self._settings)
        if revision.article.alert and not revision.is_approved(wanted, void):
            raise ApprovalMissing
        page = await self._site.page(revision.path)
        if is_withdrawn(page, revision):
            return  # and the event that says so is under way
        if not shows(page, revision):
            raise Surroundings("page_not_live", alarm_after=PAGE_ALARM_SECONDS)
        held = self._stale(event)
        if revision.article.alert and not held:
            held = await self._page_hold.holds(revision)
        await self._plan(entry, event, held)

    def _stale(self, event: PageEvent) -> str:
        """`stale` if the alert comes out of a long silence, or was started before Redis was put
        back: it may be wrong by now, or be in everybody's hands, so a person decides."""
        stale = timedelta(hours=self._settings.stale_hours)
        is_old = datetime.now(UTC) - event.time >= stale
        return "stale" if is_old or self._given.was_started(delivery_id(event)) else ""

    async def _plan(self, entry: Entry, event: PageEvent, held: str) -> None:
        """Owe followers their posts, then members their delivery; the second acknowledges. `held`
        holds the delivery from its start, if it is not empty."""
        await self._plan_posts(entry, event)
        start, before = Start(StartWord.LOOK_AGAIN), ""
        while start.word is StartWord.LOOK_AGAIN:
            before = await article.delivery(self._redis, event.data.id)
            start = await self._starter.start(entry, event, before=before, held=held)
        if start.word is StartWord.OTHER_MODE:
            raise ValueError("the mode of an alert does not change once it was mailed")
        if start.word in (StartWord.GONE, StartWord.WITHDRAWN):
            return  # another worker settled it, and says so; or nothing followed
        revision = event.data
        if isinstance(event, PageWithdrawn):
            self._log.info("page_withdrawn", article=revision.id, revision=revision.revision)
        else:
            self._log.info("page_live", article=revision.id, revision=revision.revision)
        if start.word is StartWord.STARTED:
            await self._given.note_delivery(delivery_id(event))
            self._tell_start(event, start, before, held)

    async def _plan_posts(self, entry: Entry, event: PageEvent) -> None:
        posts = [
            post.model_copy(update={"id": self._given.post(post.id)})
            for post in plan_posts(event, self._settings)
        ]
        await self._posts.plan(entry, event, posts)
        await self._given.note_posts(post.id for post in posts)

    def _tell_start(self, event: PageEvent, start: Start, before: str, held: str) -> None:
        delivery = delivery_id(event)
        if start.kind != "alert":
            self._log.info("delivery_superseded", delivery=before, by=delivery)
        self._log.info(
            "delivery_started", delivery=delivery, audience=start.audience, kind=start.kind
        )
        if start.audience > 0 and held == "stale":
            self._log.error("delivery_stale", delivery=delivery)
        elif start.audience > 0 and held:
            self._page_hold.tell(delivery, held)
        if start.audience == 0:
            self._log.info("delivery_completed", delivery=delivery)
