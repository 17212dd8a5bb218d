"""The page about privacy says what is true of this system, and can be published as it is."""

from pathlib import Path

import httpx
import pytest

from services.ingest.identity.privacy import privacy_page
from shared.identity import Identity
from tests.docs.privacy import how_long, patterns
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.steps import browser_of, somebody
from tests.make import settings

_DAY = 24 * 60 * 60
_DOCUMENT = Path(__file__).parents[3] / "docs/privacy.md"


def test_it_says_what_is_set_here() -> None:
    identity = Identity(name="Eksempelforeningen", email="post@example.org")
    page = privacy_page(identity, settings(left_kept_days=45, bounce_address="retur@example.org"))
    assert "minst 45 dager" in page["body"]
    assert "kommet i retur" in page["body"]
    assert "mailto:post@example.org" in page["body"]
    assert "Eksempelforeningen er ansvarlig" in page["body"]
    plain = privacy_page(Identity(), settings(site_name="En annen"))
    assert "En annen er ansvarlig" in plain["body"]
    assert "i retur" not in plain["body"]
    assert "{" not in plain["body"]


def test_its_times_are_those_of_the_document_for_whoever_is_responsible() -> None:
    document, page = _DOCUMENT.read_text(), privacy_page(Identity(), settings())["body"]
    for said in ("400 dager", "ti minutter"):
        assert said in document
        assert said in page


@pytest.mark.parametrize(
    ("key", "seconds", "said"),
    [
        ("notify:ledger:{delivery}", 400 * _DAY, "Hva som ble av hvert varsel til deg**, i 400 d"),
        ("notify:bounces:marks:{n}", 400 * _DAY, "har kommet i retur**, så vi ser hvem varslene"),
        ("notify:session:{hash}", _DAY // 2, "At du er logget inn**, i høyst tolv timer"),
        ("notify:ticket:{hash}", 7 * _DAY, "bedt om en lenke på e-post, i høyst sju dager"),
        ("notify:source:{hash}", 600, "IP-adressen husket i ti minutter"),
        ("notify:passkeys:{number}", None, "**Passnøkler**"),
    ],
)
def test_what_is_kept_of_a_member_and_how_long_is_as_the_document_has_it(
    key: str, seconds: int | None, said: str
) -> None:
    assert key in patterns()
    assert seconds is None or max(how_long(key)) == seconds
    page = privacy_page(Identity(), settings(bounce_address="retur@example.org"))["body"]
    assert said in page


async def test_it_is_begun_in_the_newsroom_and_accepted_as_it_is(ingest: Ingest) -> None:
    async with browser_of(ingest, await somebody(ingest, "Kari", "admin")) as browser:
        await browser.get("/redaksjon/ny/")
        answer = await browser.send("/redaksjon/ny/", hva="personvern")
        assert answer.status_code == 200
        assert "helseopplysninger" in browser.page
        assert 'name="kind" value="info"' in browser.page
    page = privacy_page(Identity(email="post@example.org"), ingest.settings)
    article = {
        **page,
        "kind": "info",
        "lang": "nb",
        "byline": "Skrevet av Kari",
        "published_on": "2026-11-28",
    }
    made: httpx.Response = await ingest.post(article)
    assert made.status_code in (200, 201, 202), made.text
    assert made.json()["url"].endswith("/om/personvern/")
