"""A second person approves, stops and withdraws in a browser, with and without script."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests import make
from tests.browsers.newsroom.steps.staff import browser_of, session
from tests.system.running import Up

pytestmark = pytest.mark.browsers

HOLD_SECONDS = 15


class Review:
    """A system with one alert after the other, and its approvers."""

    def __init__(self, up: Up, browser: Browser) -> None:
        self.up = up
        self._browser = browser
        self._http = httpx.Client(
            base_url=up.url, headers={"Authorization": f"Bearer {up.key()}"}, timeout=30
        )
        self._count = 0

    def alert(self, **more: Any) -> str:
        """An alert that waits for approval, with its page and mail; gives its address."""
        self._count += 1
        article = make.alert(title=f"Eksempelinib kan skade leveren, nummer {self._count}", **more)
        fields = article.model_dump(mode="json") | {"body": article.body.strip()}
        answer = self._http.post("/api/articles", json=fields)
        assert answer.json()["status"] == "in_review", answer.text
        id_ = answer.json()["id"]
        deadline = time.monotonic() + 30
        while not self._http.get(f"/api/articles/{id_}/preview").json()["ready"]:
            assert time.monotonic() < deadline, self.up.log()
            time.sleep(0.05)
        return f"/redaksjon/sak/{id_}/"

    def status(self, address: str) -> str:
        id_ = address.rstrip("/").rpartition("/")[2]
        return str(self._http.get(f"/api/articles/{id_}").json()["status"])

    @contextmanager
    def page(self, name: str = "Ola Eksempel", **options: Any) -> Iterator[Page]:
        """A page of a browser in which this approver is logged in."""
        with browser_of(self._browser, self.up, session(self.up, name), **options) as context:
            yield context.new_page()

    def stranger(self) -> Page:
        return self._browser.new_context(base_url=self.up.url, locale="nb-NO").new_page()


@pytest.fixture(scope="module")
def review(browser: Browser) -> Iterator[Review]:
    settings = {"VARSEL_ALERT_APPROVALS": "1", "VARSEL_ALERT_HOLD": str(HOLD_SECONDS)}
    with Up(**settings) as up:
        yield Review(up.start(), browser)


def test_an_alert_is_approved_and_stopped_while_the_clock_runs(review: Review) -> None:
    address = review.alert()
    with review.page() as page:
        page.goto(f"{address}godkjenn/")
        shown = page.frame_locator(".as-page")
        expect(shown.get_by_role("heading", level=1)).to_contain_text("Eksempelinib kan skade")
        mail = page.frame_locator(".as-mail")
        expect(mail.get_by_text("Eksempelinib kan gi alvorlig leverskade").first).to_be_visible()
        page.get_by_role("button", name="Godkjenn").click()
        clock = page.locator("#klokke")
        page.evaluate("window.same = true")
        first = clock.inner_text()
        expect(clock).not_to_have_text(first)
        assert page.evaluate("window.same") is True  # it was not loaded anew
        page.get_by_role("button", name="Stopp").click()
        expect(page.get_by_text("Ingen har fått noe.")).to_be_visible()
        assert review.status(address) == "draft"


def test_one_persons_stop_shows_on_the_others_page(review: Review) -> None:
    address = review.alert()
    with review.page() as ola, review.page("Åse Eksempel") as aase:
        ola.goto(f"{address}godkjenn/")
        ola.get_by_role("button", name="Godkjenn").click()
        aase.goto(f"{address}stopp/")
        aase.get_by_role("button", name="Stopp").click()
        expect(ola.get_by_text("Åse Eksempel stoppet saken")).to_be_visible()


def test_a_reader_is_told_of_a_change_and_the_page_stays_as_it_is(review: Review) -> None:
    address = review.alert()
    with review.page() as ola, review.page("Åse Eksempel") as aase:
        ola.goto(f"{address}godkjenn/")
        aase.goto(f"{address}avvis/")
        aase.locator("#hvorfor").fill("Dosen er feil.")
        aase.get_by_role("button", name="Send tilbake").click()
        expect(ola.get_by_text("Noe er endret mens du leste.")).to_be_visible()
        expect(ola.get_by_role("button", name="Godkjenn")).to_be_visible()
        ola.get_by_role("button", name="Godkjenn").click()
        expect(ola.get_by_text("Saken er et utkast nå.")).to_be_visible()


def test_without_script_the_hold_is_loaded_anew_until_it_is_out(review: Review) -> None:
    address = review.alert()
    with review.page(java_script_enabled=False) as page:
        page.goto(f"{address}godkjenn/")
        page.get_by_role("button", name="Godkjenn").click()
        first = page.locator("#klokke").inner_text()
        expect(page.locator("#klokke")).not_to_have_text(first)
        page.wait_for_url(f"**{address}kvittering/", timeout=(HOLD_SECONDS + 15) * 1000)
        assert review.status(address) == "published"
        page.goto(f"{address}trekk/")
        page.locator("#hvorfor").fill("Tilsynet tok feil.")
        page.get_by_role("button", name="Se hva de får lese").click()
        expect(page.get_by_text("Varselet gjelder ikke lenger")).to_be_visible()
        page.get_by_role("button", name="Trekk saken tilbake nå").click()
        page.wait_for_url(f"**{address}kvittering/")
        assert review.status(address) == "withdrawn"


def test_an_expert_says_what_is_wrong_and_the_approver_reads_it(review: Review) -> None:
    address = review.alert()
    with review.page() as page:
        page.goto(f"{address}fag/")
        page.get_by_role("button", name="Lag en lenke").click()
        link = page.locator("#lenke").input_value().split()[-1]
        expert = review.stranger()
        expert.goto(link)
        expert.locator("#merknad").fill("I avsnitt to skal det stå 5 mg.")
        expert.get_by_label("Jeg har lest hele saken").check()
        expert.get_by_label("Navnet ditt").fill("Lise Lege")
        expert.get_by_role("button", name="Send til redaksjonen").click()
        expect(expert.get_by_text("Takk!")).to_be_visible()
        expert.context.close()
        page.goto(f"{address}godkjenn/")
        expect(page.get_by_text("I avsnitt to skal det stå 5 mg.")).to_be_visible()
        expect(page.get_by_text("faglig lest").first).to_be_visible()


def test_the_keyboard_alone_stops_it(review: Review) -> None:
    address = review.alert()
    with review.page() as page:
        page.goto(f"{address}godkjenn/")
        page.get_by_role("button", name="Godkjenn").click()
        page.locator("#klokke").wait_for()
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent") == "Stopp":
                break
        page.keyboard.press("Enter")
        expect(page.get_by_text("Ingen har fått noe.")).to_be_visible()
