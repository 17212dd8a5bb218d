"""The receipt as an editor has it open: an alert waits for a relay that is away, is held, goes on,
and is ended, and the page says so by itself."""

import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from services.ingest.newsroom.visit import key_of
from shared.visitors.sessions import STAFF_SESSIONS, Sessions
from tests.browsers.newsroom.steps.staff import browser_of, run, session, store
from tests.browsers.world import World, wait_for
from tests.make import alert
from tests.server import free_port
from tests.system.running import Up

pytestmark = pytest.mark.browsers
MEMBERS = 12


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """A system whose relay is away."""
    relay = f"smtp://127.0.0.1:{free_port()}?starttls=none"
    mail = {"VARSEL_SMTP_URL": relay, "VARSEL_MAIL_FROM": "varsel@example.org"}
    with Up(VARSEL_ALERT_APPROVALS="0", VARSEL_ALERT_HOLD="0", **mail) as up:
        away = World(up.start())
        away.import_members(*((f"m{n}@example.org", "Kari") for n in range(MEMBERS)))
        yield away


@pytest.fixture(scope="module")
def cookie(world: World) -> str:
    return session(world.up, "Kari Eksempel")


def waiting_alert(world: World, title: str) -> str:
    """An alert that waits for the relay; its id."""
    article = str(world.post(alert(title=title))["id"])
    wait_for(lambda: world.receipt(article)["state"] == "paused")
    return article


def test_it_is_held_goes_on_and_is_ended_and_the_page_says_so_by_itself(
    world: World, browser: Browser, cookie: str
) -> None:
    article = waiting_alert(world, "Eksempelinib kan skade leveren")
    with browser_of(browser, world.up, cookie, color_scheme="dark") as context:
        _is_followed(world, context.new_page(), article)


def _is_followed(world: World, page: Page, article: str) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(f"{said.location['url']} {said.text}"))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"/redaksjon/sak/{article}/kvittering/")
    loads: list[str] = []
    page.on("framenavigated", lambda frame: loads.append(frame.url))
    stand = page.locator("#stand")
    expect(stand).to_contain_text("Venter på e-posttjeneren")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("button", name="Sett på pause").click()
    expect(stand).to_contain_text("Satt på pause")
    after_press = len(loads)
    world.up.json("deliver", article, "--resume")
    expect(stand).not_to_contain_text("Satt på pause")
    assert len(loads) == after_press, "without being loaded again"
    page.get_by_role("button", name="Sett på pause").click()
    expect(stand).to_contain_text("Satt på pause")
    page.get_by_role("button", name="La den gå videre").click()
    expect(stand).not_to_contain_text("Satt på pause")

    page.get_by_role("link", name="Avbryt …").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Avbryte utsendingen?")
    page.get_by_role("button", name="Avbryt for godt").click()
    expect(stand).to_contain_text("Avbrutt")
    expect(page.locator("#numbers")).to_contain_text(f"0 av {MEMBERS} er sendt")
    assert page.locator("#choices button").count() == 0
    assert [said for said in complaints if "/favicon.ico " not in said] == []


def test_what_has_ended_is_looked_at_again_so_that_a_new_start_is_seen(
    world: World, browser: Browser, cookie: str
) -> None:
    article = waiting_alert(world, "Eksempelinib og en ny start")
    with browser_of(browser, world.up, cookie) as context:
        page = context.new_page()
        page.clock.install()
        page.goto(f"/redaksjon/sak/{article}/kvittering/")
        with page.expect_event("requestfinished", lambda one: one.url.endswith("/strom")):
            world.up.json("deliver", article, "--cancel")
        expect(page.locator("#stand")).to_contain_text("Avbrutt")
        with page.expect_request("**/strom"):
            page.clock.run_for(11_000)


def test_without_a_script_it_loads_again_by_itself(
    world: World, browser: Browser, cookie: str
) -> None:
    article = waiting_alert(world, "Eksempelinib uten skript")
    with browser_of(browser, world.up, cookie, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"/redaksjon/sak/{article}/kvittering/")
        page.get_by_role("button", name="Sett på pause").click()
        expect(page.locator("#stand")).to_contain_text("Satt på pause")
        page.get_by_role("link", name="Avbryt …").click()
        page.get_by_role("button", name="Avbryt for godt").click()
        expect(page.locator("#stand")).to_contain_text("Avbrutt")


@pytest.mark.parametrize("when", ["while it is followed", "before it is followed"])
def test_whoever_logs_out_elsewhere_sees_no_more(world: World, browser: Browser, when: str) -> None:
    mine = session(world.up, "Kari Eksempel")
    article = waiting_alert(world, f"Eksempelinib og utlogging {when}")

    async def end() -> None:
        async with store(world.up) as redis:
            await Sessions(redis, STAFF_SESSIONS, await key_of(redis)).end(mine)

    def end_first(route: Route) -> None:
        run(end())
        route.continue_()

    with browser_of(browser, world.up, mine) as context:
        page = context.new_page()
        if when == "before it is followed":
            page.route("**/strom", end_first)
        page.goto(f"/redaksjon/sak/{article}/kvittering/")
        if when == "while it is followed":
            expect(page.locator("#stand")).to_contain_text("Venter på e-posttjeneren")
            run(end())
        page.wait_for_url("**/redaksjon/inn/**")


def test_a_receipt_that_is_open_holds_up_no_stop(
    world: World, browser: Browser, cookie: str
) -> None:
    """Open requests are waited for, and what is open still is cut off, and told. The last test
    here: it ends the system."""
    article = waiting_alert(world, "Eksempelinib og stans")
    with browser_of(browser, world.up, cookie) as context:
        page = context.new_page()
        with page.expect_response("**/kvittering/strom"):
            page.goto(f"/redaksjon/sak/{article}/kvittering/")
        assert world.up.end(signal.SIGTERM) == 0
        assert "uvicorn.error" not in world.up.log()
        expect(page.locator("#lost")).to_be_visible()
