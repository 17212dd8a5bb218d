"""What the form says: each field in plain words."""

import re
from collections.abc import Iterator

from services.ingest.desk.shape import FORM, Shape, at
from services.ingest.newsroom.desk import words
from shared.alert import Alert, StopAdvice
from shared.article import Article


def leaves(shape: Shape = FORM, path: str = "") -> Iterator[str]:
    if isinstance(shape, str):
        yield path
    elif isinstance(shape, list):
        yield from leaves(shape[0], f"{path}.0")
    else:
        for name, inner in shape.items():
            yield from leaves(inner, f"{path}.{name}" if path else name)


def test_each_field_of_the_form_is_said_in_words_that_no_program_needs() -> None:
    for path in leaves():
        if path != "kind":
            assert "_" not in words.of(path).label, path
            assert words.named(path) != path
    for path, options in words.OPTIONS.items():
        assert at(path) == "text"
        assert words.of(path).input == "choice"
        assert len({one.label for one in options}) == len(options)


def test_each_choice_of_the_model_can_be_made() -> None:
    for model, name, path in (
        (StopAdvice, "code", "alert.stop_advice.code"),
        (Alert, "severity", "alert.severity"),
        (Alert, "urgency", "alert.urgency"),
        (Alert, "certainty", "alert.certainty"),
        (Alert, "event_type", "alert.event_type"),
        (Alert, "mode", "alert.mode"),
        (Article, "lang", "lang"),
    ):
        known = re.findall(r"'(\w+)'", str(model.model_fields[name].annotation))
        assert [one.value for one in words.OPTIONS[path]] == known
