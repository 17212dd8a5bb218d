"""Judges a working copy without holding up other requests."""

import json
from dataclasses import dataclass, replace

from services.ingest.desk.judge import CopyRemark, JudgedCopy, judge
from services.ingest.desk.open_copy import OpenedCopy
from services.ingest.desk.shape import Fields
from services.ingest.desk.to_submission import FormPlace, to_json
from services.ingest.pictures.missing import missing_pictures
from services.ingest.pictures.store import Pictures
from services.ingest.reading import lint
from shared.child.children import SHORT, ChildDied, GaveUp, weigh
from shared.child.remembered import Remembered

_SECONDS = 5.0
"""A usual text of the greatest length takes a tenth of a second."""


@dataclass(frozen=True)
class JudgeCopy:
    remembered: Remembered
    pictures: Pictures

    def is_heavy(self, fields: Fields) -> bool:
        """Whether a child process judges them."""
        return weigh(to_json(fields)) > SHORT

    async def __call__(self, opened: OpenedCopy, fields: Fields, person: str) -> JudgedCopy:
        """Judge the `fields`, typed on what was opened, as the person with this id would submit
        them."""
        head = opened.stored.head if opened.stored else None
        of = [fields, opened.is_live, head.sha256 if head else ""]
        try:
            judged = await self.remembered.run(
                json.dumps(of),
                weigh(to_json(fields)),
                _SECONDS,
                judge,
                fields,
                is_live=opened.is_live,
                earlier=head.article.body if head else None,
            )
        except (GaveUp, ChildDied):
            return _not_judged(fields)
        known = set(head.pictures if head else ()) | set(
            await self.pictures.find(person, judged.pictures)
        )
        unknown = [one for one in judged.pictures if one not in known]
        missing = await missing_pictures(self.pictures, person, unknown)
        remarks = (CopyRemark(FormPlace("body"), "body", one.message) for one in missing)
        return replace(judged, missing=(*judged.missing, *remarks))


def _not_judged(fields: Fields) -> JudgedCopy:
    message = "teksten tar for lang tid å lese; del den opp, eller prøv igjen om litt"
    return JudgedCopy(
        missing=(CopyRemark(FormPlace("body"), "body", message),),
        warnings=(),
        hardness=lint.Hardness(0, 0),
        title_characters=len(str(fields.get("title", "")).strip()),
    )
