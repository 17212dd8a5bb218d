"""Each step is told as done by whoever did it; what Varsel did by itself, under its own name."""

from typing import Any

from tests.ingest.newsroom.review.cases import form_of, person, state, waiting, writer
from tests.ingest.newsroom.steps import browser_of
from tests.ingest.steps import hear, submissions


async def test_an_alert_that_varsel_itself_stopped_says_so_on_each_page(make_ingest: Any) -> None:
    ingest = await make_ingest(alert_approvals=1, alert_hold=60)
    await ingest.bus.start()
    article = await waiting(ingest, await writer(ingest))
    sak = f"/redaksjon/sak/{article}/"
    async with browser_of(ingest, await person(ingest, "Ola Eksempel")) as ola:
        await ola.get(f"{sak}godkjenn/")
        await ola.send(f"{sak}godkjenn/", **form_of(ola, f"{sak}godkjenn/"))
        (submitted,) = await submissions(ingest)
        await hear(ingest, submitted, 3, refused="too_large", size=12_345_678)
        assert await state(ingest, article) == "draft"
        for page, said in {
            "": "Varsel har stoppet den.",
            "skriv/": "Varsel stoppet den",
            "historikk/": "Varsel stoppet den",
            "stopp/": "Varsel stoppet saken",
            "godkjenn/": "Varsel sendte saken tilbake",
        }.items():
            await ola.get(f"{sak}{page}")
            assert said in ola.page, page
        await ola.get("/redaksjon/")
        assert "Varsel stoppet" in ola.page


async def test_whoever_approved_first_is_not_said_to_have_submitted_it(make_ingest: Any) -> None:
    ingest = await make_ingest(alert_approvals=2)
    article = await waiting(ingest, await writer(ingest))
    sak = f"/redaksjon/sak/{article}/"
    async with browser_of(ingest, await person(ingest, "Ola Eksempel")) as ola:
        await ola.get(sak)
        assert "Kari Eksempel har sendt den inn." in ola.page
        await ola.get(f"{sak}godkjenn/")
        await ola.send(f"{sak}godkjenn/", **form_of(ola, f"{sak}godkjenn/"))
    async with browser_of(ingest, await person(ingest, "Anne Eksempel")) as anne:
        await anne.get(sak)
        assert "har sendt den inn" not in anne.page
        assert "Den trenger flere godkjenninger." in anne.page
