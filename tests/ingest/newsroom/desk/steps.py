"""A form as a browser without script has it, and sends it."""

import re
from html.parser import HTMLParser
from typing import Any

import httpx

from tests.ingest.newsroom.steps import NewsroomBrowser


class FormFields(HTMLParser):
    """The names and values that a browser sends of the first form with the id `skjema`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self._inside = False
        self._area = ""
        self._select = ""
        self._text: str | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = given.get("id") == "skjema"
        if not self._inside or ("name" not in given and tag != "option"):
            return
        if tag == "input" and given.get("type") in ("radio", "checkbox"):
            if "checked" in given:
                self.pairs.append((given["name"], given["value"]))
        elif tag == "input" and given.get("type") != "file":
            self.pairs.append((given["name"], given.get("value", "")))
        elif tag == "textarea":
            self._area, self._text = given["name"], ""
        elif tag == "select":
            self._select = given["name"]
            self.pairs.append((self._select, ""))
        elif tag == "option" and "selected" in given:
            self.pairs.append((self._select, given.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text is not None:
            self.pairs.append((self._area, self._text.removeprefix("\n")))
            self._text = None
        if tag == "form":
            self._inside = False

    def dict(self) -> dict[str, str]:
        return dict(self.pairs)


async def begin(browser: NewsroomBrowser, what: str = "varsel") -> str:
    """Begin a new article; gives its address. The form is the last page."""
    await browser.get("/redaksjon/ny/")
    answer = await browser.send("/redaksjon/ny/", hva=what)
    assert answer.status_code == 200, answer.text
    return str(answer.url.path).removesuffix("skriv/")


async def write(browser: NewsroomBrowser, sak: str, **more: Any) -> httpx.Response:
    """Open the form, type, and press a button (`knapp`)."""
    await browser.get(f"{sak}skriv/")
    return await again(browser, sak, **more)


async def again(browser: NewsroomBrowser, sak: str, **more: Any) -> httpx.Response:
    """Type in the form as it is on the last page, and press a button."""
    fields = FormFields(browser.page).dict()
    typed = {name.replace("__", "."): value for name, value in more.items()}
    return await browser.send(f"{sak}skriv/", **({"knapp": "lagre"} | fields | typed))


WHOLE_ALERT = {
    "title": "Eksempelinib kan skade leveren",
    "lead": "Myndighetene advarer mot leverskade ved bruk av eksempelinib.",
    "topics": "legemiddelsikkerhet",
    "sources__0__publisher": "Eksempeltilsynet",
    "sources__0__url": "https://tilsyn.example.org/varsel",
    "sources__0__published_on": "2026-09-01",
    "alert__severity": "severe",
    "alert__medicines__0__substance": "eksempelinib",
    "alert__medicines__0__brands": "Exempla",
    "alert__what_happened": "Eksempelinib (Exempla) kan gi alvorlig leverskade.",
    "alert__who_is_affected": "Alle som bruker Exempla.",
    "alert__what_to_do__0": "Bestill time hos legen.",
    "alert__stop_advice__code": "do_not_stop",
    "alert__stop_advice__text": "Ikke slutt uten å snakke med legen.",
    "alert__seek_help_if__0": "Ring 113 hvis du blir gul i huden.",
    "alert__report__patient": "https://meld.example.org/pasient",
    "alert__report__health_personnel": "https://meld.example.org/helse",
    "body": "Tilsynet har fått flere meldinger.\r\n\r\n– Vi følger med, sier legen.",
}


def missing(page: str) -> list[str]:
    """What the checklist says is missing."""
    _, _, found = page.partition('class="checklist"')
    return re.findall(r'<a href="[^"#]*#([^"]+)"', found.partition("</ul>")[0])
