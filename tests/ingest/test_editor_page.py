"""The page for editors: its alert is accepted, and its tables say what the model says."""

import re
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from services.ingest import front_matter, submission
from services.ingest.submission import Submission
from shared.alert import Alert, Medicine, Report, StopAdvice
from shared.article import Kind, Lang, Source

PAGE = (Path(__file__).parents[2] / "docs" / "editor.md").read_text()


def example() -> str:
    (text,) = re.findall(r"^```markdown\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(text)


def listed(field: str) -> set[str]:
    """The values that the table gives for `field`."""
    (cells,) = re.findall(rf"^\| `{re.escape(field)}` \|(.*)\|$", PAGE, re.MULTILINE)
    return set(re.findall(r"`([^`]+)`", cells))


def test_the_alert_to_copy_is_accepted_and_only_saved() -> None:
    submitted = submission.read("text/markdown", example().encode())
    assert submitted.article.alert is not None
    assert submitted.draft
    assert submitted.pictures == (), "it can be tried without a picture"


def test_the_alert_to_copy_has_every_field() -> None:
    fields, body = front_matter.read(example())
    assert {*fields, "body"} == set(Submission.model_fields)
    alert = fields["alert"]
    inner: list[tuple[Any, type[BaseModel]]] = [
        (alert, Alert),
        (alert["stop_advice"], StopAdvice),
        (alert["report"], Report),
        (fields["sources"][0], Source),
        (alert["medicines"][0], Medicine),
    ]
    for given, model in inner:
        assert set(given) == set(model.model_fields)
    assert body.strip()


def test_the_values_listed_are_the_models() -> None:
    assert listed("kind") == set(get_args(Kind))
    assert listed("lang") == set(get_args(Lang))
    assert listed("alert.severity") == set(get_args(Alert.model_fields["severity"].annotation))
    codes = set(get_args(StopAdvice.model_fields["code"].annotation))
    assert listed("alert.stop_advice.code") == codes


def test_the_lengths_told_are_the_models() -> None:
    shape = Submission.model_json_schema()
    alert, advice = (
        shape["$defs"]["Alert"]["properties"],
        shape["$defs"]["StopAdvice"]["properties"],
    )
    lengths = {
        "`title`": shape["properties"]["title"]["maxLength"],
        "`lead`": shape["properties"]["lead"]["maxLength"],
        "`alert.what_happened`, `alert.who_is_affected`": alert["what_happened"]["maxLength"],
        "`alert.stop_advice.text`": advice["text"]["maxLength"],
    }
    for field, length in lengths.items():
        assert re.search(rf"^\| {re.escape(field)} \|.*høyst {length} tegn", PAGE, re.MULTILINE), (
            field
        )
    assert alert["what_happened"]["maxLength"] == alert["who_is_affected"]["maxLength"]
    assert f"på {shape['properties']['byline']['maxLength']} tegn" in PAGE
    assert alert["what_to_do"]["maxItems"] == alert["seek_help_if"]["maxItems"] == 10
