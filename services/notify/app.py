"""notify: mails members, and posts to followers.

Consumes  pages       page.published: posts, and for an alert a delivery
                      page.withdrawn: posts, and for an alert that was mailed a delivery
                      page.previewed: the mail that it would become
          chunks      chunk.planned: mails to the chunk's members
          control     notice.approved: a notice to members gets a delivery
          reference   subject.changed, subject.removed: what members choose by
Emits     chunks      chunk.planned
          deliveries  delivery.started, .progressed, .completed, .paused, mail.previewed,
                      post.delivered, post.failed
Sends     letters: mail that one person asked for (letters/)
Serves    /member/, /bli-medlem/, /min-side/
                      unsubscription, for people and by one click; joining; what a member sees
                      and changes (member_pages/)
          /inbox/     mail that a system without a relay keeps (inbox/)
Owns      notify:*    in Redis: members, keys, deliveries with their ledgers, posts, the inbox
          journal/    in DATA, or a folder of its own: who left, was erased and came back
          secret-key  in DATA, if no secret is set

README.md goes through a delivery step by step.
"""

import asyncio
import hmac
from datetime import timedelta

from prometheus_client import Metric
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from services.notify.bounces import metrics as bounce_metrics
from services.notify.bounces.hearing import Hearing
from services.notify.bounces.intake import ReturnIntake
from services.notify.bounces.standings import Standings
from services.notify.bounces.store import Bounces
from services.notify.choices.keep_subject import keep_subject
from services.notify.choices.store import Choices
from services.notify.deliveries.deliver_chunk import DeliverChunk
from services.notify.deliveries.mail_chunk import MailChunk
from services.notify.deliveries.member_mails import MemberMails
from services.notify.deliveries.page_hold import PageHold
from services.notify.deliveries.preview_mail import PreviewMail
from services.notify.deliveries.recorder import Recorder
from services.notify.deliveries.site import SiteReader
from services.notify.deliveries.start_delivery import StartDelivery
from services.notify.deliveries.start_notice import StartNotice
from services.notify.inbox.app import Inbox
from services.notify.inbox.mails import Mails
from services.notify.journal.given_ids import GivenIds
from services.notify.journal.journal import Journal
from services.notify.journal.keys_beside import load_keys
from services.notify.ledger import measure
from services.notify.ledger.expire_members import expire_daily
from services.notify.ledger.forget import forget_daily
from services.notify.ledger.ledger import Ledger
from services.notify.letters import metrics as letter_metrics
from services.notify.letters.hand_over import IDLE_SECONDS, HandOver
from services.notify.letters.send_letters import SendLetters
from services.notify.letters.store import Letters
from services.notify.letters.tickets import Tickets
from services.notify.mail.letterhead import letterhead
from services.notify.member_pages import app as member_pages
from services.notify.member_pages.visit import PageParts
from services.notify.members.addresses import parse as parse_address
from services.notify.members.membership import Membership
from services.notify.members.replay_journal import replay
from services.notify.members.store import Members
from services.notify.on_change import on_change
from services.notify.posting.send_posts import send_due_posts
from services.notify.relay import url as relay_url
from services.notify.relay.limits import Limits, Use
from services.notify.relay.pool import Pool
from services.notify.relay.url import RelayUrl
from services.notify.relay.window import Window
from services.notify.vault import keys
from services.notify.vault.return_paths import ReturnPaths
from services.notify.vault.tokens import Tokens
from services.notify.vault.vault import Vault
from services.notify.visitors import cookies
from shared import log
from shared.bus import Bus, Entry
from shared.events import PagePreviewed
from shared.service import Service
from shared.settings import Settings

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
    bus.consume("control", notify.control)
    bus.consume("reference", keep_subject)

    async def posts() -> None:
        await send_due_posts(bus.redis, settings)

    async def letters() -> None:
        await notify.send_letters()

    async def measured() -> list[Metric]:
        return [
            *await measure.measure(bus.redis),
            *await letter_metrics.measure(bus.redis),
            *await notify.measure_bounces(),
        ]

    async def forget() -> None:
        await forget_daily(bus.redis)

    return Service(
        name="notify",
        http=notify.http,
        prefixes=(*_PAGES, "/inbox/"),
        cookies=cookies.NAMES,
        bus=bus,
        open=(notify.open,),
        loops=(posts, forget, letters, notify.expire, notify.keep_journal, notify.bounces),
        close=(notify.close,),
        folders={"journal": settings.journal_folder},
        problems=notify.problems,
        measure=measured,
    )


