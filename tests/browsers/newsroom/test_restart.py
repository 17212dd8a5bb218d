"""The server dies with a form open in the browser: what was typed is sent once it is back."""

import signal
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsers.newsroom.steps import every_page
from tests.browsers.newsroom.steps.every_page import CASE, WAYS
from tests.browsers.newsroom.steps.filled import Filled, filled
from tests.browsers.world import wait_for
from tests.system.running import Up

pytestmark = pytest.mark.browsers

TYPED = "Dosen i avsnitt to er feil: det skal stå 5 mg."
FORMS = {
    "remark": ("/redaksjon/fag/{expert}/", "merknad", f"{CASE}/{{waits}}/fag/"),
    "reject": (f"{CASE}/{{waits}}/avvis/", "hvorfor", f"{CASE}/{{waits}}/"),
    "subject": ("/redaksjon/emner/leddgikt/", "name", "/redaksjon/emner/"),
    "site": ("/redaksjon/nettstedet/", "name", "/redaksjon/"),
}
"""Of each form its address, the field that is typed in, and where it is seen afterwards."""


@pytest.fixture(scope="module")
def made() -> Iterator[Filled]:
    with filled() as made:
        yield made


@pytest.fixture
def page(made: Filled, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(base_url=made.up.url)
    yield context.new_page()
    context.close()


def _answers(up: Up) -> bool:
    try:
        return httpx.get(f"{up.url}/redaksjon/inn/").status_code == 200
    except httpx.HTTPError:
        return False


@pytest.mark.parametrize("name", FORMS)
def test_what_is_typed_in_a_small_form_outlives_the_server(
    made: Filled, page: Page, name: str
) -> None:
    path, field, shown = FORMS[name]
    every_page.opens(page, made, WAYS["ask an expert, link"], "nb")
    page.goto(path.format(**made.ids))
    page.locator(f"#{field}").fill(TYPED)
    if name == "remark":
        page.locator("#navn").fill("Lise Lege")
    made.up.end(signal.SIGKILL)
    page.locator("main form button.main, main form button").first.click()
    page.wait_for_url("chrome-error://**")
    made.up.launch()  # which is not well while the relay is away
    wait_for(lambda: _answers(made.up), timeout=120)
    page.reload()
    page.goto(shown.format(**made.ids))
    expect(page.get_by_text(TYPED).first).to_be_visible()
