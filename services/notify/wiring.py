"""Notify's parts, wired: what needs the keys, and an address that mail goes to."""

import hmac
from dataclasses import dataclass

from starlette.types import ASGIApp

from services.notify.bounces.hearing import Hearing
from services.notify.bounces.intake import ReturnIntake
from services.notify.bounces.standings import Standings
from services.notify.bounces.store import Bounces
from services.notify.choices.store import Choices
from services.notify.deliveries.chunk_in_hand import Addressees
from services.notify.deliveries.deliver_chunk import DeliverChunk
from services.notify.deliveries.heed_wish import HeedWish
from services.notify.deliveries.mail_chunk import MailChunk
from services.notify.deliveries.member_mails import MemberMails
from services.notify.deliveries.page_hold import PageHold
from services.notify.deliveries.preview_mail import PreviewMail, SketchMail
from services.notify.deliveries.recorder import Recorder
from services.notify.deliveries.site import SiteReader
from services.notify.deliveries.start_delivery import StartDelivery
from services.notify.deliveries.start_notice import StartNotice
from services.notify.journal.given_ids import GivenIds
from services.notify.journal.journal import Journal
from services.notify.ledger.delivery import heard_wishes
from services.notify.ledger.ledger import Ledger
from services.notify.letters.hand_over import IDLE_SECONDS, HandOver
from services.notify.letters.send_letters import LetterSources, SendLetters
from services.notify.letters.store import Letters
from services.notify.letters.tickets import Tickets
from services.notify.mail.letterhead import letterhead
from services.notify.member_pages import app as member_pages
from services.notify.member_pages.visit import PageParts
from services.notify.members.addresses import parse as parse_address
from services.notify.members.membership import Membership
from services.notify.members.replay_journal import replay
from services.notify.on_change import on_change
from services.notify.passkeys.store import MemberPasskeys
from services.notify.posting.store import waiting_posts
from services.notify.relay.limits import Limits, Use
from services.notify.relay.pool import Pool
from services.notify.relay.url import RelayUrl
from services.notify.relay.window import Window
from services.notify.staff import pages as staff_pages
from services.notify.staff.control import StaffControl
from services.notify.staff.store import Staff
from services.notify.vault import keys
from services.notify.vault.return_paths import ReturnPaths
from services.notify.vault.tokens import Tokens
from services.notify.vault.vault import Vault
from shared.bus import Bus
from shared.frame.kept import KeptIdentity
from shared.settings import Settings


@dataclass(frozen=True)
class Base:
    """What the parts stand on."""

    settings: Settings
    bus: Bus
    found: keys.Keys
    relay: RelayUrl
    site: SiteReader
    page_hold: PageHold
    journal: Journal
    identity: KeptIdentity


@dataclass
class NotifyParts:
    """The parts that the service calls."""

    membership: Membership
    given: GivenIds
    pool: Pool
    letter_pool: Pool | None
    recorder: Recorder
    start_delivery: StartDelivery
    start_notice: StartNotice
    heed_wish: HeedWish
    preview_mail: PreviewMail
    sketch_mail: SketchMail
    deliver_chunk: DeliverChunk
    choices: Choices
    bounces: Bounces
    hearing: Hearing | None
    """None if nobody listens for mail that comes back."""
    send_letters: SendLetters
    staff_control: StaffControl
    member_pages: ASGIApp
    staff_page: ASGIApp


async def wire(base: Base) -> NotifyParts:
    """All of them. Members who left by the journal's word have left when it returns. ValueError if
    a setting makes mail impossible."""
    settings, bus, found, relay = base.settings, base.bus, base.found, base.relay
    redis, head = bus.redis, letterhead(settings)
    tokens, vault = Tokens(found.token), Vault(found.vault, found.index)
    membership = Membership(redis, vault, base.journal, on_change(redis, vault))
    members = membership.members
    given = GivenIds(base.journal, await replay(membership, base.journal))  # before any mail
    heard = await heard_wishes(redis)
    await given.note_forgotten(deliveries=heard, posts=await waiting_posts(redis), wishes=heard)
    return_paths = _return_paths(settings, found.returns)
    window = Window()
    ledger, choices, bounces = Ledger(bus, vault), Choices(redis, vault), Bounces(redis, vault)
    recorder, standings = Recorder(ledger, window), Standings(bounces, members)
    pool = Pool(relay.for_deliveries, sender=head.sender, window=window)
    letters, tickets = Letters(redis, vault, found.letters), Tickets(redis, vault, found.letters)
    staff = Staff(redis, vault)
    letter_pool = None
    if relay.has_own_for_letters:
        letter_pool = Pool(
            relay.for_letters, sender=head.sender, window=Window(), idle_seconds=IDLE_SECONDS
        )
    hearing = None
    if return_paths:
        hearing = Hearing(
            redis,
            settings,
            store=bounces,
            intake=ReturnIntake(redis, bounces, return_paths, tokens),
            members=members,
            leave=membership.leave,
        )
    mail_chunk = MailChunk(
        ledger=ledger,
        mails=MemberMails(
            redis,
            members=members,
            tokens=tokens,
            head=head,
            marks_key=found.marks,
            return_paths=return_paths,
        ),
        limits=Limits(redis, relay.limits, Use.DELIVERIES),
        pool=pool,
    )
    return NotifyParts(
        membership=membership,
        given=given,
        pool=pool,
        letter_pool=letter_pool,
        recorder=recorder,
        start_delivery=StartDelivery(
            bus, choices, base.site, base.page_hold, settings, given=given
        ),
        start_notice=StartNotice(bus, given, settings),
        heed_wish=HeedWish(bus, given),
        preview_mail=PreviewMail(
            bus,
            choices=choices,
            standings=standings,
            head=head,
            identity=base.identity,
            tokens=tokens,
            marks_key=found.marks,
            pool=pool,
        ),
        sketch_mail=SketchMail(bus, choices=choices, head=head, identity=base.identity),
        deliver_chunk=DeliverChunk(
            bus,
            ledger=ledger,
            recorder=recorder,
            addressees=Addressees(members, standings),
            mail_chunk=mail_chunk,
            page_hold=base.page_hold,
            given=given,
        ),
        choices=choices,
        bounces=bounces,
        hearing=hearing,
        send_letters=SendLetters(
            sources=LetterSources(letters, tickets, staff.address),
            members=members,
            hand_over=HandOver(
                own=letter_pool,
                shared=pool,
                limits={
                    use: Limits(redis, relay.limits, use)
                    for use in (Use.LETTERS, Use.JOINS, Use.SPARE)
                },
            ),
            head=head,
            identity=base.identity,
            joins_an_hour=settings.join_letters_per_hour,
            is_over=bus.epoch.over.is_set,
        ),
        staff_control=StaffControl(bus, staff, letters, settings),
        member_pages=member_pages.create(
            PageParts(
                redis=redis,
                settings=settings,
                identity=base.identity,
                membership=membership,
                bounces=bounces,
                choices=choices,
                letters=letters,
                tickets=tickets,
                tokens=tokens,
                passkeys=MemberPasskeys(redis, vault),
                vault=vault,
                key=hmac.digest(found.token, b"member pages", "sha256"),
            )
        ),
        staff_page=staff_pages.create(
            staff_pages.StaffPageParts(redis, settings, base.identity, staff, letters, found.token)
        ),
    )


def _return_paths(settings: Settings, key: bytes) -> ReturnPaths | None:
    if not settings.bounce_address:
        return None
    try:
        return ReturnPaths(key, parse_address(settings.bounce_address))
    except ValueError as error:
        raise ValueError(f"VARSEL_BOUNCE_ADDRESS: {error}") from None
