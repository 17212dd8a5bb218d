"""The alert inside a safety-alert article: what authorities ask of a warning.

The words of severity, urgency and certainty are those of CAP 1.2 (OASIS, section 3.2.2).
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from shared.fields import Day, Model, Paragraph, Url
from shared.text import Line

Severity = Literal["extreme", "severe", "moderate", "minor"]
Urgency = Literal["immediate", "expected", "future", "past", "unknown"]
Certainty = Literal["observed", "likely", "possible", "unlikely", "unknown"]
EventType = Literal[
    "adverse_reaction",
    "contraindication",
    "interaction",
    "dosing",
    "recall",
    "quality_defect",
    "falsified",
    "shortage",
    "device",
    "food",
    "other",
]
Mode = Literal["actual", "exercise", "test"]


AtcCode = Annotated[str, Field(pattern=r"^[A-Z](\d{2}([A-Z]([A-Z](\d{2})?)?)?)?$")]


class Atc(Model):
    """A code of WHO's ATC index. Codes change: JAK inhibitors moved in 2024."""

    code: AtcCode
    valid_from: Day | None = None
    valid_to: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _check_order(self.valid_from, self.valid_to, "valid_to")
        return self


class Medicine(Model):
    substance: Line
    brands: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)]
    additional_monitoring: StrictBool = False
    """Under additional monitoring in the EU: shown with a black triangle before the name."""
    atc: Annotated[tuple[Atc, ...], Field(max_length=10)] = ()
    batches: Annotated[tuple[Line, ...], Field(max_length=50)] = ()
    """The batches that a recall is about, as printed on the packages."""


class StopAdvice(Model):
    """Whether to go on with the medicine. Required, and without a default: silence is dangerous."""

    code: Literal["do_not_stop", "stop_now", "contact_before_next_dose", "not_applicable"]
    text: Paragraph


class Report(Model):
    """Where to report a side effect."""

    patient: Url
    health_personnel: Url


class Authority(Model):
    name: Line
    reference: Line | None = None
    """The authority's own number or name of its warning."""
    url: Url | None = None


class Alert(Model):
    severity: Severity
    medicines: Annotated[tuple[Medicine, ...], Field(min_length=1, max_length=50)]
    what_happened: Paragraph
    who_is_affected: Paragraph
    what_to_do: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]
    stop_advice: StopAdvice
    seek_help_if: Annotated[tuple[Line, ...], Field(min_length=1, max_length=10)]
    report: Report
    urgency: Urgency | None = None
    certainty: Certainty | None = None
    event_type: EventType | None = None
    groups: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    """Groups of people who are affected more than others."""
    conditions: Annotated[tuple[Line, ...], Field(max_length=20)] = ()
    """Illnesses that the alert is about."""
    valid_from: Day | None = None
    review_by: Day | None = None
    """The last day on which the alert is valid without having been looked at again."""
    authorities: Annotated[tuple[Authority, ...], Field(max_length=20)] = ()
    """Authorities that warn too, beside the article's sources."""
    mode: Mode = "actual"
    """An exercise and a test go to staff, and to followers who want exercises: to no other."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _check_order(self.valid_from, self.review_by, "review_by")
        return self


def _check_order(first: date | None, last: date | None, name: str) -> None:
    if first and last and last < first:
        raise PydanticCustomError(f"field:{name}", "dagen er før «valid_from»; rett en av dem")
