"""notify: mails members, and posts to followers.

Consumes  pages       page.published: posts, and for an alert a delivery
                      page.withdrawn: posts, and for an alert that was mailed a delivery
                      page.previewed, page.sketched: the mail that it would become
          chunks      chunk.planned: mails to the chunk's members
          control     notice.approved: a notice to members gets a delivery
                      people.to_be_told, staff.address_wanted, person.gone: letters to staff
                      delivery.wanted: staff hold a delivery, let it go on, end it, have failures
                      tried again
          reference   subject.changed, subject.removed: what members choose by
                      site.dressed: what mails and pages say of the association
Emits     chunks      chunk.planned
          deliveries  delivery.started, .progressed, .completed, .paused, mail.previewed,
                      mail.sketched, page.looked_at, staff.reach_counted, post.delivered,
                      post.failed
Sends     letters: mail that one person asked for (letters/)
Serves    /member/, /bli-medlem/, /min-side/
                      unsubscription, for people and by one click; joining; what a member sees
                      and changes (member_pages/)
          /beskjed/   where a person of the staff says at which address they hear of things (staff/)
          /inbox/     mail that a system without a relay keeps (inbox/)
Owns      notify:*    in Redis: members, keys, deliveries with their ledgers, posts, the inbox
          journal/    in DATA, or a folder of its own: who left, was erased and came back
          secret-key  in DATA, if no secret is set

README.md goes through a delivery step by step.
"""

import asyncio
from contextlib import suppress

from prometheus_client import Metric
from redis.exceptions import RedisError
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from services.notify.bounces import metrics as bounce_metrics
from services.notify.choices.keep_subject import keep_subject
from services.notify.deliveries.page_hold import PageHold
from services.notify.deliveries.site import SiteReader
from services.notify.identity import identity_of, keep_identity
from services.notify.inbox.app import Inbox
from services.notify.inbox.mails import Mails
from services.notify.journal import journal as journals
from services.notify.journal.journal import Journal
from services.notify.journal.keys_beside import keep_beside, load_keys
from services.notify.ledger import measure
from services.notify.ledger.expire_members import expire_daily
from services.notify.ledger.forget import forget_daily
from services.notify.letters import metrics as letter_metrics
from services.notify.looks.certificate import CertificateWatch
from services.notify.looks.look_at_pages import look_at_pages
from services.notify.looks.store import Looks
from services.notify.mail.letterhead import letterhead
from services.notify.posting.send_heartbeats import SendHeartbeats
from services.notify.posting.send_posts import send_due_posts
from services.notify.relay import url as relay_url
from services.notify.relay.url import RelayUrl
from services.notify.staff import pages as staff_pages
from services.notify.staff.tell_reach import tell_reach
from services.notify.vault import keys
from services.notify.vault.vault import Vault
from services.notify.wiring import Base, NotifyParts, wire
from shared import log
from shared.bus import Bus, Entry
from shared.events import (
    DeliveryWanted,
    PageEvent,
    PagePreviewed,
    PageSketched,
    SiteDressed,
    StaffEvent,
)
from shared.service import Service
from shared.settings import Settings
from shared.visitors import cookies

CHUNKS = 2
"""Chunks in work at a time. While one is begun or ended, the other has mail to send."""
_PAGES = ("/bli-medlem/", "/min-side/", "/member/")
_NOT_YET = PlainTextResponse("notify is starting\n", status_code=503)
_NOT_HERE = PlainTextResponse("not found\n", status_code=404)


def create(settings: Settings, redis_url: str, *, consumer: str = "notify-1") -> Service:
    """The service, wired; ValueError if a setting makes mail impossible."""
    bus = Bus(redis_url, service="notify", consumer=consumer, epoch_key=keys.KEYS)
    notify = _Notify(settings, bus)
    bus.consume("pages", notify.page)
    bus.consume("chunks", notify.deliver, prefetch=1, readers=CHUNKS)
    # By two, each with one at a time: what staff ask of a delivery waits for nothing.
    bus.consume("control", notify.control, prefetch=1, readers=2)
    bus.consume("reference", notify.reference)

    async def posts() -> None:
        await notify.send_posts()

    async def looks() -> None:
        await look_at_pages(bus.redis, settings)

    async def reach() -> None:
        await tell_reach(bus.redis, settings)

    async def letters() -> None:
        await notify.send_letters()

    certificate = CertificateWatch(settings)

    async def measured() -> list[Metric]:
        return [
            *await measure.measure(bus.redis),
            *await letter_metrics.measure(bus.redis),
            *await notify.measure_bounces(),
            *certificate.measure(),
        ]

    async def forget() -> None:
        await forget_daily(bus.redis)

    return Service(
        name="notify",
        http=notify.http,
        prefixes=(*_PAGES, staff_pages.PREFIX, "/inbox/"),
        cookies=dict.fromkeys((*_PAGES, staff_pages.PREFIX), cookies.MEMBER_COOKIES),
        bus=bus,
        open=(notify.open,),
        loops=(
            *(posts, looks, reach, forget, letters, notify.expire, notify.carry_over),
            *(notify.keep_journal, notify.bounces, certificate, notify.send_heartbeats),
        ),
        close=(notify.close,),
        folders={"journal": settings.journal_folder},
        problems=notify.problems,
        measure=measured,
    )


async def _no_event(entry: Entry) -> None:
    raise TypeError(f"no event of {entry.stream}")


