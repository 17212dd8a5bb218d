"""Pure: the mails of one delivery, for members who have an earlier version of the alert and for
members who have none."""

from collections.abc import Sequence

from services.notify.ledger.delivery import Delivery
from services.notify.mail.alert_mail import AlertMail
from services.notify.mail.text import Letterhead, Variant
from services.notify.members.member import Member
from services.notify.vault.tokens import Tokens
from shared.revision import Revision


class Variants:
    """The mails of one delivery with one revision's text."""

    def __init__(
        self,
        revision: Revision,
        delivery: Delivery,
        *,
        earlier: Sequence[str],
        head: Letterhead,
        marks_key: bytes,
    ) -> None:
        """`earlier` are the alert's deliveries before this one, the first one first. NotMailable as
        `AlertMail`."""

        def mail(variant: Variant, earlier: Sequence[str] = ()) -> AlertMail:
            return AlertMail(
                revision,
                delivery=delivery.id,
                started=delivery.started,
                head=head,
                marks_key=marks_key,
                variant=variant,
                earlier=earlier,
            )

        if delivery.kind == "notice":
            raise TypeError("a notice is no alert")
        self.delivery = delivery
        self._changed = mail(delivery.kind, earlier)
        # Nobody gets what is withdrawn as if it were valid.
        self._first = mail("alert") if delivery.kind == "correction" else self._changed

    def fill_for(
        self, number: int, to: Member, tokens: Tokens, *, reached_earlier: bool
    ) -> list[bytes]:
        """The pieces of the mail for member `number`: see `AlertMail.fill`. `reached_earlier`:
        whether the member may have an earlier version of the alert."""
        mail = self._changed if reached_earlier else self._first
        return mail.fill(number, to.email, to.name, tokens)
