"""What was rejected or stopped says by whom and why, for as long as anybody may want to know."""

from typing import Any

import pytest

from services.ingest.lifecycle.life import RETURNS_KEPT
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import Somebody, alert, in_review, somebody


@pytest.fixture
async def ingest(make_ingest: Any) -> Ingest:
    return await make_ingest(alert_approvals=1, alert_hold=0)


@pytest.fixture
async def kari(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Kari")


@pytest.fixture
async def ola(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Ola", "approver")


def why(one: dict[str, Any]) -> tuple[str, str, str | None]:
    returned = one["returned"]
    return returned["step"], returned["by"], returned["note"]


async def test_the_reason_of_a_rejection_stays_with_its_revision_when_the_next_is_saved(
    kari: Somebody, ola: Somebody
) -> None:
    article = await in_review(kari)
    answer = (await ola.take("reject", article, "Kilden mangler.")).json()
    expected = ("reject", "Ola", "Kilden mangler.")
    assert why(answer) == expected
    assert why(await kari.get(article)) == expected
    assert why(await kari.listed(article)) == expected
    seen = await kari.get(article)
    saved = await kari.put(article, alert(lead="Ny ingress.", draft=True), seen["etag"])
    assert saved.json()["returned"] is None
    newest, first = (await kari.get(article, "/revisions"))["revisions"]
    assert newest["returned"] is None
    assert why(first) == expected


async def test_the_reason_of_a_stop_is_shown_and_none_is_none(
    kari: Somebody, ola: Somebody
) -> None:
    article = await in_review(kari)
    await kari.take("stop", article, "Feil dose.")
    assert why(await kari.get(article)) == ("stop", "Kari", "Feil dose.")
    await kari.take("submit", article)
    await ola.take("stop", article)
    (first,) = (await kari.get(article, "/revisions"))["revisions"]
    assert why(first) == ("stop", "Ola", None)


async def test_an_edited_and_rejected_article_is_listed_with_the_revision_that_readers_see(
    kari: Somebody, ola: Somebody
) -> None:
    article = await in_review(kari)
    await ola.approve(article)
    seen = await kari.get(article)
    edit = alert(lead="Ny ingress.", change={"kind": "edit"})
    assert (await kari.put(article, edit, seen["etag"])).json()["status"] == "in_review"
    await ola.take("reject", article, "Ikke rett.")
    found = await kari.listed(article)
    assert (found["status"], found["revision"], found["live_revision"]) == ("draft", 2, 1)
    refused = (await ola.take("approve", article, **{"If-Match": "*"})).json()
    assert "Saken er publisert, og utgave 2 er en kladd." in refused["detail"]


async def test_an_article_does_not_grow_with_each_rejection(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    article = await in_review(kari)
    for number in range(RETURNS_KEPT + 5):
        await ola.take("reject", article, f"Nei {number}.")
        await kari.take("submit", article)
    life = await ingest.redis.hget(f"ingest:article:{article}", "life")
    assert life and life.count(b"Nei ") == RETURNS_KEPT
    assert why(await kari.get(article)) == ("reject", "Ola", f"Nei {RETURNS_KEPT + 4}.")
