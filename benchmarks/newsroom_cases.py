"""What becomes of an article in the newsroom; see newsroom.py."""

import re
from dataclasses import replace

from benchmarks.newsroom_desk import Desk
from benchmarks.newsroom_people import NEWSROOM, form_of
from tests.ingest.steps import picture
from tests.ingest.word.documents import docx, paragraph, text

_OF_AN_ARTICLE = (
    *("", "historikk/", "merke", "skriv/", "send-inn/", "godkjenn/", "godkjenn/merke"),
    *("godkjenn/epost", "avvis/", "fag/", "vis/", "vis/side", "vis/utskrift", "vis/epost"),
    *("vis/tilstand", "kvittering/"),
)


async def to_approval(at: Desk, title: str) -> None:
    """From a draft to the hold, and back."""
    article = await at.draft(at.size, title)
    case = f"{NEWSROOM}sak/{article}/"
    await _write(at, case, title)
    await _submit(at, case, article)
    for path in _OF_AN_ARTICLE:
        await at.page("Anne", case + path)
    await _expert(at, case)
    form = form_of(await at.page("Anne", f"{case}avvis/"), "avvis/").filled(hvorfor="Feil dose.")
    await at.send("Anne", form)
    await _submit(at, case, article)
    await at.send("Anne", form_of(await at.page("Anne", f"{case}godkjenn/"), "godkjenn/"))
    page = await at.page("Anne", f"{case}stopp/")
    await at.page("Anne", f"{case}stopp/naa")
    await at.send("Anne", form_of(page, "stopp/"))


async def _write(at: Desk, case: str, title: str) -> None:
    form = form_of(await at.page("Kari", f"{case}skriv/"), "skriv/")
    typed = form.filled(lead=f"En ny ingress: {title}.")
    autosave = replace(typed, action=f"{case}lagre")
    await at.send("Kari", autosave, **{"If-Match": form.value("utgave")})
    form = form_of(await at.page("Kari", f"{case}skriv/"), "skriv/")
    form = form.filled(lead=f"Enda en ingress: {title}.").pressed("knapp", "lagre")
    others = form_of(await at.page("Anne", f"{case}skriv/"), "skriv/")
    await at.send("Kari", form)
    others = others.filled(lead="En annen ingress.").pressed("knapp", "lagre")
    both = await at.page("Anne", (await at.send("Anne", others)).path)
    choices = {name: "theirs" for name in form_of(both, "velg/").names if name.startswith("valg:")}
    await at.send("Anne", form_of(both, "velg/").filled_in(choices))
    if at.size == "usual":
        token = {"skjema": form.value("skjema")}
        # Of 12 megapixels and 4.5 MB, as a telephone's; another each time.
        photo, words = picture(size=(4000, 3000)), docx(paragraph(text("Nytt råd")))
        photo += bytes(4_500_000 - len(photo)) + title.encode()
        told = await at.upload("Kari", f"{case}bilder", token, {"fil": ("a.jpg", photo)})
        await at.page("Kari", told["ask"])
        await at.upload("Kari", f"{NEWSROOM}lim-inn/docx", token, {"fil": ("a.docx", words)})
        await _begun(at)
    page = await at.page("Kari", f"{case}vis/")
    await at.send("Kari", form_of(page, "vis/"))


async def _begun(at: Desk) -> None:
    """Something is begun and thrown away."""
    page = await at.page("Kari", f"{NEWSROOM}ny/")
    begun = await at.send("Kari", form_of(page, "ny/").filled(hva="varsel"))
    path = begun.path.replace("skriv/", "kast/")
    await at.send("Kari", form_of(await at.page("Kari", path), "kast/"))


async def _submit(at: Desk, case: str, article: str) -> None:
    await at.send("Kari", form_of(await at.page("Kari", f"{case}send-inn/"), "send-inn/"))
    await at.previewed(article)


async def _expert(at: Desk, case: str) -> None:
    page = await at.send("Kari", form_of(await at.page("Kari", f"{case}fag/"), "fag/"))
    link = re.search(r"(/redaksjon/fag/[\w-]+/)", page.html)
    assert link
    browser = at.browser("Lise")
    form = form_of(await at.page("Lise", link[1]), link[1])
    await at.send("Lise", form.filled(merknad="Dosen er feil.", navn="Lise Lege"))
    await browser.aclose()
    await at.send("Kari", form_of(await at.page("Kari", f"{case}fag/"), "fag/avslutt"))


async def once_out(at: Desk, title: str) -> None:
    """An alert is corrected and withdrawn, and something asked of its delivery."""
    article = await at.published(at.size, title)
    case = f"{NEWSROOM}sak/{article}/"
    await at.page("Anne", f"{case}kvittering/avbryt/")
    page = await at.page("Anne", f"{case}kvittering/")
    await at.send("Anne", form_of(page, "kvittering/pause"))
    form = form_of(await at.page("Kari", f"{case}rett/"), "rett/")
    form = form.filled(slag="correction", hva="Dosen er rettet.").pressed("steg", "se")
    page = await at.send("Kari", form)
    await at.send("Kari", form_of(page, "rett/").pressed("steg", "skriv"))
    form = form_of(await at.page("Anne", f"{case}trekk/"), "trekk/").filled(hvorfor="Feil.")
    page = await at.send("Anne", form.pressed("steg", "se"))
    await at.send("Anne", form_of(page, "trekk/").pressed("steg", "trekk"))
