"""What the form says: each field in plain words, in both standards."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from services.ingest.desk.shape import FORM, Shape, at
from services.ingest.newsroom import desk
from services.ingest.newsroom.desk import words
from services.ingest.newsroom.nynorsk.desk import TEXTS
from shared.alert import Alert, StopAdvice
from shared.article import Article

_DESK = Path(desk.__file__).parent
_PLACEHOLDER = re.compile(r"\{\w+\}")


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


def said() -> set[str]:
    """All texts in the desk's templates and modules."""
    found = set()
    for file in (_DESK / "templates").iterdir():
        found |= set(re.findall(r'"([^"\n]+)"', file.read_text().replace('=""', "")))
    for file in _DESK.glob("*.py"):
        nodes = ast.walk(ast.parse(file.read_text()))
        found |= {str(one.value) for one in nodes if isinstance(one, ast.Constant)}
    return found


def test_each_text_in_nynorsk_is_of_one_that_is_said_and_takes_the_same_values() -> None:
    assert set(TEXTS) - said() == set()
    for text, nynorsk in TEXTS.items():
        assert sorted(_PLACEHOLDER.findall(text)) == sorted(_PLACEHOLDER.findall(nynorsk))


def test_each_text_that_a_template_says_is_in_nynorsk_unless_it_is_the_same() -> None:
    norwegian = re.compile(r"\b(?:ikke|hva|hvor|hvem|den|noe|bare|siden|saken|bilde|kilde)\b", re.I)
    told = set[str]()
    for file in (_DESK / "templates").iterdir():
        told |= set(re.findall(r'\bt\("([^"\n]+)"', file.read_text()))
    told |= {text for one in words.FIELDS.values() for text in (one.label, one.hint)}
    told |= {
        text for ones in words.OPTIONS.values() for one in ones for text in (one.label, one.hint)
    }
    told |= set(words.SCRIPT.values())
    assert {text for text in told if norwegian.search(text)} - set(TEXTS) == {"den andre"}
