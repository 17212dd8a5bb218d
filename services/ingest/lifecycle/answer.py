"""The answer to every change of an article. Pure."""

from collections.abc import Iterable

from pydantic import AwareDatetime, BaseModel

from services.ingest.lifecycle.life import ArticleState, Returned, Step
from services.ingest.lifecycle.plan import Decision
from services.ingest.lifecycle.steps import Turn, possible
from services.ingest.reading.text_check.findings import Warning
from shared.article import Kind
from shared.subjects.match import Matched


class Notice(BaseModel):
    """What is worth a second look; it does not stop anything."""

    field: str
    message: str
    article: str | None
    """The id of the live article that it tells of, if it tells of one."""


class Accepted(BaseModel):
    """The answer to every change of an article."""

    id: str
    revision: int
    status: ArticleState
    kind: Kind
    live_revision: int | None
    """The revision that readers see."""
    url: str
    """The address of the article's page, absolute."""
    etag: str
    """The newest revision's, for `If-Match`."""
    steps: list[Step]
    """What this key's person can do now."""
    publish_at: AwareDatetime | None
    """When it will be published, if it waits for a time."""
    returned: Returned | None
    """Who rejected or stopped this revision, and why, if it is a draft for that."""
    matched: Matched | None
    """The subjects that its alert is about. None for news."""
    warnings: list[Notice]


def notices(warnings: Iterable[Warning]) -> list[Notice]:
    """The warnings as they are answered."""
    return [Notice(field=one.field, message=one.message, article=one.article) for one in warnings]


def answer_to(decision: Decision, turn: Turn, site: str, alike: Iterable[Warning]) -> Accepted:
    """The answer to the person whose `turn` it was. `site` is the site's address, without path;
    `alike` are the warnings of live articles that are like this one."""
    life = decision.result.life
    return Accepted(
        id=life.id,
        revision=life.revision,
        status=life.state,
        kind=life.kind,
        live_revision=life.live,
        url=site + life.path,
        etag=life.etag,
        steps=list(possible(life, turn.who, turn.rules)),
        publish_at=life.due,
        returned=life.returned(life.revision) if life.state == "draft" else None,
        matched=life.matched,
        warnings=notices((*alike, *decision.warnings)),
    )
