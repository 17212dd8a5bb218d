"""A key that asks without end is asked to wait, and so is a source without a good one; neither
holds up the others."""

import httpx
import pytest

from services.ingest.people.keys import create_key
from services.ingest.people.rates import AT_ONCE, AskRates
from tests.ingest.conftest import Ingest
from tests.make import news

WRONG = {"Authorization": f"Bearer varsel_{'0' * 8}_{'a' * 43}"}


@pytest.fixture
def rates(ingest: Ingest) -> AskRates:
    """Those of the service, in which no time passes."""
    found: AskRates = ingest.service.http.api.state.parts.rates
    for one in (found.keys, found.sources):
        one._clock = lambda: 0.0
    return found


def is_asked_to_wait(answer: httpx.Response) -> bool:
    if answer.status_code != 429:
        return False
    assert answer.json()["type"] == "urn:varsel:problem:too-often"
    assert int(answer.headers["retry-after"]) > 0
    return True


async def test_a_key_that_asks_without_end_is_asked_to_wait_and_no_other_key_is(
    ingest: Ingest, rates: AskRates
) -> None:
    for _ in range(AT_ONCE):
        assert (await ingest.http.get("/api/articles/finnesikke00")).status_code == 404
    assert is_asked_to_wait(await ingest.post(news().model_dump(mode="json")))
    other = {"Authorization": f"Bearer {await create_key(ingest.redis, 'En annen', 'editor')}"}
    assert (await ingest.post(news().model_dump(mode="json"), **other)).status_code == 201
    rates.keys._clock = lambda: 1.0
    assert (await ingest.http.get("/api/receipts")).status_code == 200, "after a while"


async def test_a_source_that_tries_keys_is_asked_to_wait_and_who_has_a_good_one_there_is_not(
    ingest: Ingest, rates: AskRates
) -> None:
    async def tried(**headers: str) -> httpx.Response:
        request = ingest.http.build_request("GET", "/api/receipts", headers=headers)
        if not headers:
            del request.headers["Authorization"]
        return await ingest.http.send(request)

    for _ in range(AT_ONCE // 2):
        assert (await tried()).status_code == 401
        assert (await tried(**WRONG)).status_code == 401
    assert is_asked_to_wait(await tried())
    assert is_asked_to_wait(await tried(**WRONG))
    assert (await ingest.http.get("/api/receipts")).status_code == 200
    assert (await ingest.post(news().model_dump(mode="json"))).status_code == 201
