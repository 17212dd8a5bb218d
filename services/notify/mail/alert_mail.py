"""Pure: the mail of an alert."""

from collections.abc import Sequence
from datetime import datetime

from services.notify.mail.delivery_mail import DeliveryMail, MailText
from services.notify.mail.text import Letterhead, Variant, words_of
from shared.revision import Revision


class AlertMail(DeliveryMail):
    """The mail of one delivery with one revision's text, in one variant."""

    def __init__(
        self,
        revision: Revision,
        *,
        delivery: str,
        started: datetime,
        head: Letterhead,
        marks_key: bytes,
        variant: Variant = "alert",
        earlier: Sequence[str] = (),
    ) -> None:
        """See `DeliveryMail`."""
        said = MailText(
            text_id=f"{revision.revision} {variant}",
            words=lambda link: words_of(revision, variant, head, unsubscribe=link),
            lang=revision.article.lang,
            archived_at=f"{head.site}{revision.path}",
        )
        super().__init__(
            said,
            delivery=delivery,
            started=started,
            head=head,
            marks_key=marks_key,
            earlier=earlier,
        )
