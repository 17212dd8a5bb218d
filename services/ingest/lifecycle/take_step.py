"""Takes a step of an article that was saved: submit, approve, reject, stop, withdraw."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Literal

from services.ingest.lifecycle import refusals, steps
from services.ingest.lifecycle.advance_article import AdvanceArticle
from services.ingest.lifecycle.answer import Accepted
from services.ingest.lifecycle.idempotency import Idempotency
from services.ingest.lifecycle.life import Life, StoredRevision
from services.ingest.lifecycle.plan import Decision, StoredArticle
from services.ingest.lifecycle.preconditions import StepRequest, must_match, require
from services.ingest.lifecycle.steps import StepResult, Turn
from services.ingest.reading.reader import ArticleReader
from services.ingest.reading.text_check.findings import Warning
from shared.article import Article
from shared.event_data import MailPreview
from shared.revision import Change, content_sha256

NamedStep = Literal["submit", "approve", "reject", "stop", "withdraw"]


@dataclass(frozen=True)
class TakeStep:
    idempotency: Idempotency
    reader: ArticleReader
    advance: AdvanceArticle
    mail_of: Callable[[Life], Awaitable[MailPreview | None]]
    """Gives the mail that an article's newest revision would be, once notify has told of it."""

    async def __call__(
        self, step: NamedStep, article: str, request: StepRequest, note: str | None = None
    ) -> Accepted:
        """Take the step. `note` says why: to reject and to withdraw it is required.

        Gives the stored answer if the same request was answered before. Raises a Problem if the
        step cannot be taken.
        """
        async with self.idempotency.once(request) as once:
            if once.answer is not None:
                return Accepted.model_validate_json(once.answer)
            # Before anybody else's step has to wait for this one.
            seen = require(await self.advance.articles.find(article)).head.article
            warnings = await self.reader.warnings(seen)
            mail = await self._mail(article) if step == "approve" else None
            token = secrets.token_hex(16)
            asked = AskedStep(step, note, request.if_match, token, seen, warnings, mail)
            return await self.advance(article, asked, request.person, once.claim)

    async def _mail(self, article: str) -> MailPreview | None:
        life = await self.advance.articles.life(article)
        return await self.mail_of(life) if life else None


@dataclass(frozen=True)
class AskedStep:
    """The wish for one step. `token` is for the preview of a revision that is submitted, `warnings`
    are those of the article as it was `seen`, `mail` is what is known of the mail of a revision
    that is to be approved."""

    step: NamedStep
    note: str | None
    if_match: str | None
    token: str
    seen: Article
    warnings: tuple[Warning, ...] = ()
    mail: MailPreview | None = None

    title = None  # these steps leave it as it is

    def decide(self, stored: StoredArticle | None, _: str, turn: Turn) -> Decision:
        stored = require(stored)
        if self.step == "withdraw":
            decision = _withdraw(stored, turn, self.note or "")
        else:
            decision = Decision(self._result(stored, turn), stored.head)
        # A step that was taken already needs no precondition: the client has not got the answer to
        # its first request. An approval is of what the approver has seen.
        if decision.result.acts:
            must_match(stored.life, self.if_match, wanted=self.step == "approve")
            if self.step == "approve" and stored.life.kind == "safety_alert":
                _require_mailable(stored.life, self.mail)
        same = decision.head.article == self.seen
        return replace(decision, warnings=self.warnings) if same else decision

    def _result(self, stored: StoredArticle, turn: Turn) -> StepResult:
        if self.step == "submit":
            return steps.submit(stored.life, turn, self.token)
        if self.step == "approve":
            return steps.approve(stored.life, turn)
        if self.step == "reject":
            return steps.reject(stored.life, turn, self.note or "")
        return steps.stop(stored.life, turn, self.note)


def _require_mailable(life: Life, mail: MailPreview | None) -> None:
    """Nobody approves an alert before it is known that its mail can be sent."""
    if mail is None or (mail.revision, mail.sha256) != (life.revision, life.sha256):
        raise refusals.mail_unknown()
    if mail.refused:
        raise refusals.not_mailable(mail)


def _withdraw(stored: StoredArticle, turn: Turn, note: str) -> Decision:
    """A withdrawal is a revision of its own, with the content that readers see."""
    change = Change(kind="withdrawal", note=note)
    content = stored.live or stored.head
    sha256 = content_sha256(content.article, content.pictures, change)
    result = steps.withdraw(stored.life, turn, change, sha256)
    if not result.acts:
        return Decision(result, stored.head)
    head = StoredRevision(
        revision=result.life.revision,
        sha256=sha256,
        article=content.article,
        pictures=content.pictures,
        change=change,
        by=turn.who.name,
        at=turn.now,
    )
    return Decision(result, head)
