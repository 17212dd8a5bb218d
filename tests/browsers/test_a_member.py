"""A person joins, chooses, is warned, moves, leaves, comes back and is forgotten, in a browser; and
whatever is put back or read in afterwards, nobody mails them again."""

import shutil
import signal
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browsers.world import SITE_NAME, World, wait_for
from tests.make import alert, alert_fields
from tests.system.running import Up

pytestmark = pytest.mark.browsers

NORA, OTHER = "nora@example.org", "ny.adresse@example.org"
_LOG = "appendonlydir"


@pytest.fixture
def world() -> Iterator[World]:
    with Up(VARSEL_SITE_NAME=SITE_NAME) as up:
        world = World(up.start())
        world.import_members(("kari@example.org", "Kari Eksempel"))
        world.import_subjects("Tofacitinib", "Adalimumab")
        yield world


@pytest.fixture
def page(world: World, browser: Browser) -> Iterator[Page]:
    """No script: none is needed."""
    with browser.new_context(
        base_url=world.up.url, locale="nb-NO", java_script_enabled=False
    ) as context:
        yield context.new_page()


def _alert(title: str, substance: str) -> object:
    fields = alert_fields() | {"medicines": [{"substance": substance, "brands": [substance]}]}
    return alert(title=title, alert=fields)


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def _heading(page: Page, name: str) -> None:
    page.get_by_role("heading", level=1, name=name).wait_for()


def _subjects_to(world: World, email: str) -> list[str]:
    return [mail["subject"] for mail in world.mails() if email in mail["to"]]


def _log_in(world: World, page: Page, email: str) -> None:
    before = {mail["id"] for mail in world.mails()}
    page.goto("/min-side/")
    page.get_by_label("E-postadressen din").fill(email)
    _press(page, "Send meg en e-post")
    wait_for(lambda: {m["id"] for m in world.mails() if email in m["to"]} - before)
    page.get_by_label("Koden").fill(world.letter(email, "logge inn")[1])
    _press(page, "Fortsett")
    _heading(page, "Min side")


def test_a_persons_way_from_joining_to_being_forgotten(world: World, page: Page) -> None:
    _joins_by_code(world, page)
    _logs_in_and_picks_a_medicine(world, page)
    _gets_the_right_alert_and_not_the_other(world, page)
    _moves_and_undoes_it(world, page)
    _leaves_and_comes_back(world, page)
    before = _copy_of_redis(world)
    _is_forgotten(world, page)
    _is_mailed_by_nobody_though_all_is_put_back(world, before)


def _joins_by_code(world: World, page: Page) -> None:
    page.goto("/bli-medlem/")
    page.get_by_label("E-postadressen din").fill(NORA)
    page.get_by_role("textbox", name="Navn").fill("Nora Ny")
    page.get_by_label("Jeg samtykker").check()
    _press(page, "Send meg en e-post")
    _heading(page, "Se i e-posten din")
    page.get_by_label("Koden").fill(world.letter(NORA, "Bekreft adressen")[1])
    _press(page, "Fortsett")
    _heading(page, "Du er meldt på")
    page.get_by_role("link", name="Gå til Min side").click()
    _heading(page, "Min side")
    page.get_by_role("button", name="Logg ut", exact=True).click()


def _logs_in_and_picks_a_medicine(world: World, page: Page) -> None:
    _log_in(world, page, NORA)
    page.locator('a[href="/min-side/emner/"]').click()
    page.get_by_label("Bare om det jeg krysser av for").check()
    page.get_by_label("Tofacitinib").check()
    _press(page, "Lagre")
    _heading(page, "Min side")
    assert "Tofacitinib" in page.get_by_role("main").inner_text()


def _gets_the_right_alert_and_not_the_other(world: World, page: Page) -> None:
    world.publish(_alert("Om tofacitinib", "tofacitinib"))  # type: ignore[arg-type]
    world.publish(_alert("Om adalimumab", "adalimumab"))  # type: ignore[arg-type]
    got = " ".join(_subjects_to(world, NORA))
    assert "Om tofacitinib" in got
    assert "Om adalimumab" not in got
    page.goto("/min-side/")
    rows = {
        row.get_by_role("link").inner_text(): row.inner_text()
        for row in page.locator(".alerts > li").all()
    }
    assert "Overlevert til e-posttjenesten" in rows["Om tofacitinib"]
    assert "gjaldt ikke emnene du hadde valgt" in rows["Om adalimumab"]


def _moves_and_undoes_it(world: World, page: Page) -> None:
    page.get_by_role("link", name="Bytt adresse").click()
    page.get_by_label("Den nye adressen").fill(OTHER)
    _press(page, "Send en e-post dit")
    page.get_by_label("Koden").fill(world.letter(OTHER, "Bekreft den nye")[1])
    _press(page, "Fortsett")
    assert f"e-post til {OTHER}" in page.get_by_role("main").inner_text()
    page.goto(world.letter(NORA, "er endret")[0])
    _press(page, "Ja, angre byttet")
    _heading(page, "Byttet er angret")
    _log_in(world, page, NORA)


def _leaves_and_comes_back(world: World, page: Page) -> None:
    page.get_by_role("link", name="Meld deg av varslene").click()
    _press(page, "Ja, meld meg av")
    _heading(page, "Du er meldt av")
    _press(page, "Angre, meld meg på igjen")
    assert "Du er meldt på igjen" in page.get_by_role("main").inner_text()
    assert "Tofacitinib" in page.get_by_role("main").inner_text()
    page.goto(world.unsubscribe_path(NORA))  # of a mail from before
    _press(page, "Ja, meld meg av")
    _heading(page, "Du er meldt av")
    page.goto("/min-side/")
    _press(page, "Meld meg på igjen")
    assert f"e-post til {NORA}" in page.get_by_role("main").inner_text()


def _copy_of_redis(world: World) -> str:
    up = world.up
    assert up.end(signal.SIGTERM) == 0
    shutil.copytree(up.data / _LOG, up.data / "kopi")
    up.start()
    return "kopi"


def _is_forgotten(world: World, page: Page) -> None:
    page.goto("/min-side/")
    page.get_by_role("link", name="Slett alt om deg").click()
    _press(page, "Ja, slett alt")
    _heading(page, "Alt om deg er slettet")
    page.goto("/min-side/")
    _heading(page, "Logg inn på Min side")


def _is_mailed_by_nobody_though_all_is_put_back(world: World, copy: str) -> None:
    up = world.up
    assert up.end(signal.SIGTERM) == 0
    shutil.rmtree(up.data / _LOG)
    shutil.move(up.data / copy, up.data / _LOG)
    up.start()
    report = world.import_members((NORA, "Nora Ny"), (OTHER, "Nora Ny"))
    assert (report["taken"], report["refused"]) == (0, 2), report
    before = {mail["id"] for mail in world.mails()}
    world.publish(_alert("Etter alt", "tofacitinib"))  # type: ignore[arg-type]
    since = [mail["to"] for mail in world.mails() if mail["id"] not in before]
    assert "kari@example.org" in " ".join(since)
    assert NORA not in " ".join(since)
    assert OTHER not in " ".join(since)
