"""One browser and one system for all tests of this folder.

Per package, not per session: Playwright's event loop runs while its browser is open, and the tests
of other folders have loops of their own.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browsers.visit import Visits
from tests.browsers.world import World, filled, own_look
from tests.expects import skip_or_fail
from tests.system.running import Up

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PATIENCE_MS = 90_000
"""Of a browser: beside tests that fill the disk, a form's answer has taken over half a minute."""


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        skip_or_fail("browsers", "no Chromium here (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        browser.on("context", lambda context: context.set_default_timeout(PATIENCE_MS))
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def filled_world(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[World, dict[str, str]]]:
    look = own_look(tmp_path_factory.mktemp("look") / "own")
    with Up(VARSEL_SITE_NAME="Varsel", VARSEL_THEME=str(look)) as up:
        world = World(up.start())
        yield world, filled(world)


@pytest.fixture(scope="package")
def visits(filled_world: tuple[World, dict[str, str]], browser: Browser) -> Visits:
    """Opens pages of the system by their names."""
    return Visits(browser, *filled_world)
