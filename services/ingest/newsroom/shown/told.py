"""What a revision changed, as the history of a case tells it. Pure.

`told` runs in a child process: a body may be long.
"""

from services.ingest.lifecycle.diff.revisions import Diff, diff
from services.ingest.lifecycle.life import StoredRevision
from services.ingest.newsroom.shown.picture_lines import in_words
from shared.article import Lang


def told(before: StoredRevision, after: StoredRevision, lang: Lang = "nb") -> Diff:
    """What differs between two revisions, with the pictures of the body in words."""
    return diff(_with_words(before, lang), _with_words(after, lang))


def _with_words(stored: StoredRevision, lang: Lang) -> StoredRevision:
    body = in_words(stored.article.body, lang)
    return stored.model_copy(update={"article": stored.article.model_copy(update={"body": body})})