class _Notify:
    """The service's parts, from when Redis has given the keys and the inbox its port."""

    def __init__(self, settings: Settings, bus: Bus) -> None:
        self._settings = settings
        self._bus = bus
        self._relay = _relay(settings)
        letterhead(settings)  # a setting that is wrong is told of now
        self._site = SiteReader(settings.site_check)
        self._inbox = None if self._relay else Inbox(bus.redis)
        self._identity = identity_of(bus.redis)
        self._keep_identity = keep_identity(self._identity)
        self._page_hold = PageHold(bus.redis, settings)
        self._looks = Looks(bus.redis)
        self._journal: Journal | None = None
        self._has_keys_beside = True
        self._opened: NotifyParts | None = None

    async def open(self) -> None:
        """Wire what needs the keys; called before the consumers start. keys.WrongSecretKey if the
        secret is not the one that they were wrapped with, OtherJournal if the journal is of another
        system."""
        redis = self._bus.redis
        await self._bus.epoch.begin()  # first, so that the keys are of no other one
        found = await load_keys(redis, self._settings)
        vault = Vault(found.vault, found.index)
        self._journal = Journal(self._settings.journal_folder, vault, redis)
        await self._journal.open()
        self._has_keys_beside = await keep_beside(redis, self._settings)
        relay = self._relay or RelayUrl("127.0.0.1", await self._start_inbox())
        if self._relay and (mails := await Mails(redis).empty()):
            # They were made to try with, and hold names and addresses in the clear.
            log.get("notify").info("inbox_emptied", mails=mails)
        self._opened = await wire(
            Base(
                self._settings,
                self._bus,
                found,
                relay=relay,
                site=self._site,
                page_hold=self._page_hold,
                journal=self._journal,
                identity=self._identity,
            )
        )
        if self._opened.hearing:
            await self._opened.hearing.start()

    @property
    def _parts(self) -> NotifyParts:
        if self._opened is None:
            raise RuntimeError("notify was called before it was open")
        return self._opened

    async def bounces(self) -> None:
        """Hear of what comes back until cancelled."""
        if self._parts.hearing:
            await self._parts.hearing.run()
        else:
            await asyncio.Event().wait()

    async def measure_bounces(self) -> list[Metric]:
        """The gauges of what came back."""
        return await bounce_metrics.measure(self._opened.bounces) if self._opened else []

    async def send_letters(self) -> None:
        await self._parts.send_letters.run()

    async def send_posts(self) -> None:
        await send_due_posts(self._bus.redis, self._settings, self._parts.given)

    async def send_heartbeats(self) -> None:
        await SendHeartbeats(self._bus.redis, self._settings, self._site.page).run()

    async def page(self, entry: Entry) -> None:
        if isinstance(entry.event, PagePreviewed):
            await self._parts.preview_mail(entry)
        elif isinstance(entry.event, PageSketched):
            await self._parts.sketch_mail(entry)
        else:
            if isinstance(entry.event, PageEvent):
                await self._looks.plan(entry.event)
            await self._parts.start_delivery(entry)

    async def control(self, entry: Entry) -> None:
        if isinstance(entry.event, DeliveryWanted):
            await self._parts.heed_wish(entry)
        elif isinstance(entry.event, StaffEvent):
            await self._parts.staff_control(entry)
        else:
            await self._parts.start_notice(entry)

    async def reference(self, entry: Entry) -> None:
        if isinstance(entry.event, SiteDressed):
            await self._keep_identity(entry)
        else:
            await keep_subject(self._parts.choices, entry)

    async def deliver(self, entry: Entry) -> None:
        await self._parts.deliver_chunk(entry)

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = _NOT_HERE
        if scope["path"].startswith(_PAGES):
            app = self._opened.member_pages if self._opened else _NOT_YET
        elif scope["path"].startswith(staff_pages.PREFIX):
            app = self._opened.staff_page if self._opened else _NOT_YET
        elif self._inbox:
            app = self._inbox.http
        await app(scope, receive, send)

    def problems(self) -> list[str]:
        """What keeps mail from the relay, and the journal from being kept."""
        wrong = ""
        if self._opened:
            wrong = self._opened.pool.problem() or self._opened.send_letters.problem()
        journal = self._journal.problems() if self._journal else []
        if not self._has_keys_beside:
            journal = [*journal, "journal: cannot be written: its keys"]
        return [f"relay: {wrong}"] * bool(wrong) + journal

    async def expire(self) -> None:
        days = self._settings.left_kept_days
        await expire_daily(self._bus.redis, self._parts.membership, days)

    async def carry_over(self) -> None:
        await self._parts.membership.keep_carrying_over()

    async def keep_journal(self) -> None:
        if self._journal:
            await asyncio.gather(self._journal.keep_trying(), self._keep_keys())

    async def _keep_keys(self) -> None:
        """Without its keys nobody can read a journal that has outlived Redis."""
        while not self._has_keys_beside:
            await asyncio.sleep(journals.RETRY_SECONDS)
            with suppress(RedisError):  # the bus tells
                self._has_keys_beside = await keep_beside(self._bus.redis, self._settings)

    async def close(self) -> None:
        if opened := self._opened:
            if opened.hearing:
                await opened.hearing.close()
            for pool in filter(None, (opened.pool, opened.letter_pool)):
                await pool.close()
            await opened.recorder.close()
        if self._inbox:
            await self._inbox.stop()
        if self._journal:
            await self._journal.close()
        await self._site.close()

    async def _start_inbox(self) -> int:
        if self._inbox is None:
            raise RuntimeError("there is a relay, so there is no inbox")
        return await self._inbox.start()


def _relay(settings: Settings) -> RelayUrl | None:
    return relay_url.parse(settings.smtp_url.get_secret_value()) if settings.has_relay else None
