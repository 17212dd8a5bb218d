"""Flows: a revision waits for approval, or for its time. Whoever approves it sees the mail that it
would become, how many members would get it, and whether it can be sent at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from redis.asyncio import Redis

from services.notify.bounces.standings import Standings
from services.notify.choices.store import Choices
from services.notify.ledger import article, chain
from services.notify.ledger import delivery as deliveries
from services.notify.ledger.chain import Reach
from services.notify.ledger.delivery import AlertKind
from services.notify.ledger.start import delivery_name
from services.notify.mail.alert_mail import AlertMail
from services.notify.mail.not_mailable import NotMailable
from services.notify.mail.text import Letterhead, Variant, words_of
from services.notify.relay.pool import Pool
from services.notify.vault.tokens import Tokens
from shared import log
from shared.bus import Bus, Effects, Entry
from shared.event_data import MailPreview, MailSketch
from shared.events import MailPreviewed, MailSketched, PagePreviewed, PageSketched
from shared.frame.kept import KeptIdentity
from shared.revision import Revision

_NOBODY = "eksempel"
"""Stands in the place of a member's token. The link leads to the page that says that the address
is nobody's."""
_SKETCH_KNOWN_SECONDS = 48 * 3600
GMAIL_OCTETS = 102_000
"""Gmail shows no more of a mail's HTML, and then a link to the rest."""


class PreviewMail:
    """Handles `page.previewed`."""

    def __init__(
        self,
        bus: Bus,
        *,
        choices: Choices,
        standings: Standings,
        head: Letterhead,
        identity: KeptIdentity,
        tokens: Tokens,
        marks_key: bytes,
        pool: Pool,
    ) -> None:
        self._redis = bus.redis
        self._choices = choices
        self._standings = standings
        self._head = head
        self._identity = identity
        self._tokens = tokens
        self._marks_key = marks_key
        self._pool = pool
        self._log = log.get("notify")

    async def __call__(self, entry: Entry) -> None:
        """Emit `mail.previewed` for an alert. News mails nobody, so nothing is emitted for it."""
        event = entry.event
        if not isinstance(event, PagePreviewed):
            raise TypeError("no preview")
        revision = event.data.revision
        if revision.article.alert is None:
            return
        would = await _would_be(
            self._redis,
            self._choices,
            revision,
            no_address=await self._standings.all_gone(now=datetime.now(UTC)),
        )
        head = self._head.dressed(await self._identity.newest())
        words = words_of(revision, would.kind, head, unsubscribe=head.unsubscribe(_NOBODY))
        size, takes = self._size(revision, would, head), await self._pool.largest()
        too_large = size is not None and takes is not None and size > takes
        told = MailPreviewed(
            id=f"{revision.id}.{revision.revision}.mail.previewed",
            source="/varsel/notify",
            subject=revision.id,
            time=datetime.now(UTC),
            traceparent=event.traceparent,
            data=MailPreview(
                article=revision.id,
                revision=revision.revision,
                sha256=revision.sha256,
                subject=words.subject,
                text=words.text,
                html=words.html,
                audience=would.reach.audience,
                first=would.reach.first,
                gone=would.reach.gone,
                chose_others=would.reach.chose_others,
                not_owed=would.reach.not_owed,
                no_address=would.reach.no_address,
                size=size or 0,
                relay_takes=takes,
                cut_by_gmail=len(words.html.encode()) > GMAIL_OCTETS,
                refused="unsafe" if size is None else "too_large" if too_large else "",
            ),
        )
        await entry.commit(Effects(events=[("deliveries", told)]))
        self._log.info("mail_previewed", article=revision.id, revision=revision.revision)

    def _size(self, revision: Revision, would: "_Would", head: Letterhead) -> int | None:
        """Octets of the largest mail that a member could get; none if its text is unsafe."""
        try:
            mails = [
                AlertMail(
                    revision,
                    delivery=would.delivery,
                    started=datetime.now(UTC),
                    head=head,
                    marks_key=self._marks_key,
                    variant=variant,
                    earlier=earlier,
                )
                for variant, earlier in would.mails
            ]
        except NotMailable:
            return None
        return max(mail.largest(self._tokens) for mail in mails)


class SketchMail:
    """Handles `page.sketched`: whoever writes sees the same. No relay is asked and nobody told."""

    def __init__(
        self, bus: Bus, *, choices: Choices, head: Letterhead, identity: KeptIdentity
    ) -> None:
        self._redis = bus.redis
        self._choices = choices
        self._head = head
        self._identity = identity
        self._log = log.get("notify")

    async def __call__(self, entry: Entry) -> None:
        """Emit `mail.sketched` for an alert, in the place of the one before it. News mails nobody,
        so nothing is emitted for it."""
        event = entry.event
        if not isinstance(event, PageSketched):
            raise TypeError("no sketch")
        revision = event.data.revision
        if revision.article.alert is None:
            return
        would = await _would_be(self._redis, self._choices, revision)
        head = self._head.dressed(await self._identity.newest())
        words = words_of(revision, would.kind, head, unsubscribe=head.unsubscribe(_NOBODY))
        told = MailSketched(
            id=event.id.replace("page", "mail"),
            source="/varsel/notify",
            subject=revision.id,
            time=datetime.now(UTC),
            traceparent=event.traceparent,
            data=MailSketch(
                article=revision.id,
                sha256=revision.sha256,
                subject=words.subject,
                text=words.text,
                html=words.html,
            ),
        )
        key = f"notify:sketch:{revision.id}"
        await entry.commit(
            Effects(
                ops=[("EXPIRE", key, _SKETCH_KNOWN_SECONDS)],
                events=[("deliveries", told)],
                supersedes=(key, "entry"),
            )
        )
        self._log.info("mail_sketched", article=revision.id)


@dataclass(frozen=True)
class _Would:
    """The delivery that a revision would start, or have its text in."""

    kind: AlertKind
    reach: Reach
    delivery: str
    mails: Sequence[tuple[Variant, Sequence[str]]]
    """The variants that members would get, and the deliveries that each answers."""


async def _would_be(
    redis: Redis, choices: Choices, revision: Revision, *, no_address: Sequence[int] = ()
) -> _Would:
    """The delivery as start_delivery.lua would decide now. An edit starts none: members who are
    still open in the delivery before get it. See `chain.would_reach`."""
    before = await article.delivery(redis, revision.id)
    kept = await chain.sums(redis, before) if before else None
    first: tuple[Variant, Sequence[str]] = ("alert", ())
    new = delivery_name(revision)
    if kept is None or (kept.kind == "alert" and kept.audience == 0):
        reach = await chain.would_reach(
            redis, choices, revision, "alert", "", no_address=no_address
        )
        return _Would("alert", reach, new, [first])
    earlier = await chain.earlier(redis, await deliveries.find(redis, before))
    if revision.change is None or revision.change.kind == "edit":
        return _Would("alert", Reach(kept.open), before, [first, (kept.kind, earlier)])
    kind = revision.change.kind
    reach = await chain.would_reach(redis, choices, revision, kind, before, no_address=no_address)
    return _Would(kind, reach, new, [first, (kind, [*earlier, before])])
