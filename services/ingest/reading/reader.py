"""Reads what editors send, and warns of it, without holding up other requests.

What is short is read at once. What is long, and each picture, goes to a child process, which is
killed if it takes too long: nobody knows all texts that a parser is slow with.
"""

from dataclasses import dataclass, replace

from services.ingest.problems import FieldError, Problem, invalid, unavailable
from services.ingest.reading import lint, submission
from services.ingest.reading.submission import Submission, Submitted
from services.ingest.reading.text_check.findings import Warning
from shared.article import Article
from shared.child.children import ChildDied, Children, GaveUp, weigh
from shared.child.remembered import Remembered

_SECONDS = 15.0
"""A usual text of the greatest length takes a tenth of a second, the worst three; a busy machine,
several times that."""


MOST_WARNINGS = 100
"""Nobody reads more of them, and a long text may give forty thousand."""


@dataclass(frozen=True)
class ArticleReader:
    children: Children
    remembered: Remembered
    """What was warned of."""

    async def read(
        self,
        content_type: str,
        raw: bytes,
        model: type[Submission] = Submission,
        earlier: str | None = None,
    ) -> Submitted:
        """As `submission.read`, with the warnings of `lint` as well.

        Raises Problem 422 too if the text takes too long to read, 503 if the child was killed.
        """
        try:
            return await self.children.run(
                weigh(raw), _SECONDS, read_here, content_type, raw, model, earlier
            )
        except GaveUp:
            raise _takes_too_long() from None
        except ChildDied:
            raise unavailable("Saken kunne ikke leses nå; prøv igjen om litt.") from None

    async def warnings(self, article: Article) -> tuple[Warning, ...]:
        """What the linter says of an article that is stored; nothing if it takes too long: no
        warning may keep it from its next step."""
        said = article.model_dump_json()
        try:
            return await self.remembered.run(said, weigh(said), _SECONDS, _warnings, article)
        except (GaveUp, ChildDied):
            return ()


def read_here(
    content_type: str, raw: bytes, model: type[Submission], earlier: str | None
) -> Submitted:
    """As `ArticleReader.read`, in this process."""
    submitted = submission.read(content_type, raw, model, earlier=earlier)
    warnings = (*submitted.warnings, *lint.warnings(submitted.article))
    return replace(submitted, warnings=_first(warnings))


def _warnings(article: Article) -> tuple[Warning, ...]:
    return _first(tuple(lint.warnings(article)))


def _first(warnings: tuple[Warning, ...]) -> tuple[Warning, ...]:
    """The first of them, and how many more there are."""
    more = len(warnings) - MOST_WARNINGS
    if more <= 0:
        return warnings
    return (*warnings[:MOST_WARNINGS], Warning("body", f"og {more} varsler til"))


def _takes_too_long() -> Problem:
    message = (
        "teksten tar for lang tid å lese, og ingenting er lagret; del saken i flere, og fjern "
        "lange rekker av tegn som [ ( * _ ` > -"
    )
    return invalid(FieldError("body", message))
