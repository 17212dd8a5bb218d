"""Which subjects a working copy is about so far, by the rules of submission. Pure."""

import json
from collections.abc import Sequence
from typing import Any

from services.ingest.desk.shape import Fields
from services.ingest.desk.to_submission import to_json
from shared.alert import Alert, Atc, Medicine
from shared.subject import Subject
from shared.subjects.match import Matched, match


def concerned(fields: Fields, subjects: Sequence[Subject]) -> Matched | None:
    """What the alert would be found to be about if it were sent in with what is typed; None if it
    is no alert, or names nothing yet."""
    given = json.loads(to_json(fields)).get("alert")
    if given is None:
        return None
    medicines = tuple(_medicine(one) for one in given.get("medicines", ()) if "substance" in one)
    conditions = tuple(given.get("conditions", ()))
    if not medicines and not conditions:
        return None
    # Unchecked: of a text that is not finished, what is there counts.
    typed: dict[str, Any] = {
        "severity": given.get("severity", ""),
        "medicines": medicines,
        "conditions": conditions,
    }
    return match(Alert.model_construct(**typed), subjects)


def _medicine(given: dict[str, Any]) -> Medicine:
    return Medicine.model_construct(
        substance=given["substance"],
        brands=tuple(given.get("brands", ())),
        atc=tuple(Atc.model_construct(code=one["code"]) for one in given.get("atc", ())),
    )
