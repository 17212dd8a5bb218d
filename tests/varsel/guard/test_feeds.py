"""The feeds as render writes them are what the guard takes for right, and nothing else is."""

import pytest

from services.render.articles.teaser import Teaser
from services.render.feeds.feeds import atom, json_feed
from services.render.look.templates import Site
from tests.make import alert, news, revision
from varsel.guard.look_outside import wrong_feed
from varsel.guard.sight import SeenAlert, SeenReceipt

SITE = Site("Eksempelforeningen", "https://varsel.example.org", ())
OURS = revision(alert(), id="alert0000001", slug="varsel")
THERE = [Teaser.of(OURS), Teaser.of(revision(news()))]
WRITTEN = {"/feed.atom": atom, "/feed.json": json_feed}
SEEN = SeenAlert(
    article=OURS.id,
    path=OURS.path,
    revision=1,
    sha256=OURS.sha256,
    withdrawn=False,
    mode="actual",
    owed_since=OURS.at,
    delivery=None,
    receipt=SeenReceipt(state="complete"),
)


@pytest.mark.parametrize("path", WRITTEN)
def test_a_feed_that_has_the_alert_is_right_and_one_without_it_is_not(path: str) -> None:
    write = WRITTEN[path]
    assert wrong_feed(path, write(SITE, THERE), [SEEN]) == ""
    assert wrong_feed(path, write(SITE, THERE), []) == ""
    assert wrong_feed(path, write(SITE, THERE[1:]), [SEEN]) == "mangler et varsel"


@pytest.mark.parametrize("path", WRITTEN)
@pytest.mark.parametrize("text", ["", "<html>", "null", "[]", '{"items": [{}]}', "Velkommen!"])
def test_what_is_no_feed_is_found_out(path: str, text: str) -> None:
    assert wrong_feed(path, text, [SEEN]).startswith("er ingen")
