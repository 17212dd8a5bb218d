"""A published revision of an alert as a message of the Common Alerting Protocol (OASIS, CAP 1.2).

Each message can be made from its revision alone: what it refers to stands in the revision's
history. Rules that no schema checks are from section 3.2 and from the profile of MET Norway.
"""

from datetime import date, datetime
from itertools import accumulate
from typing import NamedTuple
from urllib.parse import urlsplit

from services.render.articles.changes import is_withdrawn, newest_change, published
from services.render.articles.teaser import ended
from services.render.look.templates import Site, fill
from services.render.text.dates import first_second, last_second, oslo_day
from services.render.text.labels import PageLabels, labels
from shared.alert import Alert, Medicine
from shared.alert_words import alert_words
from shared.oslo import oslo
from shared.revision import Revision

_STATUS = {"actual": "Actual", "exercise": "Exercise", "test": "Test"}
_RESPONSE = {
    "do_not_stop": "Assess",
    "stop_now": "Avoid",
    "contact_before_next_dose": "Assess",
    "not_applicable": "Assess",
}


class _Message(NamedTuple):
    identifier: str
    sent: str


def cap_xml(site: Site, revision: Revision) -> str:
    """The message of `revision`, which must have an alert.

    The first one is an Alert; a later one an Update or, if it withdraws, a Cancel, and refers to
    all before it.
    """
    article, alert = revision.article, revision.article.alert
    if alert is None:
        raise ValueError("there is no CAP without an alert")
    words = labels(article.lang)
    withdrawn = is_withdrawn(revision)
    *references, message = _messages(revision)
    day = oslo_day(revision.at)
    onset = alert.valid_from and _time(first_second(alert.valid_from))
    return fill(
        "cap.xml",
        site=site,
        sender=urlsplit(site.address).netloc,
        message=message,
        references=references,
        status=_STATUS[alert.mode],
        message_type="Cancel" if withdrawn else "Update" if references else "Alert",
        note=_note(revision, alert, words),
        article=article,
        alert=alert,
        event=_sentence(words.event_type[alert.event_type] if alert.event_type else words.alert),
        # Not AllClear: a withdrawal says that we no longer warn, not that nothing is wrong.
        response="None" if withdrawn else _RESPONSE[alert.stop_advice.code],
        codes=list(dict.fromkeys(c for m in alert.medicines for c in _codes(m, day))),
        onset=onset,
        effective=onset or message.sent,
        expires=_expires(alert, message.sent),
        headline=_headline(revision, alert, words),
        description=_description(revision, alert, words),
        instruction=None if withdrawn else _instruction(alert, words),
        path=revision.path,
        parameters=[] if withdrawn else _parameters(revision, alert),
    )


def _messages(revision: Revision) -> list[_Message]:
    """What is published of the article up to this revision, oldest first.

    None is older than the one before it, even if a clock was set back between them.
    """
    pasts = published(revision)
    times = accumulate((past.at for past in pasts), max)
    return [
        _Message(f"{revision.id}.{past.revision}", _time(at))
        for past, at in zip(pasts, times, strict=True)
    ]


def _time(instant: datetime) -> str:
    """With a numeric offset: the schema refuses «Z»."""
    return oslo(instant).isoformat(timespec="seconds")


def _expires(alert: Alert, sent: str) -> str | None:
    """The end of the last day; none if that is past, since a message cannot end before it is
    sent (it does if an alert is corrected or withdrawn later)."""
    if alert.review_by is None:
        return None
    end = last_second(alert.review_by)
    return _time(end) if end > datetime.fromisoformat(sent) else None


def _codes(medicine: Medicine, day: date) -> list[str]:
    """The codes that are the medicine's on that day."""
    return [
        atc.code
        for atc in medicine.atc
        if (atc.valid_from or date.min) <= day <= (atc.valid_to or date.max)
    ]


def _headline(revision: Revision, alert: Alert, words: PageLabels) -> str:
    past = newest_change(revision)
    mark = words.changes[past.change.kind].upper() + ": " if past and past.change else ""
    mode = alert_words(revision.article.lang).subject_of_mode[alert.mode]
    return mode + mark + revision.article.title


def _note(revision: Revision, alert: Alert, words: PageLabels) -> str | None:
    """What changed; of an exercise or a test first which one it is (section 3.2.1, "status": its
    identifier should be in the note)."""
    change = revision.change.note if revision.change else None
    if alert.mode == "actual":
        return change
    return " ".join(filter(None, (f"{words.mode[alert.mode]} {revision.id}.", change)))


def _description(revision: Revision, alert: Alert, words: PageLabels) -> str:
    past = newest_change(revision)
    first = [ended(past.change.note)] if past and past.change and past.change.note else []
    if is_withdrawn(revision):
        return "\n\n".join([*first, words.withdrawn_alert])
    return "\n\n".join([*first, alert.what_happened, alert.who_is_affected])


def _instruction(alert: Alert, words: PageLabels) -> str:
    advice = f"{words.stop_advice[alert.stop_advice.code]}. {alert.stop_advice.text}"
    help_if = f"{words.seek_help_if}: {' '.join(map(ended, alert.seek_help_if))}"
    return "\n\n".join([advice, " ".join(map(ended, alert.what_to_do)), help_if])


def _parameters(revision: Revision, alert: Alert) -> list[tuple[str, str]]:
    return [
        ("stopAdvice", alert.stop_advice.code),
        *(("medicine", f"{', '.join(m.brands)} ({m.substance})") for m in alert.medicines),
        *(("batch", batch) for m in alert.medicines for batch in m.batches),
        *(("sourceAuthority", source.publisher) for source in revision.article.sources),
        *(("sourceAuthority", authority.name) for authority in alert.authorities),
    ]


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
