"""Pure: what the mail of an alert says, in its three variants. The same for every member, but for
the address of the page on which one leaves."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from services.notify.mail.dkim import Signer
from services.notify.mail.rendering import inline, templates
from services.notify.mail.wording import MailLabels, labels
from services.notify.vault.tokens import LEAVE
from shared.alert import Alert, Medicine
from shared.alert_words import SEVERITY_STEPS
from shared.article import Article, Lang
from shared.colours import lightened
from shared.identity import LEAST_CONTRAST, Identity
from shared.languages.dates import written_day
from shared.languages.say import nb, say
from shared.markup.tables import has_table
from shared.oslo import oslo
from shared.revision import Revision

Variant = Literal["alert", "correction", "withdrawal"]
"""`alert` is for members who have no earlier version; the others say first what has changed."""
TEMPLATES = Path(__file__).parent / "templates"
"""Of an alert's mail; any mail of a delivery may begin and end like it."""
_DARK_GROUND = "#1c1b1a"
"""As in the templates."""


@dataclass(frozen=True)
class Letterhead:
    """What is the same in every mail of one association."""

    site: str
    """The site's address without a final slash."""
    site_name: str
    sender: str
    """The sender's address."""
    leave_address: str = ""
    """Where mail is heard that asks to leave; empty if it is not to be offered."""
    reply_to: str = ""
    """The address that answers go to; empty: the sender's."""
    postal: str = ""
    """The association's postal address, on one line; empty if none is to be told."""
    contact: str = ""
    """Whom members can ask, and how, on one line; empty if nobody is to be told of."""
    telephone: str = ""
    """The association's, which is named in the language of the mail."""
    neutral: bool = False
    """Whether neither the subject nor the first lines of an alert's mail may say what it is about:
    others may see them on a locked screen."""
    signer: Signer | None = field(default=None, repr=False)
    """Signs each mail; none if the relay does, or nobody."""

    join_at: str = "/bli-medlem/"
    """Where people join: a path on the site, or the address of another's page."""
    accent: str | None = None
    """Of the line under the name, and of the button; none: Varsel's own."""

    def dressed(self, identity: Identity) -> "Letterhead":
        """The same, with what the association says of itself in the place of the settings'."""
        return replace(
            self,
            site_name=identity.name or self.site_name,
            postal=identity.postal_address or self.postal,
            contact=identity.email or ("" if identity.telephone else self.contact),
            telephone=identity.telephone or "",
            join_at=identity.join,
            accent=identity.accent,
        )

    def asked(self, lang: Lang) -> str:
        """Whom members can ask, and how, in a language; empty if nobody is to be told of."""
        called = say(nb("telefon {number}"), lang).format(number=self.telephone)
        return ", ".join(filter(None, (self.contact, self.telephone and called)))

    @property
    def accent_in_the_dark(self) -> str | None:
        """As much lighter as it takes to be read there."""
        return self.accent and lightened(self.accent, _DARK_GROUND, LEAST_CONTRAST)

    @property
    def join(self) -> str:
        """The address of the page on which people join."""
        return f"{self.site}{self.join_at}" if self.join_at.startswith("/") else self.join_at

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2]

    def unsubscribe(self, token: str) -> str:
        """The address of the page on which the token's member leaves."""
        return f"{self.site}/member/unsubscribe/{token}"

    def unsubscribe_by_mail(self, token: str) -> str:
        """The mail by which the token's member leaves, as a URI (RFC 6068)."""
        return f"mailto:{self.leave_address}?subject={LEAVE}%20{token}"


@dataclass(frozen=True)
class Words:
    """What stands in one mail."""

    subject: str
    text: str
    html: str


def words_of(revision: Revision, variant: Variant, head: Letterhead, *, unsubscribe: str) -> Words:
    """The words of one variant; `unsubscribe` is the address of the page on which the member
    leaves. ValueError if the article has no alert."""
    values = _values(revision, head, unsubscribe)
    values["why_you"] = (values["change"] if variant != "alert" else values["words"]).why_you
    values["variant"] = variant
    subject = values["subject"] = _subject(revision.article, variant, head)
    words = labels(revision.article.lang)
    values["neutral"] = f"{words.neutral.first} {head.site_name}." if head.neutral else ""
    template = "withdrawal" if variant == "withdrawal" else "alert"
    return Words(
        subject=subject,
        text=_templates.get_template(f"{template}.txt").render(values),
        html=inline(_templates.get_template(f"{template}.html").render(values)),
    )


