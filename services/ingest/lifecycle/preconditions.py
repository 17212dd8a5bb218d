"""A request for a step, and what must be true before the step is taken. Pure."""

from dataclasses import dataclass

from services.ingest.lifecycle import refusals
from services.ingest.lifecycle.life import Life
from services.ingest.lifecycle.plan import StoredArticle
from services.ingest.people.person import Person
from services.ingest.problems import not_found
from shared.languages.say import nb
from shared.revision import Author


@dataclass(frozen=True)
class StepRequest:
    """Who asks for a step, and how."""

    person: Person
    target: str
    """Method and path. An idempotency key is valid for one of them."""
    raw: bytes = b""
    """The body."""
    idempotency_key: str | None = None
    if_match: str | None = None
    """The header's value; several headers are joined by commas."""
    writers: tuple[Author, ...] = ()
    """Everybody who has typed in what the body holds, besides `person`."""


def require(stored: StoredArticle | None) -> StoredArticle:
    """The article. Raises Problem 404 if there is none."""
    if stored is None:
        raise not_found(nb("Det er ingen sak med denne id-en."))
    return stored


def must_match(life: Life, if_match: str | None, *, wanted: bool) -> None:
    """Compare `If-Match` (RFC 9110, section 13.1.1) with the newest revision.

    Raises Problem 412 if the client has seen another revision. If `wanted`, the client must say
    which one it has seen; Problem 428 if it does not.
    """
    tags = [tag.strip() for tag in (if_match or "").split(",") if tag.strip()]
    if tags in ([], ["*"]):
        if wanted:
            raise refusals.look_first()
    elif life.etag not in tags:
        raise refusals.seen_another(life)
