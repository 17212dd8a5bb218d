"""An idempotency key is one request's until it is answered or ends, and who is late leaves it."""

import json
from dataclasses import dataclass

import pytest

from services.ingest.lifecycle.idempotency import Idempotency, IdempotencyClaim
from services.ingest.lifecycle.preconditions import StepRequest
from services.ingest.lifecycle.submit_article import FirstRevision, read_article
from services.ingest.parts import Parts
from services.ingest.problems import Problem
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import a_person, events, news
from tests.wait import until

KARI = a_person("Kari")
RAW = json.dumps(news()).encode()


@dataclass(frozen=True)
class Two:
    """Two requests with one idempotency key: the marker of the slow one expired, and the other
    took the key."""

    ingest: Ingest
    idempotency: Idempotency
    slow: IdempotencyClaim
    other: IdempotencyClaim

    async def stored(self) -> str:
        return (await self.ingest.redis.get(self.slow.record) or b"").decode()


def parts(ingest: Ingest) -> Parts:
    found: Parts = ingest.http._transport.app.api.state.parts  # type: ignore[attr-defined]
    return found


async def expire(ingest: Ingest, record: str) -> None:
    async def gone() -> bool:
        return await ingest.redis.exists(record) == 0

    await ingest.redis.pexpire(record, 1)
    await until(gone)


async def claimed(idempotency: Idempotency, token: str) -> IdempotencyClaim:
    claim = await idempotency.claim(KARI.id, "k", RAW, token=token)
    assert isinstance(claim, IdempotencyClaim)
    return claim


@pytest.fixture
async def two(ingest: Ingest) -> Two:
    idempotency = parts(ingest).submit_article.idempotency
    slow = await claimed(idempotency, "slow")
    await expire(ingest, slow.record)
    return Two(ingest, idempotency, slow, await claimed(idempotency, "other"))


async def test_the_key_of_a_request_that_died_is_free_after_a_minute(ingest: Ingest) -> None:
    claim = await claimed(parts(ingest).submit_article.idempotency, "one")
    assert 50 < await ingest.redis.ttl(claim.record) <= 60


async def test_a_request_whose_key_another_took_does_nothing(two: Two) -> None:
    submit = parts(two.ingest).submit_article
    request = StepRequest(KARI, "POST /api/articles", RAW)
    written = await read_article(submit.reader, submit.pictures, request, "application/json")

    async def post(article: str, claim: IdempotencyClaim) -> None:
        await submit.advance(article, FirstRevision(article, written, "0" * 32), KARI, claim)

    with pytest.raises(Problem) as late:
        await post("langsom00001", two.slow)
    assert (late.value.status, late.value.name) == (409, "in-flight")
    assert await events(two.ingest) == []
    assert await two.stored() == two.other.marker
    await post("andre0000001", two.other)
    assert [event.subject for event in await events(two.ingest)] == ["andre0000001"]
    assert json.loads(json.loads(await two.stored())["answer"])["id"] == "andre0000001"


async def test_a_late_failure_frees_nobody_elses_key(two: Two) -> None:
    await two.idempotency.release(two.slow)
    assert await two.stored() == two.other.marker
    await two.idempotency.settle(two.other, "{}")
    for claim in (two.slow, two.other):
        await two.idempotency.release(claim)
        assert await two.stored() == two.other.answered("{}"), "an answer is kept"


async def test_a_late_answer_replaces_nobody_elses(two: Two) -> None:
    await two.idempotency.settle(two.slow, "late")
    assert await two.stored() == two.other.marker
    await two.idempotency.settle(two.other, "{}")
    await two.idempotency.settle(two.slow, "late")
    assert await two.stored() == two.other.answered("{}")


async def test_a_request_that_fails_after_its_key_was_taken_leaves_it_to_who_has_it(
    ingest: Ingest,
) -> None:
    idempotency = parts(ingest).submit_article.idempotency
    request = StepRequest(KARI, "POST /api/articles", RAW, idempotency_key="k")
    with pytest.raises(KeyError):
        async with idempotency.once(request) as once:
            assert once.claim is not None
            await expire(ingest, once.claim.record)
            await ingest.redis.set(once.claim.record, "another's")
            raise KeyError
    assert await ingest.redis.get(once.claim.record) == b"another's"
