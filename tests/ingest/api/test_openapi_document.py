"""The API as its own document describes it: schemathesis makes requests of docs/openapi.json, right
and wrong ones, and judges each answer of a running system."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case, Config, GenerationMode
from schemathesis.checks import CHECKS

from services.ingest.api import examples
from tests.examples import SHARE
from tests.examples import examples as so_many
from tests.system.running import Up
from tests.wait import until

DOCUMENT = Path(__file__).parents[3] / "docs" / "openapi.json"

GENERATION = {"database": "none", "with-security-parameters": False}  # each request has our key
# Every value at the edges of its kind, a hundred requests each: in a proof of all operations.
EDGES = {"phases": {"coverage": {"enabled": True}}}
ALWAYS = {"include-name": "POST /api/articles"} | EDGES
schema = schemathesis.openapi.from_path(
    DOCUMENT,
    config=Config.from_dict(
        {
            "seed": 1,
            "generation": GENERATION,
            "phases": {"coverage": {"enabled": SHARE >= 1}},
            "operations": [ALWAYS],
        }
    ),
)
ACCEPTANCE = CHECKS.get_one("positive_data_acceptance")
NOT_IN_A_SCHEMA = (
    "tegn nummer",  # control characters, and such that turn the direction of what follows
    "feltet er tomt",  # spaces only
    "året må være",
    "dagen er før",
    "skriv en hel nettadresse",  # a host that cannot be
    "det finnes ingen sak med denne id-en",
    "saken er ikke publisert",  # what a draft cannot have, and what an article must have later
    "saken er publisert",
    "tidspunktet finnes ikke",
    "skriv når saken ble publisert",  # of an import that is no draft
    "er fram i tid",
    "et varsel importeres alltid som kladd",
)
"""How refusals begin that JSON Schema has no words for, or only unreadable ones."""


@dataclass
class Tried:
    """A running system, and the articles that it has published here."""

    up: Up
    headers: dict[str, str]
    published: set[str] = field(default_factory=set)
    saved: dict[str, str] = field(default_factory=dict)
    """The newest draft, by the operation that it is for: what one operation is tried on does not
    depend on which others were tried before, or in this process at all."""
    _counts: dict[str, Iterator[int]] = field(
        default_factory=lambda: defaultdict(lambda: itertools.count(1))
    )

    def next(self, what: str) -> int:
        """1, 2, 3 …, for each `what` apart."""
        return next(self._counts[what])

    def article(self, operation: str) -> str:
        """One that there is: the operation's newest, until it is published, then a new draft."""
        if self.saved.get(operation) in (None, *self.published):
            title = f"Et utkast for {operation}: nr. {self.next(f'draft {operation}')}"
            draft = examples.NEWS | {"title": title, "draft": True}
            address = f"{self.up.url}/api/articles"
            answer = httpx.post(address, json=draft, headers=self.headers)
            self.saved[operation] = answer.json()["id"]
        return self.saved[operation]

    def call(self, case: Case, **how: Any) -> Any:
        # An import that is published waits for the pages of those before it, while they are made.
        answer = case.call_and_validate(
            base_url=self.up.url, headers=self.headers, timeout=60, **how
        )
        if answer.status_code in (200, 201) and answer.json().get("status") == "published":
            self.published.add(answer.json()["id"])
        return answer

    def etag(self, article: str) -> str:
        address = f"{self.up.url}/api/articles/{article}"
        return str(httpx.get(address, headers=self.headers).headers["etag"])

    def has_page(self, article: str) -> bool:
        address = f"{self.up.url}/api/articles/{article}/receipt"
        return bool(httpx.get(address, headers=self.headers).json()["page"])


@pytest.fixture(scope="module")
def tried() -> Iterator[Tried]:
    """Ends only when each article that was published has its page: whatever the API takes, the
    services behind it can handle."""
    with Up() as up:
        tried = Tried(up.start(), {"Authorization": f"Bearer {up.key()}"})
        yield tried
        for article in tried.published:
            asyncio.run(until(lambda article=article: tried.has_page(article), timeout=30))


@schema.parametrize()
@settings(
    max_examples=so_many(40),
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_the_document_says(case: Case, tried: Tried) -> None:
    operation = case.operation.label
    right = case.meta.generation.mode == GenerationMode.POSITIVE
    if right and "Idempotency-Key" in case.headers:
        # Every right request has the same; all but the first would be refused for that.
        number = tried.next(f"key {operation}")
        case.headers["Idempotency-Key"] = f"{operation}-{number}".replace(" ", "-")
    if right and "id" in case.path_parameters and tried.next(f"case {operation}") % 2:
        case.path_parameters["id"] = tried.article(operation)
        if "If-Match" in case.headers:
            case.headers["If-Match"] = tried.etag(case.path_parameters["id"])
    # Instead of this check there is a narrower one below.
    answer = tried.call(case, excluded_checks=[ACCEPTANCE])
    if right and answer.status_code not in (200, 201, 403, 404, 409, 412, 428):
        assert for_what_a_schema_cannot_say(case, answer.json()["errors"]), answer.text


def for_what_a_schema_cannot_say(case: Case, errors: list[dict[str, str]]) -> bool:
    """Whether a request that fits the schema was refused with reason: it says nothing about what is
    inside Markdown or a picture, and not everything about texts and another site's addresses."""
    if case.media_type == "text/markdown":
        return True
    return bool(errors) and all(
        error["field"].partition(".")[0] in ("body", "file", "moved_from")
        or error["message"].startswith(NOT_IN_A_SCHEMA)
        for error in errors
    )


def test_examples_are_accepted_and_their_links_lead_to_what_the_document_says() -> None:
    with Up() as up:
        tried = Tried(up.start(), {"Authorization": f"Bearer {up.key()}"})
        operation = schema["/api/articles"]["POST"]
        described = schema.raw_schema["paths"]["/api/articles"]["post"]
        links = described["responses"]["201"]["links"].values()
        examples = [
            (kind, example["value"])
            for kind, content in described["requestBody"]["content"].items()
            for example in content["examples"].values()
        ]
        assert {link["operationId"] for link in links} == {"get_article", "get_receipt"}
        assert {kind for kind, _ in examples} == {"application/json", "text/markdown"}
        for kind, body in examples:
            answer = tried.call(operation.Case(body=body, media_type=kind))
            assert answer.status_code == 201
            for link in links:
                linked = schema.find_operation_by_id(link["operationId"])
                assert link["parameters"] == {"id": "$response.body#/id"}
                found = tried.call(linked.Case(path_parameters={"id": answer.json()["id"]}))
                assert found.status_code == 200
