"""Takes the steps of an article that has been saved: submit, approve, reject, stop, withdraw."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.ingest.lifecycle import steps
from services.ingest.lifecycle.advance_article import (
    Accepted,
    AdvanceArticle,
    Decided,
    Request,
    found,
    must_match,
)
from services.ingest.lifecycle.idempotency import IdempotencyClaim
from services.ingest.lifecycle.life import StoredRevision
from services.ingest.lifecycle.plan import StoredArticle
from services.ingest.lifecycle.steps import StepResult, Turn
from shared.revision import Change, content_sha256

Named = Literal["submit", "approve", "reject", "stop"]


@dataclass(frozen=True)
class TakeStep:
    advance: AdvanceArticle

    async def __call__(
        self, step: Named, article: str, request: Request, note: str | None = None
    ) -> Accepted:
        """The article after `step`; Problem where that cannot be taken. An approval is of what the
        approver has seen, so it needs `If-Match`."""
        token = secrets.token_hex(16)

        def take(kept: StoredArticle) -> StepResult:
            life, turn = kept.life, self._turn(kept, request)
            if step == "submit":
                return steps.submit(life, turn, token)
            if step == "approve":
                return steps.approve(life, turn)
            if step == "reject":
                return steps.reject(life, turn, note or "")
            return steps.stop(life, turn, note)

        return await self._take(
            article, request, lambda kept: Decided(take(kept), kept.head), seen=step == "approve"
        )

    async def withdraw(self, article: str, request: Request, note: str) -> Accepted:
        """The article, withdrawn because of `note`."""
        change = Change(kind="withdrawal", note=note)

        def take(kept: StoredArticle) -> Decided:
            content = kept.live or kept.head
            sha256 = content_sha256(content.article, content.pictures, change)
            taken = steps.withdraw(kept.life, self._turn(kept, request), change, sha256)
            if not taken.acts:
                return Decided(taken, kept.head)
            head = StoredRevision(
                revision=taken.life.revision,
                sha256=sha256,
                article=content.article,
                pictures=content.pictures,
                change=change,
                by=request.key.name,
                at=kept.now,
            )
            return Decided(taken, head)

        return await self._take(article, request, take, seen=False)

    def _turn(self, kept: StoredArticle, request: Request) -> Turn:
        return Turn(request.person, kept.now, self.advance.rules)

    async def _take(
        self,
        article: str,
        request: Request,
        take: Callable[[StoredArticle], Decided],
        *,
        seen: bool,
    ) -> Accepted:
        def decide(kept: StoredArticle | None, _: str, __: datetime) -> Decided:
            decided = take(found(kept))
            if decided.taken.acts:
                must_match(found(kept).life, request.if_match, wanted=seen)
            return decided

        async def work(claim: IdempotencyClaim | None) -> Accepted:
            return await self.advance(article, decide, request.person, claim)

        return await self.advance.once(request, work)
