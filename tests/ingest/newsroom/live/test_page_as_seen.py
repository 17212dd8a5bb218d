"""The receipt says that readers see the page only if notify saw it as they do, and when it did."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.ingest.people.store import People
from services.ingest.receipts.store import Receipts, receipt_key
from shared.event_data import OutsideLook
from shared.events import PageLookedAt, PagePublished, PageWithdrawn
from shared.trace import new_traceparent
from tests import make
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.live.steps import an_alert, looked, stands
from tests.ingest.newsroom.steps import browser_of, somebody
from tests.ingest.statuses import publish, status
from tests.ingest.steps import all_read

SEEN = "Varsel så den slik leserne ser den"
NINE = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
"""Nine o'clock in Norway."""


@pytest.fixture
async def ingest(make_ingest: Any) -> Ingest:
    return await make_ingest(alert_approvals=0)


async def page_line(ingest: Ingest, article: str) -> str:
    """What the receipt says of the page."""
    known = await People(ingest.redis).named("Kari Eksempel")
    async with browser_of(ingest, known or await somebody(ingest, "Kari Eksempel")) as kari:
        page = (await kari.get(f"/redaksjon/sak/{article}/kvittering/")).text
    found = re.search(r"<dt>Siden</dt><dd[^>]*>(.*?)</dd>", page, re.S)
    assert found
    return found[1]


async def test_a_page_that_was_seen_is_said_to_be_out_with_the_time(ingest: Ingest) -> None:
    article = await an_alert(ingest)
    await stands(ingest, status(article, 3, 4))
    await looked(ingest, article, at=NINE)
    said = await page_line(ingest, article)
    assert (
        said
        == "Siden er ute. Varsel så den slik leserne ser den, 28.\xa0november 2026 kl.\xa009.00."
    )


async def test_a_look_that_was_given_up_is_told_and_nothing_is_said_to_be_seen(
    ingest: Ingest,
) -> None:
    article = await an_alert(ingest)
    await stands(ingest, status(article, 3, 4, page_passed="patience"))
    await looked(ingest, article, "page_unseen connect", at=NINE)
    said = await page_line(ingest, article)
    assert "Varsel fikk ikke sett siden slik leserne gjør, 28." in said
    assert "ingen forbindelse dit. Varsel ventet i to minutter, og lot så e-posten gå." in said


@pytest.mark.parametrize("state", ["sending", "complete"])
async def test_a_page_that_was_overruled_by_a_person_is_still_told_to_be_wrong(
    ingest: Ingest, state: str
) -> None:
    article = await an_alert(ingest)
    await stands(ingest, status(article, 3, 4, state=state, page_passed="person"))
    await looked(ingest, article, "page_wrong 404", at=NINE)
    said = await page_line(ingest, article)
    assert said.startswith("Leserne så ikke siden da Varsel så etter, 28.")
    assert said.endswith("den svarte 404. Noen valgte å sende e-posten likevel.")
    await looked(ingest, article)
    now = await page_line(ingest, article)
    assert SEEN in now
    assert "likevel" not in now


async def test_a_page_that_broke_after_the_delivery_began_is_told(ingest: Ingest) -> None:
    article = await an_alert(ingest)
    await stands(ingest, status(article, 3, 4))
    await looked(ingest, article, "page_wrong tls")
    said = await page_line(ingest, article)
    assert "Leserne så ikke siden da Varsel så etter" in said
    assert SEEN not in said
    assert "likevel" not in said


async def test_news_and_edits_are_said_to_be_written_until_somebody_looked(
    make_ingest: Any,
) -> None:
    """And a look at an older revision, or from before a withdrawal, says nothing of this one."""
    ingest = await make_ingest()
    await ingest.bus.start()
    article = (await ingest.post(make.news().model_dump(mode="json"))).json()["id"]
    assert await page_line(ingest, article) == "Siden er ikke ute ennå."

    async def told(kind: type, number: int) -> None:
        revision = make.revision(make.news(), id=article, revision=number)
        await publish(ingest.redis, "pages", kind.about(revision, traceparent=new_traceparent()))  # type: ignore[attr-defined]
        await all_read(ingest, "pages")

    async def seen(number: int) -> None:
        look = OutsideLook(article=article, revision=number, withdrawn=False, at=datetime.now(UTC))
        event = PageLookedAt(
            id=f"{article}.{number}.1.page.looked_at", source="/varsel/notify", subject=article,
            time=look.at, traceparent=new_traceparent(), data=look,
        )  # fmt: skip
        await publish(ingest.redis, "deliveries", event)
        await all_read(ingest, "deliveries")

    written = "Siden er skrevet. Ingen har ennå sett etter at leserne får den."
    await told(PagePublished, 1)
    assert await page_line(ingest, article) == written
    await seen(1)
    assert SEEN in await page_line(ingest, article)
    await told(PagePublished, 2)
    assert await page_line(ingest, article) == written
    await seen(2)
    assert SEEN in await page_line(ingest, article)
    await told(PageWithdrawn, 3)
    assert (await Receipts(ingest.redis).seen(article)).look is None


async def test_looks_that_come_late_do_not_replace_newer_ones(make_ingest: Any) -> None:
    ingest = await make_ingest()
    await ingest.bus.start()
    article = await an_alert(ingest)
    for hour in (2, 1):
        at = NINE + timedelta(hours=hour)
        look = OutsideLook(
            article=article, revision=1, withdrawn=False, found=f"page_wrong {hour}00", at=at
        )
        event = PageLookedAt(
            id=f"{article}.1.{hour}.page.looked_at", source="/varsel/notify", subject=article,
            time=at, traceparent=new_traceparent(), data=look,
        )  # fmt: skip
        await publish(ingest.redis, "deliveries", event)
    await all_read(ingest, "deliveries")
    found = (await Receipts(ingest.redis).seen(article)).look
    assert found and found.found == "page_wrong 200"


async def test_a_withdrawal_is_said_to_be_on_the_page_once_it_was_seen(ingest: Ingest) -> None:
    article = await an_alert(ingest)
    await stands(ingest, status(article, 3, 10, state="complete"))
    etag = (await ingest.http.get(f"/api/articles/{article}")).json()["etag"]
    done = await ingest.http.post(
        f"/api/articles/{article}/withdraw", json={"note": "Feil dose."}, headers={"If-Match": etag}
    )
    assert done.status_code == 200, done.text
    assert await page_line(ingest, article) == "Siden sier ikke ennå at saken er trukket tilbake."
    key = receipt_key(article)
    await ingest.redis.hset(key, mapping={"page": 0, "page_revision": 2})
    assert "Ingen har ennå sett etter at leserne får se det" in await page_line(ingest, article)
    await looked(ingest, article, revision=2, withdrawn=True, at=NINE)
    assert "Varsel så det slik leserne ser det, 28." in await page_line(ingest, article)


async def test_the_page_goes_on_by_itself_until_the_page_was_seen(ingest: Ingest) -> None:
    news = (await ingest.post(make.news().model_dump(mode="json"))).json()["id"]
    key = receipt_key(news)
    await ingest.redis.hset(key, mapping={"page": 1, "page_revision": 1})
    async with browser_of(ingest, await somebody(ingest, "Kari Eksempel")) as kari:
        at = f"/redaksjon/sak/{news}/kvittering/"
        assert 'http-equiv="refresh"' in (await kari.get(at)).text
        await looked(ingest, news)
        assert 'http-equiv="refresh"' not in (await kari.get(at)).text
