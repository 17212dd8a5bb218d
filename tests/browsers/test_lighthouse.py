"""Lighthouse has nothing to say of the pages that people come by, nor of an alert in a second
theme: 100 for accessibility, best practices and search engines, and at least 98 for how soon they
can be read."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.browsers import some_articles
from tests.browsers.modules import module
from tests.browsers.world import EVERY_ELEMENT, REAL_ARTICLE, World, own_look, wait_for
from tests.expects import skip_or_fail
from tests.make import news
from tests.render.look.second_theme import SECOND
from tests.system.running import Up

pytestmark = [pytest.mark.browsers, pytest.mark.xdist_group("last")]
"""By itself, when the others are done: how soon a page can be read goes by the clock."""

WHOLE = {"accessibility": 100, "best-practices": 100, "seo": 100}
SOON = 98
_TRIES = 5
"""This machine may have other things to do: the best counts."""
_NEWS = 6
"""So many that the front page has lists."""
_SCRIPT = Path(__file__).with_name("lighthouse.mjs")


def _asked(urls: list[str]) -> dict[str, dict[str, Any]]:
    module("lighthouse/package.json")
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if not chromium or not node:
        skip_or_fail("browsers", "no Chromium or no node here")
    done = subprocess.run(
        [node, str(_SCRIPT)],
        input=json.dumps({"chromium": chromium, "urls": urls}),
        capture_output=True,
        text=True,
        timeout=280,
        check=True,
    )
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    return found


def _pages(up: Up) -> dict[str, str]:
    """The names of a system's pages by their addresses, once all of them are there."""
    world = World(up.start())
    for number in range(_NEWS):
        world.post(news(title=f"Møte nummer {number + 1}"))
    files = {
        "every element": some_articles.with_pictures(EVERY_ELEMENT, up.data / "a"),
        "alert": some_articles.DEMO / "sak.md",
    }
    if REAL_ARTICLE.exists():
        files["real article"] = REAL_ARTICLE
    paths = {name: world.publish_file(file) for name, file in files.items()}
    wait_for(lambda: "srcset" in world.http.get(paths["alert"]).text)
    paths |= {"front": "/", "search": "/sok/", "joining": "/bli-medlem/"}
    return {f"{up.url}{path}": name for name, path in paths.items()}


def _alert_in_second_theme(up: Up) -> dict[str, str]:
    """The address of an alert with pictures, on a system of that theme, once all of it is there."""
    world = World(up.start())
    path = world.publish_file(some_articles.DEMO / "sak.md")
    wait_for(lambda: "srcset" in world.http.get(path).text)
    assert f"{up.env['VARSEL_SITE_NAME']}: for alle" in world.http.get(path).text
    return {f"{up.url}{path}": "alert in a second theme"}


def test_lighthouse_finds_nothing(tmp_path: Path) -> None:
    look = own_look(tmp_path / "look")
    with (
        Up(VARSEL_SITE_NAME="Varsel", VARSEL_THEME=str(look)) as up,
        Up(VARSEL_SITE_NAME="Den andre foreningen", VARSEL_THEME=str(SECOND)) as second,
    ):
        _finds_nothing(_pages(up) | _alert_in_second_theme(second))


def _finds_nothing(names: Mapping[str, str]) -> None:
    """`names` are those of pages, by their addresses."""
    slow = list(names)
    for _ in range(_TRIES):
        found = _asked(slow)
        broken = {url: told["broken"] for url, told in found.items() if told["broken"]}
        for url, told in found.items():
            if url in broken:  # the browser did not answer in time, and is asked again
                continue
            said = {kind: told["scores"][kind] for kind in WHOLE}
            assert said == WHOLE, (names[url], told["lost"])
        slow = [
            url
            for url, told in found.items()
            if url in broken or told["scores"]["performance"] < SOON
        ]
        if not slow:
            return
    pytest.fail(f"broken, or later to be read than {SOON}: {[(names[u], found[u]) for u in slow]}")
