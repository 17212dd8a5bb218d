"""A step that is asked for again is taken once, and has the same answer."""

from typing import Any

import pytest

from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import (
    Somebody,
    alert,
    events,
    in_review,
    kinds,
    somebody,
    status,
    trail,
)


@pytest.fixture
async def ingest(make_ingest: Any) -> Ingest:
    """Alerts need one approval and are then published at once."""
    return await make_ingest(alert_approvals=1, alert_hold=0)


@pytest.fixture
async def kari(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Kari")


@pytest.fixture
async def ola(ingest: Ingest) -> Somebody:
    return await somebody(ingest, "Ola", "approver")


async def test_each_step_may_be_asked_for_again_and_has_the_same_answer(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    """A client whose answer was lost asks again, without knowing how far it came."""
    article = (await kari.new(alert(draft=True))).json()["id"]
    change, seen = {"kind": "edit"}, {}
    for ask in (
        lambda: kari.put(article, alert(lead="Ny.", draft=True), seen["etag"]),
        lambda: kari.take("submit", article),
        lambda: ola.approve(article),
        lambda: kari.put(article, alert(lead="Nyere.", draft=True, change=change), seen["etag"]),
        lambda: kari.take("submit", article),
        lambda: ola.take("reject", article, "Nei."),
        lambda: kari.take("submit", article),
        lambda: kari.take("stop", article),
        lambda: ola.take("withdraw", article, "Feil."),
    ):
        seen["etag"] = (await kari.get(article))["etag"]
        first = await ask()
        before = (len(await events(ingest)), await trail(ingest))
        again = await ask()
        assert (first.status_code, again.status_code) == (200, 200), first.text + again.text
        assert again.json() == first.json()
        assert (len(await events(ingest)), await trail(ingest)) == before


async def test_a_steps_idempotency_key_keeps_its_answer_whatever_has_happened_since(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    article = (await kari.new(alert(draft=True))).json()["id"]
    first = await kari.take("submit", article, **{"Idempotency-Key": "k"})
    await ola.take("reject", article, "Nei.")
    again = await kari.take("submit", article, **{"Idempotency-Key": "k"})
    assert again.content == first.content
    assert (await kari.get(article))["status"] == "draft"
    elsewhere = await kari.take("stop", article, **{"Idempotency-Key": "k"})
    assert elsewhere.status_code == 422


async def test_a_step_that_failed_frees_its_idempotency_key(
    ingest: Ingest, kari: Somebody, ola: Somebody
) -> None:
    article = await in_review(kari)
    refused = await ola.take("withdraw", article, "Feil.", **{"Idempotency-Key": "k"})
    assert refused.status_code == 409
    await ola.approve(article)
    done = await ola.take("withdraw", article, "Feil.", **{"Idempotency-Key": "k"})
    assert status(done) == (200, "withdrawn")


async def test_a_script_sent_again_after_a_lost_connection_takes_one_step(
    ingest: Ingest, kari: Somebody, ola: Somebody, monkeypatch: Any
) -> None:
    script = type(ingest.bus.redis.register_script("return 1"))
    call = script.__call__

    async def twice(self: Any, *args: Any, **kwargs: Any) -> Any:
        await call(self, *args, **kwargs)
        return await call(self, *args, **kwargs)

    article = await in_review(kari)
    monkeypatch.setattr(script, "__call__", twice)
    assert status(await ola.approve(article)) == (200, "published")
    etag = (await kari.get(article))["etag"]
    change = {"kind": "edit"}
    assert status(await kari.put(article, alert(lead="Ny.", change=change), etag))[0] == 200
    assert (await kari.get(article))["revision"] == 2
    assert await kinds(ingest) == ["article.submitted", "article.published", "article.submitted"]
