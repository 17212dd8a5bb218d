"""A key that may only read receipts reads those, and nothing else; and whoever shows it is a guard,
of which health knows."""

import asyncio
from typing import Any

from pydantic import SecretStr
from starlette.routing import Route

from services.ingest.people.keys import ApiKeys, create_key
from services.ingest.receipts.outside_watch import GUARD, UNWATCHED
from shared.bus import tasks
from shared.events import ArticleWithdrawn
from tests.docs.privacy import kept_as_said
from tests.ingest.conftest import Ingest
from tests.ingest.staff_at_work import events
from tests.make import alert, news
from tests.wait import until

MAY = {("GET", "/api/receipts"), ("GET", "/api/articles/{id}/receipt")}
OPEN = {("GET", "/api/openapi.json")}


async def as_guard(ingest: Ingest) -> dict[str, str]:
    key = await create_key(ingest.redis, "Test", only="receipts")
    return {"Authorization": f"Bearer {key}"}


async def test_it_reads_receipts_and_every_other_route_refuses_it(ingest: Ingest) -> None:
    posted = (await ingest.post(alert().model_dump(mode="json"))).json()
    guard, tried = await as_guard(ingest), set()
    for route in _routes(ingest):
        for method in route.methods - {"HEAD"}:
            path = route.path.replace("{id}", posted["id"]).replace("{revision}", "1")
            path = path.replace("{step}", "withdraw").replace("{other}", "1")
            answer = await ingest.http.request(method, path, headers=guard)
            tried.add((method, route.path))
            if (method, route.path) in MAY | OPEN:
                assert answer.status_code == 200, route.path
            else:
                assert answer.status_code == 403, (method, route.path, answer.text)
                assert answer.json()["type"].endswith("only-receipts")
    assert tried > MAY
    shown = (await ingest.http.get(f"/api/articles/{posted['id']}")).json()
    assert shown["status"] == "published", "nothing was done"


def _routes(ingest: Ingest) -> list[Route]:
    return [one for one in ingest.service.http.api.state.routes if isinstance(one, Route)]


async def test_it_sees_alerts_that_readers_see_and_nothing_that_waits(ingest: Ingest) -> None:
    guard = await as_guard(ingest)
    await ingest.post(news().model_dump(mode="json"))
    await ingest.post(alert(title="En kladd").model_dump(mode="json") | {"draft": True})
    out = (await ingest.post(alert().model_dump(mode="json"))).json()
    answer = (await ingest.http.get("/api/receipts", headers=guard)).json()
    [one] = answer["alerts"]
    assert one["article"] == out["id"]
    assert (one["revision"], one["withdrawn"], one["delivery"]) == (1, False, None)
    assert one["receipt"]["state"] == "waiting_for_page"
    assert "kladd" not in str(answer)
    [published] = [
        e for e in await events(ingest) if e.type == "article.published" and e.subject == out["id"]
    ]
    assert one["sha256"] == published.data.sha256, "as the page says it"

    await ingest.http.post(f"/api/articles/{out['id']}/withdraw", json={"note": "Det var feil."})
    [one] = (await ingest.http.get("/api/receipts", headers=guard)).json()["alerts"]
    assert one["withdrawn"]
    gone = [e for e in await events(ingest) if isinstance(e, ArticleWithdrawn)]
    assert one["revision"] == gone[0].data.revision
    assert one["sha256"] == gone[0].data.sha256


async def test_a_key_of_before_there_were_such_ones_may_do_all_that_its_person_may(
    ingest: Ingest,
) -> None:
    key = await create_key(ingest.redis, "Test")
    for id_, record in (await ApiKeys(ingest.redis).all()).items():
        await ingest.redis.hset("ingest:keys", id_, record.model_dump_json(exclude={"only"}))
    answer = await ingest.post(news().model_dump(mode="json"), Authorization=f"Bearer {key}")
    assert answer.status_code == 201


async def test_health_says_that_nobody_watches_until_a_guard_or_a_ping_service_does(
    make_ingest: Any,
) -> None:
    real = await make_ingest(redis_url="redis://redis:6379")
    watch = real.service.http.api.state.parts.outside_watch
    assert watch in real.service.loops, "it looks for as long as the service runs"
    looking = asyncio.create_task(watch())
    try:
        await until(lambda: real.service.warnings() == [UNWATCHED])
        assert [one.samples[0].value for one in watch.measure()] == [0]
        await real.http.get("/api/receipts")
        assert real.service.warnings() == [UNWATCHED], "an editor is no guard"
        await real.http.get("/api/receipts", headers=await as_guard(real))
        assert real.service.warnings() == []
        assert [one.samples[0].value for one in watch.measure()] == [1]
        assert await kept_as_said(real.redis, GUARD)
    finally:
        await tasks.end([looking])
    pinged = await make_ingest(
        redis_url="redis://redis:6379", ping_url=SecretStr("https://hc.example.org/ping/1")
    )
    trial = await make_ingest()
    for one in (pinged, trial):
        one.service.http.api.state.parts.outside_watch._guard_is_there = False
        assert one.service.warnings() == []
