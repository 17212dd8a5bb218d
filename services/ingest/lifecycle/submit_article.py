"""Submits a new article: publishes it, sends it to review, or only saves it."""

import secrets
import string
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from services.ingest.lifecycle import refusals, steps
from services.ingest.lifecycle.advance_article import AdvanceArticle
from services.ingest.lifecycle.answer import Accepted
from services.ingest.lifecycle.idempotency import Idempotency
from services.ingest.lifecycle.life import StoredRevision
from services.ingest.lifecycle.plan import Decision, StoredArticle
from services.ingest.lifecycle.preconditions import StepRequest
from services.ingest.lifecycle.steps import Content, Turn
from services.ingest.pictures.missing import missing_pictures
from services.ingest.pictures.store import Pictures
from services.ingest.problems import invalid
from services.ingest.reading import mail_size
from services.ingest.reading.reader import ArticleReader
from services.ingest.reading.submission import Submission, Submitted
from shared.article import ArticleId, Picture
from shared.revision import Author, content_sha256

_ALPHABET = string.digits + string.ascii_lowercase
_ID_LENGTH = 12
"""Characters of the alphabet: 62 bits."""


def new_article_id() -> ArticleId:
    """An id that no article has."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))


@dataclass(frozen=True)
class SubmitArticle:
    idempotency: Idempotency
    reader: ArticleReader
    pictures: Pictures
    advance: AdvanceArticle

    async def __call__(
        self, request: StepRequest, content_type: str, *, article: ArticleId | None = None
    ) -> Accepted:
        """Read the request's body and submit the article in it, under the id `article` if it has
        one already.

        Gives the stored answer if the same request was answered before. Raises a Problem if the
        article cannot be accepted.
        """
        async with self.idempotency.once(request) as once:
            if once.answer is not None:
                return Accepted.model_validate_json(once.answer)
            written = await read_article(self.reader, self.pictures, request, content_type)
            article_id = article or new_article_id()
            first = FirstRevision(article_id, written, token=secrets.token_hex(16))
            return await self.advance(article_id, first, request.person, once.claim)


@dataclass(frozen=True)
class Written:
    """What an editor has written: an article with its pictures."""

    submitted: Submitted
    pictures: dict[str, Picture]
    """By their address in the body."""
    writers: tuple[Author, ...] = ()
    """Everybody who has typed in it, besides whoever saves it."""
    known: str = ""
    """The hash of what is stored: the same content keeps it, though a new one would be another."""

    @cached_property
    def sha256(self) -> str:
        return content_sha256(
            self.submitted.article, self.pictures, self.submitted.change, known=self.known
        )

    def content(self, slug: str) -> Content:
        article = self.submitted.article
        return Content(
            kind=article.kind,
            mode=article.alert.mode if article.alert else None,
            title=article.title,
            slug=slug,
            sha256=self.sha256,
            change=self.submitted.change,
            publish_at=self.submitted.publish_at,
            writers=self.writers,
        )

    def revision(self, number: int, by: str, at: datetime) -> StoredRevision:
        return StoredRevision(
            revision=number,
            sha256=self.sha256,
            article=self.submitted.article,
            pictures=self.pictures,
            change=self.submitted.change,
            by=by,
            at=at,
        )


@dataclass(frozen=True)
class FirstRevision:
    """The wish for a new article with this content. `token` is for its preview."""

    article: ArticleId
    written: Written
    token: str

    @property
    def title(self) -> str:
        return self.written.submitted.article.title

    def decide(self, stored: StoredArticle | None, slug: str, turn: Turn) -> Decision:
        if stored is not None:
            # Somebody submitted the same working copy at the same time.
            raise refusals.seen_another(stored.life)
        require_mailable(self.written)
        result = steps.begin(self.article, self.written.content(slug), turn)
        head = self.written.revision(1, turn.who.name, turn.now)
        if not self.written.submitted.draft:
            result = result.then(steps.submit(result.life, turn, self.token))
        return Decision(result, head, self.written.submitted.warnings)


def require_mailable(written: Written, earlier: StoredArticle | None = None) -> None:
    """Problem 422 if the text alone tells that nobody can be mailed it. `earlier` is the article as
    it is stored."""
    changes = [past.change for past in earlier.life.history] if earlier else []
    changes.append(written.submitted.change)
    notes = [change.note for change in changes if change and change.note]
    head = earlier.head.article if earlier else None
    if refused := mail_size.refusal(written.submitted.article, notes, head):
        raise invalid(refused)


async def read_article(
    reader: ArticleReader,
    pictures: Pictures,
    request: StepRequest,
    content_type: str,
    model: type[Submission] = Submission,
    *,
    earlier: StoredRevision | None = None,
) -> Written:
    """The article in the request's body, as `model` has its fields.

    A picture in the body is one that this person uploaded, or one of the `earlier` revision's; a
    body that is just the earlier one's is not judged again. Raises Problem 422 if a picture is
    neither, or is not made yet, and the Problems of `ArticleReader.read`.
    """
    body = earlier.article.body if earlier else None
    submitted = await reader.read(content_type, request.raw, model, body)
    known = (earlier.pictures if earlier else {}) | await pictures.find(
        request.person.id, submitted.pictures
    )
    if missing := [address for address in submitted.pictures if address not in known]:
        raise invalid(*await missing_pictures(pictures, request.person.id, missing))
    pictures_of_it = {address: known[address] for address in submitted.pictures}
    return Written(submitted, pictures_of_it, request.writers)
