"""Whoever reads nynorsk finds these pages in it."""

from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.review.cases import person, waiting
from tests.ingest.newsroom.steps import browser_of


async def test_a_page_is_said_in_nynorsk(make_ingest) -> None:  # type: ignore[no-untyped-def]
    ingest: Ingest = await make_ingest(alert_approvals=1, alert_hold=60)
    article = await waiting(ingest)
    async with browser_of(ingest, await person(ingest, "Ola Eksempel")) as ola:
        ola.http.cookies.set("varsel-maal", "nn", domain="varsel.example.org")
        page = (await ola.get(f"/redaksjon/sak/{article}/godkjenn/")).text
    assert '<html lang="nn">' in page and "Kven får ho?" in page
    assert "Ingen har godkjent noko av denne saka før." in page
