"""How long the newsroom's server takes for each of its pages and actions, over HTTP on a socket: of
a usual article, of one at nearly the greatest length, and of the real one where it is there, in a
newsroom with 200 articles and 10,000 entries of the trail.

Milliseconds from the request's bytes to the answer's: of the first request of each kind after a
start, and the median of the ones after it; and the median of this process's processor time, which
is what they take of others on a machine that is busy. The client's own part is in both.
"""

import socket
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import replace
from os import environ
from statistics import median

from benchmarks.newsroom_desk import SIZES, Desk, Took, desk
from benchmarks.world import world
from services.ingest.people.store import People
from tests.ingest.steps import picture
from tests.ingest.word.documents import docx, paragraph, text
from tests.proof.browser import OpenPage, PageForm

RUNS = int(environ.get("VARSEL_BENCH_RUNS", "9"))
MOST_MS = 100.0
_PAGES = {
    "log-in": "inn/",
    "list": "",
    "search": "?q=langt",
    "new": "ny/",
    "me": "meg/",
    "subjects": "emner/",
    "people": "folk/",
    "keys": "nokler/",
    "site": "nettstedet/",
    "state": "tilstand/",
    "trail": "spor/",
    "trail, checked": "spor/?sjekk",
}
_OF_AN_ARTICLE = {
    "article": "",
    "history": "historikk/",
    "write": "skriv/",
    "submit": "send-inn/",
    "approve": "godkjenn/",
    "reject": "avvis/",
    "experts": "fag/",
    "receipt": "kvittering/",
}
Figures = defaultdict[str, list[Took]]


async def measure() -> AsyncIterator[tuple[str, str, str]]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        site = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with world(site_url=site) as around:
            rules = {"alert_approvals": 1, "alert_hold": 600.0}
            around.settings = around.settings.model_copy(update=rules)
            async with desk(around, listening) as newsroom:
                figures = await _figures(newsroom)
        for name, took in figures.items():
            first, usual = took[0][0], median(wall for wall, _ in took[1:])
            ours = median(processor for _, processor in took[1:])
            shown = f"{first:.0f}, {usual:.0f} ms ({ours:.0f} ms)"
            yield f"newsroom, {name}", shown, f"≤ {MOST_MS:.0f} ms"


async def _figures(at: Desk) -> Figures:
    """Milliseconds of each request, by what it is."""
    found: Figures = defaultdict(list)
    for run in range(RUNS):
        for name, path in _PAGES.items():
            found[name].append((await at.ask("Anne", f"/redaksjon/{path}"))[0])
        await _people_and_keys(at, run, found)
        for size in SIZES:
            await _to_approval(at, f"En sak {run} {size}", size, found)
            await _once_out(at, f"En sak som er ute {run} {size}", size, found)
    return found


def _form(page: OpenPage, ending: str, holding: str = "") -> PageForm:
    """The form that is sent to this ending, with this among its values."""
    found = [one for one in page.forms if one.action.endswith(ending)]
    return next(one for one in found if not holding or holding in dict(one.fields).values())


async def _people_and_keys(at: Desk, run: int, found: Figures) -> None:
    name = f"Ola Eksempel {run}"
    page = await at.page("Anne", "/redaksjon/folk/")
    form = _form(page, "inviter/").filled(navn=name, rolle="editor")
    found["invite, POST"].append(await at.send("Anne", form))
    person = await People(at.redis).named(name)
    assert person
    page = await at.page("Anne", "/redaksjon/folk/")
    for what, ending, typed in (
        ("role, POST", "rolle/", {"rolle": "approver"}),
        ("revoke, POST", "ut/", {"sikker": "ja"}),
    ):
        form = _form(page, ending, person.id).filled(**typed)
        found[what].append(await at.send("Anne", form))
    page = await at.page("Anne", "/redaksjon/nokler/")
    kari = await People(at.redis).named("Kari Eksempel")
    assert kari
    found["key, POST"].append(await at.send("Anne", _form(page, "ny/").filled(person=kari.id)))


async def _to_approval(at: Desk, title: str, size: str, found: Figures) -> None:
    """From a draft to the hold, and back."""
    article = await at.draft(size, title)
    case = f"/redaksjon/sak/{article}/"

    def note(name: str, took: Took) -> None:
        found[f"{name} ({size})"].append(took)

    form = _form(await at.page("Kari", f"{case}skriv/"), "skriv/")
    typed = form.filled(lead=f"En ny ingress: {title}.")
    autosave = replace(typed, action=f"{case}lagre")
    note("autosave, POST", await at.send("Kari", autosave, **{"If-Match": form.value("utgave")}))
    form = _form(await at.page("Kari", f"{case}skriv/"), "skriv/")
    form = form.filled(lead=f"Enda en ingress: {title}.").pressed("knapp", "lagre")
    note("save, POST", await at.send("Kari", form))
    token = form.value("skjema")
    if size == "usual":
        photo, words = picture(size=(2400, 1600)), docx(paragraph(text("Nytt råd")))
        note("picture, POST", await at.upload("Kari", f"{case}bilder", token, "a.jpg", photo))
        path = "/redaksjon/lim-inn/docx"
        note("docx, POST", await at.upload("Kari", path, token, "a.docx", words))
    await _submit(at, case, article, note)
    for name, path in _OF_AN_ARTICLE.items():
        note(name, (await at.ask("Anne", case + path))[0])
    form = _form(await at.page("Anne", f"{case}avvis/"), "avvis/").filled(hvorfor="Feil dose.")
    note("reject, POST", await at.send("Anne", form))
    await _submit(at, case, article, note)
    form = _form(await at.page("Anne", f"{case}godkjenn/"), "godkjenn/")
    note("approve, POST", await at.send("Anne", form))
    took, page = await at.ask("Anne", f"{case}stopp/")
    note("stop", took)
    note("stop, POST", await at.send("Anne", _form(page, "stopp/")))


async def _submit(at: Desk, case: str, article: str, note: object) -> None:
    form = _form(await at.page("Kari", f"{case}send-inn/"), "send-inn/")
    took = await at.send("Kari", form)
    note("submit, POST", took)  # type: ignore[operator]
    await at.previewed(article)


async def _once_out(at: Desk, title: str, size: str, found: Figures) -> None:
    """An alert is corrected and withdrawn, and something asked of its delivery."""
    article = await at.published(size, title)
    case = f"/redaksjon/sak/{article}/"
    page = await at.page("Anne", f"{case}kvittering/")
    found["wish, POST"].append(await at.send("Anne", _form(page, "kvittering/pause")))
    words = _form(await at.page("Kari", f"{case}rett/"), "rett/")
    words = words.filled(slag="correction", hva="Dosen er rettet.").pressed("steg", "se")
    took, answer = await at.sent("Kari", words)
    found[f"correct, POST ({size})"].append(took)
    page = OpenPage.of(f"{case}rett/", answer.status_code, answer.text)
    found[f"correct, to the text, POST ({size})"].append(
        await at.send("Kari", _form(page, "rett/").pressed("steg", "skriv"))
    )
    words = _form(await at.page("Anne", f"{case}trekk/"), "trekk/")
    took, answer = await at.sent("Anne", words.filled(hvorfor="Feil.").pressed("steg", "se"))
    found[f"withdraw, question, POST ({size})"].append(took)
    page = OpenPage.of(f"{case}trekk/", answer.status_code, answer.text)
    form = _form(page, "trekk/").pressed("steg", "trekk")
    found[f"withdraw, POST ({size})"].append(await at.send("Anne", form))
