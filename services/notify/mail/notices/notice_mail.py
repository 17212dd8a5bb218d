"""Pure: the mail of a notice to members."""

import re
from pathlib import Path
from typing import Any

from services.notify.ledger.delivery import Delivery
from services.notify.mail.delivery_mail import DeliveryMail, MailText
from services.notify.mail.notices.wording import labels as notice_labels
from services.notify.mail.rendering import inline, templates
from services.notify.mail.text import TEMPLATES, Letterhead, Words
from services.notify.mail.wording import labels
from services.notify.members.member import Member
from services.notify.vault.tokens import Tokens
from shared.notice import NoticeContent

_PARTS = ("what_happened", "consequences", "measures", "advice", "contact")
"""In the order of article 34, paragraph 2, of the GDPR, but that advice comes before whom to
ask."""


class NoticeMail(DeliveryMail):
    """The mail of one notice's delivery; the same for everybody."""

    def __init__(
        self,
        content: NoticeContent,
        *,
        delivery: Delivery,
        head: Letterhead,
        marks_key: bytes,
    ) -> None:
        """See `DeliveryMail`."""
        self.delivery = delivery
        said = MailText(
            text_id=content.kind,
            words=lambda link: notice_words(content, head, unsubscribe=link),
            lang=content.lang,
        )
        super().__init__(
            said, delivery=delivery.id, started=delivery.started, head=head, marks_key=marks_key
        )

    def fill_for(
        self, number: int, to: Member, tokens: Tokens, *, reached_earlier: bool
    ) -> list[bytes]:
        """The pieces of the mail for member `number`: see `DeliveryMail.fill`."""
        del reached_earlier  # a notice has no earlier version
        return self.fill(number, to.email, to.name, tokens)


def notice_words(content: NoticeContent, head: Letterhead, *, unsubscribe: str) -> Words:
    """The words of a notice; `unsubscribe` is the address of the page on which the member
    leaves."""
    words, around = notice_labels(content.lang), labels(content.lang)
    subject = f"{words.neutral_subject if head.neutral else words.subject} {head.site_name}"
    values: dict[str, Any] = {
        "words": around,
        "notice_words": words,
        "mode": "",
        "lang": content.lang,
        "subject": subject,
        "neutral": f"{around.neutral.first} {head.site_name}." if head.neutral else "",
        "parts": [
            {"heading": getattr(words, name), "paragraphs": _paragraphs(text)}
            for name in _PARTS
            if (text := getattr(content, name))
        ],
        "own_data": f"{head.site}/min-side/",
        "why_you": words.why_you,
        "site_name": head.site_name,
        "contact": head.asked(content.lang),
        "postal": head.postal,
        "head": head,
        "unsubscribe": unsubscribe,
    }
    return Words(
        subject=subject,
        text=_templates.get_template("notice.txt").render(values),
        html=inline(_templates.get_template("notice.html").render(values)),
    )


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line."""
    found = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]
    return [part for part in found if part]


_templates = templates(Path(__file__).parent / "templates", TEMPLATES)
