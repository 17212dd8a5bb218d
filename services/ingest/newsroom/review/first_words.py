"""What members read first when an alert is corrected or withdrawn. Pure.

notify makes the mail; these are the same words in the same order (`shared/alert_words.py`).
"""

from dataclasses import dataclass
from typing import Literal

from shared.alert_words import alert_words
from shared.article import Article


@dataclass(frozen=True)
class FirstWords:
    """The beginning of the mail."""

    subject: str
    """As it is unless subjects are neutral here (`VARSEL_NEUTRAL_SUBJECT`)."""
    heading: str
    lines: tuple[str, ...]
    note: str
    kind: Literal["correction", "withdrawal"]


def first_words(
    article: Article, kind: Literal["correction", "withdrawal"], note: str
) -> FirstWords | None:
    """The first words of the mail about a live alert; None if the article mails nobody. `note` says
    what is corrected, or why it is withdrawn."""
    alert = article.alert
    if alert is None:
        return None
    words = alert_words(article.lang)
    change, mode = words.change, words.subject_of_mode[alert.mode]
    named = f"{words.alert}: {article.title}"
    if kind == "withdrawal":
        return FirstWords(
            subject=f"{mode}{change.withdrawn_subject}{named}",
            heading=change.withdrawn_alert,
            lines=(f"{change.withdrawn_subject}{article.title}", change.withdrawn),
            note=note,
            kind=kind,
        )
    return FirstWords(
        subject=f"{mode}{change.corrected_subject}{named}",
        heading=change.corrected_alert,
        lines=(article.title, change.corrected),
        note=note,
        kind=kind,
    )
