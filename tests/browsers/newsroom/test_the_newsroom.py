"""An alert's whole way in the newsroom, in a browser: two people are invited, one writes, an expert
reads, the other rejects and approves, it is stopped, goes out, is corrected and withdrawn; and the
mail server has what members were to read. `make proof-pages` walks it in each of four ways; a run
in two, which have both widths between them, and go with a script and without."""

import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from shared.alert_words import BOKMAL
from tests.browsers.editor import pasted
from tests.browsers.newsroom.steps.passkeys import somebody
from tests.browsers.newsroom.steps.relayed import MEMBERS, System
from tests.browsers.newsroom.steps.staff import go
from tests.browsers.world import SITE_NAME
from tests.examples import SHARE
from tests.ingest.newsroom.desk.steps import WHOLE_ALERT
from tests.system.running import REPO

pytestmark = pytest.mark.browsers

REMARK = "Skriv at prøven tas hver fjerde uke."
REASON = "Lise Lege har rett: skriv hvor ofte prøven tas."
MENDED = "Ta en blodprøve hver fjerde uke."
WRONG = "Vi skrev at alle er utsatt. Det gjelder de som har brukt Exempla i over et år."
WITHDRAWN = "Tilsynet tok feil, og trakk advarselen sin."
PICTURE = REPO / "varsel/demo_data/brev.jpg"
PICTURES = os.environ.get("VARSEL_PICTURES", "")
"""A folder for the pictures in `docs/editor.md`; empty for none."""
COLOURS = 64
"""Of those pictures: text stays sharp, and they are light."""


class Case(NamedTuple):
    """Who walks, and how. No name or title is in another."""

    writer: str
    approver: str
    title: str
    width: int
    script: bool


CASES = {
    "desktop": Case("Kari Eksempel", "Ola Eksempel", "Exempla kan skade leveren", 1280, True),
    "phone": Case("Anne Eksempel", "Per Eksempel", "Ta blodprøve oftere med Exempla", 390, True),
    "phone without script": Case(
        "Ida Eksempel", "Jon Eksempel", "Nytt råd til deg som bruker Exempla", 390, False
    ),
    "desktop without script": Case(
        "Eva Eksempel", "Leo Eksempel", "Exempla krever flere blodprøver nå", 1280, False
    ),
}

WALKED = list(CASES) if SHARE >= 1 or PICTURES else ["desktop", "phone without script"]


