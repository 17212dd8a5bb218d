"""Warns of live articles that have the title or the medicines of one that is not out."""

from dataclasses import dataclass

from services.ingest.alike.store import LiveArticles
from services.ingest.alike.terms import terms
from services.ingest.alike.words import NAMED, Alike, warnings
from services.ingest.reading.text_check.findings import Warning
from shared.article import Article


@dataclass(frozen=True)
class WarnOfAlike:
    site: str
    """The address of the site, without a path."""
    articles: LiveArticles

    async def __call__(
        self, article: str, new: Article, live: Article | None = None
    ) -> list[Warning]:
        """The warnings about `new`, a revision of the article with the id `article`.

        What its `live` revision has in common with others is no news, and it is never warned of
        itself.
        """
        known = {term.key for term in terms(live)}
        looked_for = [term for term in terms(new) if term.key not in known]
        if not looked_for:
            return []
        found = await self.articles.with_terms(looked_for, newest=NAMED + 1)
        found.pop(article, None)
        about = await self.articles.about(found)
        alike = [Alike(one, about[one], tuple(found[one])) for one in about]
        return warnings(new.kind, alike, self.site)
