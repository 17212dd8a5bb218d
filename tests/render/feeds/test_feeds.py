"""The feeds, read as strangers read them."""

import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import feedparser

from services.render.articles.teaser import Teaser
from services.render.feeds.feeds import atom, json_feed, robots, sitemap, sitemap_index
from services.render.look.templates import Site
from tests.make import alert, news, revision

SITE = Site("Eksempelforeningen", "https://varsel.example.org", ("https://hub.example.org/",))
TEASERS = [
    Teaser.of(revision(alert(), id="alert0000001", slug="varsel")),
    Teaser.of(
        revision(
            news(lang="nn", title="A & B < «C»"),
            revised_at=datetime(2026, 9, 3, tzinfo=UTC),
        )
    ),
]


def test_a_feed_reader_finds_nothing_wrong_with_atom() -> None:
    feed = feedparser.parse(atom(SITE, TEASERS))
    assert feed.bozo == 0
    assert feed.feed.title == "Eksempelforeningen"
    assert feed.feed.updated == "2026-09-03T00:00:00+00:00"
    assert {(link.rel, link.href) for link in feed.feed.links} == {
        ("self", "https://varsel.example.org/feed.atom"),
        ("alternate", "https://varsel.example.org/"),
        ("hub", "https://hub.example.org/"),
    }
    first, second = feed.entries
    assert first.link == "https://varsel.example.org/nyheter/varsel/"
    assert first.author == "Ola Eksempel"
    assert first.summary == alert().lead
    assert {(tag.term, tag.label) for tag in first.tags} == {
        ("safety_alert", "Sikkerhetsvarsel"),
        ("severe", "alvorlig"),
    }
    assert second.title == "A & B < «C»"
    assert (second.published, second.updated) == (
        "2026-09-01T10:00:00+00:00",
        "2026-09-03T00:00:00+00:00",
    )
    assert second.summary_detail.language == "nn"


def test_an_entry_keeps_its_id_whatever_changes() -> None:
    moved = Site("Et annet navn", "https://andre.example.org", ())
    later = Teaser.of(revision(news(title="Ny"), revision=9, slug="ny"))
    now = feedparser.parse(atom(SITE, TEASERS)).entries[1].id
    assert feedparser.parse(atom(moved, [later])).entries[0].id == now
    assert json.loads(json_feed(moved, [later]))["items"][0]["id"] == now
    assert now.startswith("urn:uuid:")


def test_a_feed_without_entries_is_a_feed() -> None:
    assert feedparser.parse(atom(SITE, [])).bozo == 0
    assert json.loads(json_feed(SITE, []))["items"] == []


def test_the_json_feed_has_what_version_1_1_asks_for() -> None:
    feed = json.loads(json_feed(SITE, TEASERS))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://varsel.example.org/feed.json"
    assert feed["hubs"] == [{"type": "WebSub", "url": "https://hub.example.org/"}]
    item = feed["items"][0]
    assert item["content_text"] == alert().lead
    assert item["authors"] == [{"name": "Ola Eksempel"}]
    assert item["_varsel"]["severity"] == "severe"
    assert "tags" not in feed["items"][1]


def test_sitemaps_and_robots_have_absolute_addresses() -> None:
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    index = ET.fromstring(sitemap_index(SITE, 2))
    assert [loc.text for loc in index.findall("s:sitemap/s:loc", names)] == [
        "https://varsel.example.org/sitemap-1.xml",
        "https://varsel.example.org/sitemap-2.xml",
        "https://varsel.example.org/sitemap-sider.xml",
    ]
    one = ET.fromstring(sitemap(SITE, {"/nyheter/en-sak/": "2026-09-01T10:00:00+00:00"}))
    assert [e.text for e in one.iter() if e.text and e.text.strip()] == [
        "https://varsel.example.org/nyheter/en-sak/",
        "2026-09-01T10:00:00+00:00",
    ]
    assert "Sitemap: https://varsel.example.org/sitemap.xml" in robots(SITE)
