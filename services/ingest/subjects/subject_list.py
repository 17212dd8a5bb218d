"""A list of subjects, from a file. Pure."""

from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from services.ingest.problems import FieldError, invalid
from services.ingest.reading import front_matter
from services.ingest.reading.field_errors import field_errors
from shared.fields import Model
from shared.subject import Subject


class _List(Model):
    subjects: Annotated[tuple[Subject, ...], Field(min_length=1, max_length=1000)]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        seen: set[str] = set()
        for subject in self.subjects:
            if subject.id in seen:
                raise PydanticCustomError(
                    "field:subjects", "to emner har samme id; gi dem hver sin"
                )
            seen.add(subject.id)
        return self


def read(text: str) -> tuple[Subject, ...]:
    """The subjects in a YAML document (JSON is YAML) that has a list `subjects`. Problem 400 or 422
    if it is none, or a field is wrong."""
    found = front_matter.load(text.replace("\r\n", "\n"), above=0)
    if not isinstance(found, dict):
        raise invalid(FieldError("subjects", "filen må ha feltet «subjects» med en liste av emner"))
    try:
        return _List.model_validate(found).subjects
    except ValidationError as error:
        raise invalid(*field_errors(error, _List)) from None
