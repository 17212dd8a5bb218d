"""Makes the mail of each member of a delivery."""

from dataclasses import replace
from typing import NamedTuple

from redis.asyncio import Redis

from services.notify.ledger import article, chain
from services.notify.ledger.delivery import Delivery
from services.notify.mail.notices.notice_mail import NoticeMail
from services.notify.mail.text import Letterhead
from services.notify.mail.variants import Variants
from services.notify.members.store import Members
from services.notify.vault.return_paths import ReturnPaths
from services.notify.vault.tokens import Tokens


class MemberMail(NamedTuple):
    """A member's mail, ready to be sent."""

    sender: str
    """The envelope sender: where it comes back to; empty if nobody listens there."""
    to: str
    content: list[bytes]


class MemberMails:
    """Keeps the mails of the delivery that is under way, since building them takes long."""

    def __init__(
        self,
        redis: Redis,
        *,
        members: Members,
        tokens: Tokens,
        head: Letterhead,
        marks_key: bytes,
        return_paths: ReturnPaths | None,
    ) -> None:
        """`return_paths` are none if mail that comes back goes to the sender of all mail."""
        self._redis = redis
        self._members = members
        self._tokens = tokens
        self._head = head
        self._marks_key = marks_key
        self._return_paths = return_paths
        self._built: tuple[str, int] | None = None
        self._variants: Variants | NoticeMail | None = None

    async def build(self, delivery: Delivery, revision: int) -> Variants | NoticeMail:
        """The delivery's mails, with slots for what differs between members.

        `revision` is the article's newest one, whose text they have. LookupError if there is no
        such article, NotMailable if nobody may be mailed its text.
        """
        wanted = (delivery.id, revision)
        if self._variants is None or self._built != wanted:
            self._variants = await self._make(delivery)
            self._built = wanted
        return self._variants

    async def _make(self, delivery: Delivery) -> Variants | NoticeMail:
        head = self._head.dressed(delivery.identity)
        if not delivery.offers_mail:
            head = replace(head, leave_address="")
        if delivery.kind == "notice":
            return NoticeMail(
                await article.notice(self._redis, delivery.article),
                delivery=delivery,
                head=head,
                marks_key=self._marks_key,
            )
        content = await article.newest(self._redis, delivery.article)
        earlier = await chain.earlier(self._redis, delivery)
        return Variants(content, delivery, earlier=earlier, head=head, marks_key=self._marks_key)

    async def some_records(self, delivery: Delivery) -> dict[int, bytes]:
        """The sealed records of some members of the delivery's time, by number."""
        return await self._members.some_records(delivery.cut.last)

    def fill(
        self, variants: Variants | NoticeMail, number: int, sealed: bytes, *, reached_earlier: bool
    ) -> MemberMail:
        """The mail of member `number`.

        `sealed` is the member's record. `reached_earlier`: whether they may have an earlier version
        of the alert. InvalidTag, TypeError or ValueError if the record cannot be read.
        """
        to = self._members.open(number, sealed)
        content = variants.fill_for(number, to, self._tokens, reached_earlier=reached_earlier)
        return MemberMail(self._return_path(variants.delivery, number, to.email), to.email, content)

    def _return_path(self, delivery: Delivery, number: int, email: str) -> str:
        if self._return_paths is None:
            return ""
        started = int(delivery.started.timestamp())
        return self._return_paths.make(delivery.id, started, number, email)
