"""What the pages of steps share: what is around each form, and what is said if it did nothing."""

from typing import Any

from starlette.responses import Response

from services.ingest.lifecycle.life import Life
from services.ingest.newsroom.look import NewsroomLook
from services.ingest.newsroom.review.refused import IN_FLIGHT, refused
from services.ingest.newsroom.visit import StaffVisit, to
from services.ingest.parts import Parts
from services.ingest.problems import Problem, not_found
from shared.languages.say import nb
from shared.visitors.cookies import new_id


class StepPages:
    def __init__(self, parts: Parts, look: NewsroomLook) -> None:
        self._parts = parts
        self._look = look

    async def life(self, article: str) -> Life:
        """Where the article is. Problem 404 if there is none that was sent in."""
        if found := await self._parts.articles.life(article):
            return found
        raise not_found(
            nb("Det er ingen sak her som er sendt inn. Skriver du på den, så send den inn først.")
        )

    def shared(self, life: Life) -> dict[str, Any]:
        """What each page of an article's step shows, and what its form sends."""
        return {
            "life": life,
            "base": f"/redaksjon/sak/{life.id}/",
            "etag": life.etag,
            "once": new_id(),
        }

    async def refused(
        self, visit: StaffVisit, article: str, problem: Problem, *, typed: str = ""
    ) -> Response:
        """Why a step was not taken, how things are now, and the way on. `typed` is what the person
        wrote, which must not be lost."""
        if problem.name == IN_FLIGHT:  # the same form, sent twice: the first one acts
            return to(visit.request.url.path)
        life = await self._parts.articles.life(article)
        if life is None:
            return self._look.problem(visit, problem)
        wrote = visit.who.id in life.author_ids
        return self._look.page(
            visit,
            "review/refused.html",
            problem.status,
            headers=problem.headers,
            said=refused(problem, life, wrote=wrote),
            typed=typed,
            **self.shared(life),
        )
