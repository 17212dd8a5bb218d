"""No answer of the API may be kept by a browser or on its way: some are of drafts."""

import httpx

from services.ingest import app
from tests.ingest.conftest import Ingest
from tests.make import news, settings


async def test_every_answer_of_every_route_says_so_errors_included(ingest: Ingest) -> None:
    document = (await ingest.http.get("/api/openapi.json")).json()
    asked = [
        (method, path.replace("{id}", "a1b2c3d4e5f6").replace("{number}", "1"))
        for path, methods in document["paths"].items()
        for method in methods
    ]
    assert len(asked) > 10
    asked += [("get", "/api/openapi.json"), ("get", "/api/nothing"), ("put", "/api/articles")]
    statuses = set()
    for method, path in asked:
        for headers in ({}, {"Authorization": "Bearer nobody"}):
            answer = await ingest.http.request(method, path, headers=headers)
            assert answer.headers.get_list("Cache-Control") == ["no-store"], (method, path)
            statuses.add(answer.status_code)
    assert statuses >= {200, 401, 404, 405}


async def test_what_is_stored_and_what_is_refused_says_so(ingest: Ingest) -> None:
    article = news().model_dump(mode="json", exclude_none=True)
    made = await ingest.post(article)
    again = await ingest.post(article)
    wrong = await ingest.post(article | {"title": ""})
    large = await ingest.http.post("/api/articles", content=b"x" * (1 << 20 | 1))
    assert [one.status_code for one in (made, again, wrong, large)] == [201, 409, 422, 413]
    for answer in (made, again, wrong, large):
        assert answer.headers["Cache-Control"] == "no-store"


async def test_an_error_of_our_own_and_one_of_redis_say_so_too() -> None:
    service = app.create(settings(), "unix:///nowhere")
    http = httpx.AsyncClient(
        transport=httpx.ASGITransport(service.http, raise_app_exceptions=False),
        base_url="http://test",
        headers={"Authorization": f"Bearer varsel_0123abcd_{'x' * 43}"},
    )
    async with http:
        away = await http.get("/api/articles")
        del service.http.api.state.parts  # type: ignore[attr-defined]
        broken = await http.get("/api/articles")
    assert [one.status_code for one in (away, broken)] == [503, 500]
    assert {one.headers["Cache-Control"] for one in (away, broken)} == {"no-store"}