class Walk:
    """A writer and an approver, and the alert that is theirs."""

    def __init__(self, system: System, browser: Browser, stack: ExitStack, case: Case) -> None:
        self.system = system
        self.case = case
        self.script, self.title = case.script, case.title
        self._browser = browser
        self._stack = stack
        self._options: dict[str, Any] = {"viewport": {"width": case.width, "height": 900}}
        with ThreadPoolExecutor() as commands:
            links = commands.map(self._invite, (case.writer, case.approver), ("editor", "approver"))
        self.writer, self.approver = map(self._come_in, (case.writer, case.approver), links)

    def _invite(self, name: str, role: str) -> str:
        """The link that an admin has for them."""
        return str(self.system.up.json("people", "invite", name, "--role", role)["link"])

    def _come_in(self, name: str, link: str) -> Page:
        """Whoever is invited makes a passkey, which takes a script also if nothing else does."""
        up = self.system.up
        page = self._stack.enter_context(somebody(self._browser, up, **self._options))
        page.goto(link)
        heading(page, f"Velkommen, {name}")
        press(page, "Lag passnøkkel og logg inn")
        expect(page.get_by_role("status")).to_contain_text("Passnøkkelen er laget")
        if not self.script:
            page = self._tab(storage_state=page.context.storage_state())
        page.goto("/redaksjon/")
        heading(page, "Saker")
        return page

    def stranger(self) -> Page:
        return self._tab()

    def _tab(self, **more: Any) -> Page:
        options = self._options | {"java_script_enabled": self.script} | more
        up = self.system.up
        context = self._browser.new_context(base_url=up.url, locale="nb-NO", **options)
        self._stack.callback(context.close)
        return context.new_page()

    def opens(self, page: Page) -> None:
        """From the list to the alert."""
        go(page, "/redaksjon/")
        page.get_by_role("main").get_by_role("link", name=self.title, exact=True).click()
        heading(page, self.title)

    def begins(self) -> None:
        page = self.writer
        page.get_by_role("main").get_by_role("link", name="Ny sak").click()
        page.get_by_label(re.compile("^Et varsel")).check()
        press(page, "Begynn å skrive")
        page.locator("#title").wait_for()

    def writes(self, **texts: str) -> None:
        """Type in the form; `__` stands for the dot of a field's name."""
        page = self.writer
        for name, text in texts.items():
            page.locator(f"[id='{name.replace('__', '.')}']").fill(text)

    def submits(self) -> None:
        page = self.writer
        press(page, "Send inn …")
        expect(page.get_by_role("heading", level=2).first).to_have_text("Dette skjer")
        press(page, "Send til godkjenning")
        heading(page, self.title)
        expect(page.get_by_role("heading", level=2).first).to_have_text("Til godkjenning")

    def approves(self) -> None:
        """The button comes by itself as soon as page and mail are made."""
        page = self.approver
        self.opens(page)
        page.get_by_role("link", name="Se på den, og godkjenn eller avvis").click()
        button = page.get_by_role("button", name=re.compile(f"^Godkjenn.* {MEMBERS}"))
        expect(button).to_be_visible()
        self.shows(page, "approve", 1280)
        button.click()
        expect(page.locator("#klokke")).to_be_visible()
        self.shows(page, "hold", 390)

    def sees_it_go_out(self, kind: str) -> None:
        """The countdown becomes the receipt, and that counts to the last member, by themselves."""
        page, some = self.approver, 5
        self.system.relay.hold()
        page.wait_for_url("**/kvittering/")
        numbers, stand = page.locator("#numbers"), page.locator("#stand")
        expect(numbers).to_contain_text("Siden er ute")
        expect(numbers).to_contain_text(f"0 av {MEMBERS} er sendt")
        expect(stand).to_contain_text(f"{kind}: Sendes nå")
        if kind == "Varselet":
            self.system.relay.let_through_about(some, self.title)
            so_far = f"{some} av {MEMBERS} er sendt"
            expect(numbers).to_contain_text(so_far)
            self.shows(page, "receipt", 390)
        self.system.relay.go_on()
        expect(numbers).to_contain_text(f"{MEMBERS} av {MEMBERS} er sendt")
        expect(stand).to_contain_text(f"{kind}: Ferdig")
        expect(stand).to_contain_text("Alle har fått den.")

    def shows(self, page: Page, name: str, width: int) -> None:
        """Take a picture of what fits on the screen, for the docs, from the walk of this width."""
        if PICTURES and self.script and self.case.width == width:
            picture = Image.open(BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
            picture.save(Path(PICTURES) / f"newsroom-{name}.png", optimize=True)

    def mails(self) -> list[tuple[str, str, str]]:
        """Recipient, subject and text of what the relay has taken of this alert."""
        found = []
        for taken in self.system.relay.mails_about(self.title):
            body = taken.message.get_body(("plain",))
            assert body is not None
            found.append((taken.recipient, str(taken.head["Subject"]), body.get_content()))
        return found


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.parametrize("name", WALKED)
def test_an_alert_is_written_checked_sent_corrected_and_withdrawn(
    system: System, browser: Browser, name: str
) -> None:
    with ExitStack() as stack:
        walk = Walk(system, browser, stack, CASES[name])
        _the_writer_writes_it_with_a_picture_and_text_from_word(walk)
        _an_expert_reads_it_without_an_account(walk)
        _the_second_person_rejects_it_and_says_why(walk)
        _the_writer_reads_why_and_mends_it(walk)
        _it_is_approved_and_stopped_in_the_hold(walk)
        _it_is_submitted_again_approved_and_goes_to_the_last_member(walk)
        _it_is_corrected(walk)
        _it_is_withdrawn(walk)
        _members_read_the_right_words_first(walk)
        _the_audit_trail_says_so_and_is_whole(walk)


def _the_writer_writes_it_with_a_picture_and_text_from_word(walk: Walk) -> None:
    walk.begins()
    page = walk.writer
    others = ("alert__severity", "alert__stop_advice__code", "body")  # chosen, or pasted
    texts = {name: text for name, text in WHOLE_ALERT.items() if name not in others}
    walk.writes(**texts | {"title": walk.title})
    if walk.script:
        heading(page, f"Skriv: {walk.title}")
    page.locator("[id='alert.severity-severe']").check()
    page.get_by_label("Nei, ikke slutt på egen hånd").check()
    if walk.script:
        page.locator(".editor-text").click()
        pasted.paste(page, ".editor-text", pasted.WORD)
        expect(page.locator("#body")).to_have_value(pasted.FROM_WORD)
        press(page, "Bilde")
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Velg et bilde").set_input_files(PICTURE)
        dialog.get_by_label("Hva viser det?").fill("Et brev")
        press(page, "Sett inn")
        expect(page.locator(".editor-picture img")).to_have_attribute("alt", "Et brev")
        expect(page.locator("[data-status]")).to_contain_text("Lagret kl.")
    else:
        walk.writes(body=pasted.FROM_WORD)
        page.locator("#fil").set_input_files(PICTURE)
        page.locator("#alt").fill("Et brev")
        press(page, "Sett bildet inn i teksten")
    expect(page.locator("#body")).to_have_value(re.compile(r"!\[Et brev\]\(brev-"))
    page.keyboard.press("Control+Home")
    walk.shows(page, "write", 1280)
    walk.submits()


def _an_expert_reads_it_without_an_account(walk: Walk) -> None:
    page = walk.writer
    page.get_by_role("link", name="Spør en fagperson").click()
    press(page, "Lag en lenke")
    link = page.locator("#lenke").input_value().split()[-1]
    expert = walk.stranger()
    expert.goto(link)
    heading(expert, walk.title)
    expert.get_by_label("Merknad").fill(REMARK)
    expert.get_by_label("Jeg har lest hele saken").check()
    expert.get_by_label("Navnet ditt").fill("Lise Lege")
    press(expert, "Send til redaksjonen")
    expect(expert.get_by_text("Takk!")).to_be_visible()


def _the_second_person_rejects_it_and_says_why(walk: Walk) -> None:
    page = walk.approver
    go(page, "/redaksjon/")
    expect(page.get_by_role("region", name="Venter på deg")).to_contain_text(walk.title)
    walk.opens(page)
    page.get_by_role("link", name="Se på den, og godkjenn eller avvis").click()
    said = page.locator(".remark")
    expect(said).to_contain_text(REMARK)
    expect(said).to_contain_text("faglig lest")
    expect(said).to_contain_text("Lise Lege")
    page.get_by_role("link", name="Send tilbake, og si hvorfor").click()
    page.get_by_label("Hva må gjøres?").fill(REASON)
    press(page, "Send tilbake")
    expect(page.locator(".reason")).to_contain_text(REASON)


def _the_writer_reads_why_and_mends_it(walk: Walk) -> None:
    page = walk.writer
    walk.opens(page)
    expect(page.locator(".reason")).to_have_text(f"{walk.case.approver}: «{REASON}»")
    page.get_by_role("link", name="Rett den").click()
    expect(page.get_by_text(REASON)).to_be_visible()
    walk.writes(alert__what_to_do__0=MENDED)
    walk.submits()


def _it_is_approved_and_stopped_in_the_hold(walk: Walk) -> None:
    walk.approves()
    page = walk.writer
    walk.opens(page)
    page.get_by_role("link", name="Se nedtellingen, eller stopp").click()
    press(page, "Stopp")
    expect(page.get_by_text("Ingen har fått noe.")).to_be_visible()
    stopped = walk.approver.get_by_text(f"{walk.case.writer} stoppet saken")
    expect(stopped).to_be_visible()
    assert walk.mails() == []


def _it_is_submitted_again_approved_and_goes_to_the_last_member(walk: Walk) -> None:
    walk.writer.get_by_role("link", name="Rett teksten").click()
    walk.submits()
    walk.approves()
    walk.sees_it_go_out("Varselet")


def _a_reader_sees_it(walk: Walk, link: Locator) -> None:
    page = walk.stranger()
    page.goto(link.inner_text())
    heading(page, walk.title)
    picture = page.get_by_role("img", name="Et brev")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    expect(picture).not_to_have_js_property("naturalWidth", 0)
    expect(page.get_by_role("rowheader", name="5 mg")).to_be_visible()


def _it_is_corrected(walk: Walk) -> None:
    page = walk.writer
    walk.opens(page)
    expect(page.locator("dl.facts dd").first).to_contain_text("Publisert ")
    _a_reader_sees_it(walk, page.locator("dl.facts a"))
    page.get_by_role("link", name="Rett noe som er feil").click()
    page.get_by_label("Noe var feil").check()
    page.get_by_label("Hva er rettet?").fill(WRONG)
    press(page, "Videre")
    first = page.get_by_role("main")
    expect(first).to_contain_text(f"{BOKMAL.change.corrected_subject}{BOKMAL.alert}: {walk.title}")
    expect(first).to_contain_text(WRONG)
    press(page, "Til teksten")
    walk.writes(alert__who_is_affected="De som har brukt Exempla i over et år.")
    walk.submits()
    walk.approves()
    walk.sees_it_go_out("Rettelsen")


def _it_is_withdrawn(walk: Walk) -> None:
    page = walk.approver
    walk.opens(page)
    page.get_by_role("link", name="Trekk den tilbake").click()
    page.get_by_label("Hvorfor trekkes det?").fill(WITHDRAWN)
    press(page, "Se hva de får lese")
    first = page.get_by_role("main")
    expect(first).to_contain_text(f"{BOKMAL.change.withdrawn_subject}{walk.title}")
    expect(first).to_contain_text(WITHDRAWN)
    press(page, "Trekk saken tilbake nå")
    page.wait_for_url("**/kvittering/")
    stand = page.locator("#stand")
    expect(stand).to_contain_text("Tilbaketrekkingen: Ferdig")


def _members_read_the_right_words_first(walk: Walk) -> None:
    everybody = [f"m{number}@example.org" for number in range(MEMBERS)]
    alert, change = f"{BOKMAL.alert}: {walk.title}", BOKMAL.change
    wanted = {
        alert: (f"{BOKMAL.alert} {walk.title}", BOKMAL.stop_advice["do_not_stop"]),
        f"{change.corrected_subject}{alert}": (
            f"{change.corrected_alert} {walk.title}",
            f"{change.corrected} {WRONG}",
        ),
        f"{change.withdrawn_subject}{alert}": (
            f"{change.withdrawn_alert} {change.withdrawn_subject}{walk.title}",
            f"{change.withdrawn} {WITHDRAWN}",
        ),
    }
    mails = walk.mails()
    assert sorted((email, subject) for email, subject, _ in mails) == sorted(
        (email, subject) for email in everybody for subject in wanted
    )
    for _, subject, text in mails:
        # Headings are in capitals, and lines are broken.
        said = " ".join(text.split()).lower()
        first, then = (words.lower() for words in wanted[subject])
        assert said.startswith(f"{SITE_NAME.lower()} {first} ")
        # Between them is a line with the day, and of an alert how severe it is.
        assert then in said[: len(SITE_NAME + first + then) + 90]


def _the_audit_trail_says_so_and_is_whole(walk: Walk) -> None:
    page = walk.approver
    go(page, "/redaksjon/spor/?sjekk")
    expect(page.get_by_role("heading", name="Sporet er helt")).to_be_visible()
    trail = page.locator(".trail")
    for said in (REASON, WRONG, WITHDRAWN):
        expect(trail).to_contain_text(said)
    assert walk.system.up.json("audit", "verify")["entries"] > 0
