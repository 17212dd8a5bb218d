"""All of the newsroom's texts in nynorsk, by what they are in bokmål."""

from services.ingest.newsroom.nynorsk import (
    admin,
    desk,
    doors,
    examples,
    experts,
    frame,
    live,
    refusals,
    review,
    seeing,
    shown,
    telling,
)
from shared import alert_words
from shared.article import Lang

_SEVERITIES = {
    said.capitalize(): alert_words.NYNORSK.severity[severity].capitalize()
    for severity, said in alert_words.BOKMAL.severity.items()
}
"""The words that readers find."""

NYNORSK: dict[str, str] = {
    **admin.TEXTS,
    **desk.TEXTS,
    **doors.TEXTS,
    **examples.TEXTS,
    **experts.TEXTS,
    **frame.TEXTS,
    **live.TEXTS,
    **refusals.TEXTS,
    **review.TEXTS,
    **seeing.TEXTS,
    **shown.TEXTS,
    **telling.TEXTS,
    **_SEVERITIES,
}


def say(text: str, lang: Lang) -> str:
    """A text of the newsroom in a language; as it is if it is the same in both."""
    return NYNORSK.get(text, text) if lang == "nn" else text
