"""What is missing before a working copy can be submitted, and what is worth a second look, while it
is being written. Pure.

The same rules as for what is posted: `reading` judges the document that would be posted. The linter
looks at an article, which an unfinished copy is not yet, so it gets one with what is there.
"""

import json
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from services.ingest.desk.shape import Fields, in_shape, is_blank
from services.ingest.desk.to_submission import FormPlace, place_of, to_json
from services.ingest.problems import FieldError, Problem
from services.ingest.reading import lint, submission
from services.ingest.reading.submission import JSON, Resubmission, Submission
from shared.alert import Alert, Medicine, StopAdvice
from shared.article import Article
from shared.fields import LONGEST_BODY, Model
from shared.markdown import pictures as pictures_in
from shared.text import nfc

M = TypeVar("M", bound=Model)


_OF_AN_ALERT = ("kicker", "topics", "sources")


@dataclass(frozen=True)
class CopyRemark:
    """What must be mended in one field, or is worth a second look."""

    place: FormPlace
    path: str
    """The field as `reading` names it."""
    message: str


@dataclass(frozen=True)
class JudgedCopy:
    """A working copy as it is now."""

    missing: tuple[CopyRemark, ...]
    """What must be mended before it can be submitted. Empty: it can."""
    warnings: tuple[CopyRemark, ...]
    hardness: lint.Hardness
    title_characters: int
    pictures: tuple[str, ...] = ()
    """The addresses of the pictures in its body, if that is not too long."""


def judge(fields: Fields, *, is_live: bool = False, earlier: str | None = None) -> JudgedCopy:
    """Judge the fields. `is_live`: readers see a revision of it, so its change must be told.
    `earlier` is the body of that revision, which is not judged again."""
    raw = to_json(fields)
    pictures: tuple[str, ...] = ()
    warnings: list[tuple[str, str]] = []
    errors: list[FieldError] = []
    try:
        model = Resubmission if is_live else Submission
        submitted = submission.read(JSON, raw, model, earlier=earlier)
        pictures = submitted.pictures
        warnings += [(one.field, one.message) for one in submitted.warnings]
    except Problem as problem:
        errors += problem.errors or [FieldError("body", problem.detail)]
        pictures = _pictures_of(fields)
    typed = in_shape(fields)
    if is_live and not typed["change"]["kind"]:
        errors.append(FieldError("change.kind", "velg hva endringen betyr for leserne"))
    if typed["kind"] == "safety_alert":
        # The model asks for these only once everything else is right.
        told = {one.field for one in errors}
        wanted = (one for one in _OF_AN_ALERT if is_blank(typed[one]) and one not in told)
        errors += (FieldError(one, "feltet mangler; fyll det ut") for one in wanted)
    article = sketch(fields)
    refused = {(one.field, one.message) for one in errors}
    warnings += [
        (one.field, one.message)
        for one in lint.warnings(article)
        if (one.field, one.message) not in refused
    ]
    return JudgedCopy(
        missing=tuple(_remark(fields, one.field, one.message) for one in errors),
        warnings=tuple(_remark(fields, *one) for one in dict.fromkeys(warnings)),
        hardness=lint.hardness(article),
        title_characters=len(article.title),
        pictures=pictures,
    )


def _pictures_of(fields: Fields) -> tuple[str, ...]:
    """The pictures of a body that is part of something unfinished."""
    body = _composed(json.loads(to_json(fields))).get("body", "")
    return tuple(pictures_in(body)) if len(body) <= LONGEST_BODY else ()


def _remark(fields: Fields, path: str, message: str) -> CopyRemark:
    return CopyRemark(place_of(fields, path), path, message)


def sketch(fields: Fields) -> Article:
    """An article with what is there, for the linter alone: what is missing is empty, and a medicine
    that is missing is one that the title names."""
    made = _composed(json.loads(to_json(fields)))
    given = made.get("alert")
    texts = {name: made.get(name, "").strip() for name in ("title", "lead")}
    alert = _alert(given, texts["title"]) if given is not None else None
    return _made(Article, **texts, body=made.get("body", ""), alert=alert)


def _alert(given: dict[str, Any], title: str) -> Alert:
    medicines = tuple(
        _made(Medicine, substance=one["substance"], brands=tuple(one["brands"]))
        for one in given.get("medicines", ())
        if "substance" in one and "brands" in one
    )
    named = _made(Medicine, substance=title, brands=(title,))
    return _made(
        Alert,
        medicines=medicines or (named,),
        what_happened=given.get("what_happened", ""),
        who_is_affected=given.get("who_is_affected", ""),
        what_to_do=tuple(given.get("what_to_do", ())),
        stop_advice=_made(StopAdvice, text=given["stop_advice"].get("text", "")),
        seek_help_if=tuple(given.get("seek_help_if", ())),
        review_by=None,
    )


def _made(model: type[M], **values: Any) -> M:
    """A model with only these fields, unchecked."""
    return cast("M", model.model_construct(**values))


def _composed(value: Any) -> Any:
    """All texts in the form in which they would be stored; one that has none stays as it is."""
    if isinstance(value, dict):
        return {name: _composed(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_composed(inner) for inner in value]
    try:
        return nfc(value)
    except ValueError:
        return value
