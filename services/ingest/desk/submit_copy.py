"""Submits a working copy: it becomes a revision, with everybody who typed in it as its authors."""

from dataclasses import dataclass, replace

from services.ingest.desk.open_copy import OpenCopy, OpenedCopy
from services.ingest.desk.store import Desk
from services.ingest.desk.to_submission import to_json
from services.ingest.lifecycle import refusals
from services.ingest.lifecycle.answer import Accepted
from services.ingest.lifecycle.preconditions import StepRequest
from services.ingest.lifecycle.save_revision import SaveRevision
from services.ingest.lifecycle.submit_article import SubmitArticle
from services.ingest.people.person import Person
from services.ingest.problems import Problem, not_found
from services.ingest.reading.submission import JSON
from shared.languages.say import nb
from shared.revision import Author


@dataclass(frozen=True)
class SubmitCopy:
    desk: Desk
    open: OpenCopy
    submit_article: SubmitArticle
    save_revision: SaveRevision

    async def __call__(self, article: str, version: int, person: Person) -> Accepted:
        """Submit what `person` saw as `version` of the working copy. Raises a Problem if somebody
        has typed since, or if it cannot be submitted; then everything is as before.

        If the process dies before the copy is removed, the copy is just what the revision is:
        nothing is lost or submitted twice.
        """
        opened = await self.open(article)
        if opened is None:
            raise not_found(nb("Saken finnes ikke lenger."))
        if opened.copy.version != version:
            raise _typed_since(opened)
        accepted = await self._submit(opened, person)
        if opened.is_typed:
            await self.desk.remove(opened.copy, base=accepted.revision)
        return accepted

    async def _submit(self, opened: OpenedCopy, person: Person) -> Accepted:
        copy = opened.copy
        request = StepRequest(
            person,
            target=f"newsroom {copy.id}",
            raw=to_json(copy.fields),
            writers=tuple(Author(person=id_, name=name) for id_, name in copy.names.items()),
        )
        if opened.life is None:
            return await self.submit_article(request, JSON, article=copy.id)
        if opened.is_behind:
            raise refusals.seen_another(opened.life)
        return await self.save_revision(copy.id, replace(request, if_match=opened.life.etag), JSON)


def _typed_since(opened: OpenedCopy) -> Problem:
    who = opened.copy.names.get(opened.copy.by, "Noen")
    return Problem(
        409,
        "typed-since",
        nb("Noen har skrevet siden"),
        f"{who} har skrevet på saken siden du så den. Ingenting er sendt inn. Åpne saken, les det "
        "som er nytt, og send inn på nytt.",
    )
