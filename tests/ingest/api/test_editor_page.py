"""The page for editors: its alert is accepted, and its tables say what the model says."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from services.ingest.api import examples
from services.ingest.reading import front_matter, lint, submission
from services.ingest.reading.lint import warnings
from services.ingest.reading.submission import Submission
from shared.alert import Alert, Atc, Authority, Medicine, Report, StopAdvice
from shared.article import Kind, Lang, Source
from shared.oslo import oslo_today

PAGE = (Path(__file__).parents[3] / "docs" / "editor.md").read_text()


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


def optional() -> dict[str, Any]:
    """The alert's fields in the second example."""
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    fields, _ = front_matter.read(f"---\n{text}---\n")
    return dict(fields["alert"])


def parts(alert: dict[str, Any]) -> list[tuple[type[BaseModel], dict[str, Any]]]:
    """Each model of an alert with what is given of it."""
    (medicine,), authorities = alert["medicines"], alert.get("authorities", [{}])
    return [
        (Alert, alert),
        (StopAdvice, alert.get("stop_advice", {})),
        (Report, alert.get("report", {})),
        (Medicine, medicine),
        (Atc, medicine.get("atc", [{}])[0]),
        (Authority, authorities[0]),
    ]


def test_the_alert_to_copy_has_what_it_must_have_and_no_more() -> None:
    fields, body = front_matter.read(example())
    assert {*fields, "body"} == set(Submission.model_fields) - {"publish_at", "translation_of"}
    assert listed("publish_at"), "it is told of in the table"
    assert set(fields["sources"][0]) == set(Source.model_fields)
    for model, given in parts(fields["alert"])[:4]:
        assert set(given) == required(model)
    assert body.strip()


def required(model: type[BaseModel]) -> set[str]:
    return {name for name, field in model.model_fields.items() if field.is_required()}


def test_the_alert_to_copy_has_every_field() -> None:
    """With what it may have, from the second example; and so has the API's."""
    fields, body = front_matter.read(example())
    later = {"review_by": oslo_today() + timedelta(days=1)}  # the page's own day passes some time
    whole = fields | {"alert": fields["alert"] | optional() | later, "body": body}
    for alert in (whole["alert"], examples.EVERY_FIELD["alert"]):
        for model, given in parts(alert):
            assert set(given) == set(model.model_fields)
    submitted = submission.read("application/json", json.dumps(whole, default=str).encode())
    assert submitted.article.alert is not None
    read = submission.read("application/json", json.dumps(examples.EVERY_FIELD).encode())
    assert warnings(read.article) == []


def test_every_field_that_an_alert_may_have_is_explained() -> None:
    (table,) = re.findall(r"^## Flere felt.*?(^\|.*?)^\n", PAGE, re.MULTILINE | re.DOTALL)
    explained = {name.removeprefix("alert.") for name in re.findall(r"`([^`]+)`", table)}
    for model in (Alert, Medicine, Atc, Authority):
        assert set(model.model_fields) - required(model) <= explained


def test_the_values_listed_are_the_models() -> None:
    assert listed("kind") == set(get_args(Kind))
    assert listed("lang") == set(get_args(Lang))
    assert listed("alert.severity") == set(get_args(Alert.model_fields["severity"].annotation))
    for field in ("urgency", "certainty", "event_type", "mode"):
        words = {word for option in get_args(Alert.model_fields[field].annotation) for word in
                 (get_args(option) or [option]) if word is not type(None)}  # fmt: skip
        assert listed(f"alert.{field}") == words
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
    for name, path in {
        "`alert.groups`, `alert.conditions`": ("Alert", "groups"),
        "`alert.authorities`": ("Alert", "authorities"),
        "`atc`": ("Medicine", "atc"),
        "`batches`": ("Medicine", "batches"),
    }.items():
        most = shape["$defs"][path[0]]["properties"][path[1]]["maxItems"]
        assert re.search(rf"^\| {re.escape(name)} \|.*høyst {most}\b", PAGE, re.MULTILINE), name
    assert alert["groups"]["maxItems"] == alert["conditions"]["maxItems"]
    assert alert["what_to_do"]["maxItems"] == alert["seek_help_if"]["maxItems"] == 10


def test_the_limits_told_are_the_linters() -> None:
    assert f"over {lint.LONGEST_TITLE} tegn" in PAGE
    assert f"over {lint.LONGEST_SENTENCE} ord" in PAGE
    assert f"over {lint.HIGHEST_LIX} i feltene" in PAGE


def test_the_alert_to_copy_has_no_warnings() -> None:
    assert warnings(submission.read("text/markdown", example().encode()).article) == []