async def _no_event(entry: Entry) -> None:
    raise TypeError(f"no event of {entry.stream}")


class _Notify:
    """What can be wired only once Redis has given the keys and the inbox its port."""

    def __init__(self, settings: Settings, bus: Bus) -> None:
        self._settings = settings
        self._bus = bus
        self._relay = _relay(settings)
        self._head = letterhead(settings)
        self._site = SiteReader(settings.site_check)
        self._inbox = None if self._relay else Inbox(bus.redis)
        self._page_hold = PageHold(bus.redis, settings)
        self._start_delivery: StartDelivery | None = None
        self._start_notice: StartNotice | None = None
        self._preview_mail: PreviewMail | None = None
        self._pool: Pool | None = None
        self._recorder: Recorder | None = None
        self._deliver_chunk: DeliverChunk | None = None
        self._journal: Journal | None = None
        self._membership: Membership | None = None
        self._member_pages: ASGIApp = _NOT_YET
        self._bounces: Bounces | None = None
        self._hearing: Hearing | None = None
        self._letter_pool: Pool | None = None
        self._send_letters: SendLetters | None = None

    async def open(self) -> None:
        """Wire what needs the keys; called before the consumers start. keys.WrongSecretKey if the
        secret is not the one that they were wrapped with, OtherJournal if the journal is of another
        system."""
        await self._bus.epoch.begin()  # first, so that the keys are of no other one
        found = await load_keys(self._bus.redis, self._settings)
        tokens = Tokens(found.token)
        vault = Vault(found.vault, found.index)
        self._journal = Journal(self._settings.journal_folder, vault)
        await self._journal.open()
        membership = Membership(
            self._bus.redis, vault, self._journal, on_change(self._bus.redis, vault)
        )
        self._membership = membership
        said = await replay(membership, self._journal)  # before anybody is mailed
        given = GivenIds(self._journal, said)
        return_paths = _return_paths(self._settings, found.returns)
        relay = self._relay or RelayUrl("127.0.0.1", await self._start_inbox())
        if self._relay and (mails := await Mails(self._bus.redis).empty()):
            # They were made to try with, and hold names and addresses in the clear.
            log.get("notify").info("inbox_emptied", mails=mails)
        window = Window()
        ledger, choices = Ledger(self._bus, vault), Choices(self._bus.redis, vault)
        self._recorder = Recorder(ledger, window)
        self._pool = Pool(relay.for_deliveries, sender=self._head.sender, window=window)
        letters = Letters(self._bus.redis, vault, found.letters)
        tickets = Tickets(self._bus.redis, vault, found.letters)
        self._member_pages = member_pages.create(
            PageParts(
                redis=self._bus.redis,
                settings=self._settings,
                membership=membership,
                bounces=Bounces(self._bus.redis, vault),
                choices=choices,
                letters=letters,
                tickets=tickets,
                tokens=tokens,
                key=hmac.digest(found.token, b"member pages", "sha256"),
            )
        )
        self._start_delivery = StartDelivery(
            self._bus,
            choices,
            self._site,
            self._page_hold,
            self._settings,
            given=given,
        )
        self._start_notice = StartNotice(self._bus, given)
        self._preview_mail = PreviewMail(
            self._bus,
            choices=choices,
            head=self._head,
            tokens=tokens,
            marks_key=found.marks,
            pool=self._pool,
        )
        self._bounces = Bounces(self._bus.redis, vault)
        if return_paths:
            self._hearing = Hearing(
                self._bus.redis,
                self._settings,
                store=self._bounces,
                intake=ReturnIntake(self._bus.redis, self._bounces, return_paths, tokens),
                members=membership.members,
                leave=membership.leave,
            )
            await self._hearing.start()
        members = membership.members
        self._open_letters(relay, letters, tickets, members)
        self._deliver_chunk = DeliverChunk(
            self._bus,
            ledger=ledger,
            recorder=self._recorder,
            members=members,
            standings=Standings(self._bounces, members),
            mail_chunk=MailChunk(
                ledger=ledger,
                mails=MemberMails(
                    self._bus.redis,
                    members=members,
                    tokens=tokens,
                    head=self._head,
                    marks_key=found.marks,
                    return_paths=return_paths,
                ),
                limits=Limits(self._bus.redis, relay.limits, Use.DELIVERIES),
                pool=self._pool,
            ),
            pool=self._pool,
            page_hold=self._page_hold,
            stale=timedelta(hours=self._settings.stale_hours),
        )

    async def bounces(self) -> None:
        """Hear of what comes back until cancelled."""
        if self._hearing:
            await self._hearing.run()
        else:
            await asyncio.Event().wait()

    async def measure_bounces(self) -> list[Metric]:
        """The gauges of what came back."""
        return await bounce_metrics.measure(self._bounces) if self._bounces else []

    def _open_letters(
        self, relay: RelayUrl, letters: Letters, tickets: Tickets, members: Members
    ) -> None:
        """Wire what sends letters; the deliveries' pool stands."""
        redis, sender = self._bus.redis, self._head.sender
        if self._pool is None:
            raise RuntimeError("letters may need the deliveries' pool")
        if relay.has_own_for_letters:
            self._letter_pool = Pool(
                relay.for_letters, sender=sender, window=Window(), idle_seconds=IDLE_SECONDS
            )
        uses = (Use.LETTERS, Use.JOINS, Use.SPARE)
        self._send_letters = SendLetters(
            letters=letters,
            tickets=tickets,
            members=members,
            hand_over=HandOver(
                own=self._letter_pool,
                shared=self._pool,
                limits={use: Limits(redis, relay.limits, use) for use in uses},
            ),
            head=self._head,
            joins_an_hour=self._settings.join_letters_per_hour,
            is_over=self._bus.epoch.over.is_set,
        )

    async def send_letters(self) -> None:
        if self._send_letters is None:
            raise RuntimeError("letters were to be sent before notify was open")
        await self._send_letters.run()

    async def page(self, entry: Entry) -> None:
        if self._preview_mail is None or self._start_delivery is None:
            raise RuntimeError("a page came before notify was open")
        previewed = isinstance(entry.event, PagePreviewed)
        await (self._preview_mail if previewed else self._start_delivery)(entry)

    async def control(self, entry: Entry) -> None:
        if self._start_notice is None:
            raise RuntimeError("a notice came before notify was open")
        await self._start_notice(entry)

    async def deliver(self, entry: Entry) -> None:
        if self._deliver_chunk is None:
            raise RuntimeError("a chunk came before notify was open")
        await self._deliver_chunk(entry)

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = _NOT_HERE
        if scope["path"].startswith(_PAGES):
            app = self._member_pages
        elif self._inbox:
            app = self._inbox.http
        await app(scope, receive, send)

    def problems(self) -> list[str]:
        """What keeps mail from the relay, and the journal from being kept."""
        wrong = self._pool.problem() if self._pool else ""
        if self._send_letters and not wrong:
            wrong = self._send_letters.problem()
        journal = self._journal.problems() if self._journal else []
        return [f"relay: {wrong}"] * bool(wrong) + journal

    async def expire(self) -> None:
        if self._membership:
            days = self._settings.left_kept_days
            await expire_daily(self._bus.redis, self._membership, days)

    async def keep_journal(self) -> None:
        if self._journal:
            await self._journal.keep_trying()

    async def close(self) -> None:
        if self._hearing:
            await self._hearing.close()
        for pool in filter(None, (self._pool, self._letter_pool)):
            await pool.close()
        if self._recorder:
            await self._recorder.close()
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


def _return_paths(settings: Settings, key: bytes) -> ReturnPaths | None:
    if not settings.bounce_address:
        return None
    try:
        return ReturnPaths(key, parse_address(settings.bounce_address))
    except ValueError as error:
        raise ValueError(f"VARSEL_BOUNCE_ADDRESS: {error}") from None
