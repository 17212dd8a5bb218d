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
from tests.browsers.world import World, wait_for
from tests.expects import skip_or_fail
from tests.render.look.second_theme import SECOND
from tests.system.running import Up

pytestmark = pytest.mark.browsers

NAMES = ("every element", "real article", "alert", "front", "search", "joining")
WHOLE = {"accessibility": 100, "best-practices": 100, "seo": 100}
SOON = 98
_TRIES = 3
"""How soon goes by this machine's clock, and it has other things to do: the best counts."""
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


def _alert_in_second_theme(up: Up) -> str:
    """The address of an alert with pictures, on a system of that theme, once all of it is there."""
    world = World(up.start())
    path = world.publish_file(some_articles.DEMO / "sak.md")
    wait_for(lambda: "srcset" in world.http.get(path).text)
    assert f"{up.env['VARSEL_SITE_NAME']}: for alle" in world.http.get(path).text
    return f"{up.url}{path}"


def test_lighthouse_finds_nothing(filled_world: tuple[World, dict[str, str]]) -> None:
    world, pages = filled_world
    names = {world.up.url + pages[name]: name for name in NAMES if name in pages}
    with Up(VARSEL_SITE_NAME="Den andre foreningen", VARSEL_THEME=str(SECOND)) as up:
        names[_alert_in_second_theme(up)] = "alert in a second theme"
        _finds_nothing(names)


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
