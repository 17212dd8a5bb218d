"""What just fits is accepted, and what is one more is refused by name."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from services.ingest.problems import Problem
from services.ingest.reading import front_matter, strict_json, submission
from tests import make

AT_MOST: dict[str, tuple[str, Any, Any]] = {
    "a title of 150 characters": ("title", "x" * 150, "x" * 151),
    "a lead of 600 characters": ("lead", "x" * 600, "x" * 601),
    "a byline of 300 characters": ("byline", "x" * 300, "x" * 301),
    "twenty topics": ("topics", ["x"] * 20, ["x"] * 21),
    "a body of 200,000 characters": ("body", "x " * 99_999 + "xx", "x " * 100_000 + "x"),
    "500 footnotes inside the text": ("body", "a^[b] " * 500 + "x", "a^[b] " * 501 + "x"),
}


def fields_refused(read: Callable[[], Any]) -> list[str]:
    """The fields that a reading refuses, `document` where it names none; none if it accepts."""
    try:
        read()
    except Problem as problem:
        return [error.field for error in problem.errors] or ["document"]
    return []


@pytest.mark.parametrize(("field", "fits", "too_much"), AT_MOST.values(), ids=AT_MOST)
def test_a_field_may_be_as_long_as_its_limit_and_no_longer(
    field: str, fits: Any, too_much: Any
) -> None:
    def read(value: Any) -> Any:
        fields = make.news().model_dump(mode="json", exclude_none=True) | {field: value}
        return submission.read("application/json", json.dumps(fields).encode())

    assert fields_refused(lambda: read(fits)) == []
    written = getattr(read(fits).article, field)
    assert list(written) == list(fits), "nothing of it is lost"
    assert fields_refused(lambda: read(too_much)) == [field]


@pytest.mark.parametrize(
    ("read", "document"),
    [(strict_json.read, '{{"a": {}}}'), (front_matter.read, "---\na: {}\n---\nTekst")],
    ids=["JSON", "YAML"],
)
def test_sixteen_levels_are_read_and_seventeen_refused(
    read: Callable[[str], Any], document: str
) -> None:
    def nested(levels: int) -> str:
        inside = levels - 1
        return document.format("[" * inside + "]" * inside)

    assert fields_refused(lambda: read(nested(16))) == []
    (refused,) = fields_refused(lambda: read(nested(17))) or ["nothing"]
    assert refused.split(".")[0] == "a"


def test_front_matter_has_at_most_64_kib() -> None:
    """In bytes, not in characters."""
    most = 64 * 1024
    head = "a: " + "æ" * ((most - len("a: \n")) // 2) + "\n"
    assert len(head.encode()) == most
    assert fields_refused(lambda: front_matter.read(f"---\n{head}---\nTekst")) == []
    longer = f"---\n{head.strip()}b\n---\nTekst"
    assert fields_refused(lambda: front_matter.read(longer)) == ["document"]