def _subject(article: Article, variant: Variant, head: Letterhead) -> str:
    words = labels(article.lang)
    change = {
        "alert": "",
        "correction": words.change.corrected_subject,
        "withdrawal": words.change.withdrawn_subject,
    }[variant]
    mode = words.subject_of_mode[_alert_of(article).mode]
    what = f"{words.neutral.subject} {head.site_name}"
    return f"{mode}{change}{what if head.neutral else f'{words.alert}: {article.title}'}"


def _values(revision: Revision, head: Letterhead, unsubscribe: str) -> dict[str, Any]:
    article = revision.article
    alert = _alert_of(article)
    words = labels(article.lang)
    return {
        "words": words,
        "change": words.change,
        "mode": words.not_real[alert.mode],
        "lang": article.lang,
        "title": article.title,
        "date": _date(revision, words),
        "severity": _severity(alert, words),
        "steps": SEVERITY_STEPS[alert.severity],
        "corrections": _corrections(revision),
        "reason": (revision.change and revision.change.note) or "",
        "alert": alert,
        "stop": {
            "heading": words.stop_advice[alert.stop_advice.code],
            "text": alert.stop_advice.text,
        },
        "medicines": [_medicine(medicine) for medicine in alert.medicines],
        "monitored": any(medicine.additional_monitoring for medicine in alert.medicines),
        "valid": [
            f"{label} {_day(day, article)}."
            for label, day in ((words.valid_from, alert.valid_from),
                               (words.review_by, alert.review_by))
            if day
        ],
        "sources": [
            {
                "publisher": source.publisher,
                "url": source.url,
                "day": _day(source.published_on, article),
            }
            for source in article.sources
        ],
        "authorities": [
            {
                "name": ", ".join(filter(None, (authority.name, authority.reference))),
                "url": authority.url,
            }
            for authority in alert.authorities
        ],
        "page": f"{head.site}{revision.path}",
        "has_table": has_table(article.body),
        "site_name": head.site_name,
        "contact": head.asked(article.lang),
        "postal": head.postal,
        "head": head,
        "unsubscribe": unsubscribe,
    }  # fmt: skip


def _alert_of(article: Article) -> Alert:
    if article.alert is None:
        raise ValueError("an article without an alert is not mailed")
    return article.alert


def _day(day: date, article: Article) -> str:
    return written_day(day, article.lang)


def _date(revision: Revision, words: MailLabels) -> str:
    """When it was published and, if so, revised: the line under the title of the page."""
    article = revision.article
    published = f"{words.published} {_day(article.published_on, article)}"
    if revision.revised_at is None:
        return published
    revised = _day(oslo(revision.revised_at).date(), article)
    return f"{published} · {words.revised} {revised}"


def _severity(alert: Alert, words: MailLabels) -> str:
    """The alert's severity in words, and whether it is urgent; nothing is said of what is not."""
    severity = words.severity[alert.severity]
    return f"{severity} – {words.urgent}" if alert.urgency == "immediate" else severity


def _corrections(revision: Revision) -> list[dict[str, str]]:
    """What was corrected and when, the newest first. All corrections, since one may have been
    superseded before it reached this member."""
    changes = [(past.at, past.change) for past in revision.history]
    changes.append((revision.at, revision.change))
    return [
        {"day": _day(oslo(at).date(), revision.article), "note": change.note}
        for at, change in reversed(changes)
        if change and change.kind == "correction" and change.note
    ]


def _medicine(medicine: Medicine) -> dict[str, Any]:
    """A medicine as `▼Rinvoq (upadacitinib)`; the triangle stands before the brand, as on the
    package."""
    return {
        "triangle": "▼" if medicine.additional_monitoring else "",
        "brands": medicine.brands,
        "substance": medicine.substance,
        "batches": ", ".join(medicine.batches),
    }


_templates = templates(TEMPLATES)
