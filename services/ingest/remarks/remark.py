"""An expert's link, and what the expert says. Pure.

A link is `fag_{article}_{secret}`. It opens one revision of one article to whoever has it, so its
secret has 256 random bits, and only a SHA-256 of the whole is stored.
"""

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from shared.article import ArticleId
from shared.content_hash import ContentHash
from shared.fields import Model
from shared.revision import Sha256
from shared.text import Line, many_lines, nfc

LIFE = timedelta(days=14)
"""How long a link works."""
LONGEST_REMARK = 4000
"""Characters."""
OPEN_LINKS = 20
"""How many links of an article may work at a time."""
MOST_REMARKS = 100
"""How many remarks an article can have: somebody who has a link can send nobody a library."""

_TOKEN = re.compile(r"fag_([0-9a-z]{8,32})_[A-Za-z0-9_-]{43}", re.ASCII)

RemarkText = Annotated[
    str, BeforeValidator(nfc), Field(max_length=LONGEST_REMARK), AfterValidator(many_lines)
]


class ExpertLink(Model):
    """A link that was made for an expert."""

    id: Sha256
    """SHA-256 of the token: it opens nothing."""
    article: ArticleId
    revision: Annotated[int, Field(ge=1)]
    """The one that the expert is shown."""
    sha256: ContentHash
    """Of that revision's content."""
    by: Line
    """Who of the staff made it."""
    at: AwareDatetime
    until: AwareDatetime
    """From then on it opens nothing."""


class Remark(Model):
    """What an expert said of one revision."""

    id: Sha256
    link: Sha256
    revision: Annotated[int, Field(ge=1)]
    sha256: ContentHash
    """Of the content that the expert was shown."""
    name: Line
    """As the expert typed it."""
    text: RemarkText | None = None
    """None if there was nothing to remark."""
    read: bool
    """The expert says to have read it as an expert («faglig lest»)."""
    at: AwareDatetime
    asked_by: Line | None = None
    """Who of the staff made the link. None of a remark that came before this was kept."""


def new_secret() -> str:
    """256 random bits, as 43 characters."""
    return secrets.token_urlsafe(32)


def token_of(article: str, secret: str) -> str:
    """The token of one article's link. ValueError if `secret` is none of `new_secret`."""
    token = f"fag_{article}_{secret}"
    if article_of(token) != article:
        raise ValueError("no secret of ours")
    return token


def article_of(token: str) -> str | None:
    """The article whose link a token may be; None if it cannot be one."""
    found = _TOKEN.fullmatch(token)
    return found[1] if found else None


def link_id(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def remark_id(link: str, once: str, name: str, text: str, read: bool) -> str:
    """The id of a remark: the same when one form is sent twice (`once` is the form's own), and
    another when something else was typed into it."""
    parts = (link, once, name, text, "1" if read else "")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def is_open(link: ExpertLink, now: datetime) -> bool:
    """Whether it works still."""
    return now < link.until
