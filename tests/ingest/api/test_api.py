"""The API around articles: who may ask, what is described, and a Redis that is away."""

import asyncio
import contextlib
import json
import socket
import threading

import httpx
import pytest
import uvicorn
from redis.asyncio import Redis

from services.ingest.app import create
from services.ingest.people.keys import ApiKeys, create_key
from services.ingest.people.store import People
from shared.bus.users import as_user
from tests import make
from tests.ingest.conftest import Ingest
from tests.server import Valkey

ROUTES = [
    ("POST", "/api/articles"),
    ("GET", "/api/articles/a1b2c3d4e5f6"),
    ("GET", "/api/articles/a1b2c3d4e5f6/receipt"),
    ("GET", "/api/articles"),
    ("PUT", "/api/articles/a1b2c3d4e5f6"),
    ("POST", "/api/articles/a1b2c3d4e5f6/submit"),
    ("POST", "/api/articles/a1b2c3d4e5f6/approve"),
    ("POST", "/api/articles/a1b2c3d4e5f6/reject"),
    ("POST", "/api/articles/a1b2c3d4e5f6/stop"),
    ("POST", "/api/articles/a1b2c3d4e5f6/withdraw"),
    ("GET", "/api/articles/a1b2c3d4e5f6/revisions"),
    ("GET", "/api/articles/a1b2c3d4e5f6/revisions/1"),
    ("GET", "/api/articles/a1b2c3d4e5f6/diff?from=1&to=2"),
    ("GET", "/api/articles/a1b2c3d4e5f6/preview"),
    ("POST", "/api/assets"),
]


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Basic YTpi", "Bearer varsel_00000000_" + "a" * 43]
)
async def test_no_route_answers_without_a_key(
    ingest: Ingest, method: str, path: str, header: str
) -> None:
    answer = await ingest.http.request(method, path, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["errors"][0]["field"] == "Authorization"
    assert await ingest.stored() == set()


async def test_the_key_of_somebody_who_was_revoked_is_refused_at_once(ingest: Ingest) -> None:
    key = await create_key(ingest.redis, "Other", "editor")
    assert (await ingest.post({}, Authorization=f"Bearer {key}")).status_code == 422
    people = People(ingest.redis)
    other = await people.named("Other")
    assert other
    await people.revoke(other.id)
    answer = await ingest.post({}, Authorization=f"Bearer {key}")
    assert answer.status_code == 401


async def test_a_key_is_found_by_all_of_it_and_stored_only_as_a_hash(redis: Redis) -> None:
    key = await create_key(redis, "Kari Eksempel", "editor")
    found = await ApiKeys(redis).find(key)
    assert found is not None
    assert (found.person.name, found.person.role, found.id) == (
        "Kari Eksempel",
        "editor",
        key[7:15],
    )
    other = "a" if key[-1] != "a" else "b"
    assert await ApiKeys(redis).find(key[:-1] + other) is None
    assert await ApiKeys(redis).find(key + "\n") is None
    assert key[16:].encode() not in b"".join((await redis.hgetall("ingest:keys")).values())


async def test_a_key_of_an_unknown_role_or_with_a_broken_name_is_not_made(redis: Redis) -> None:
    with pytest.raises(ValueError, match="editor"):
        await create_key(redis, "Kari", "sjef")
    with pytest.raises(ValueError, match="kontrolltegn"):
        await create_key(redis, "Kari\nEksempel", "editor")
    assert await redis.keys() == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/articles/a1b2c3d4e5f6", 404),
        ("GET", "/api/articles/a1b2c3d4e5f6/receipt", 404),
        ("GET", "/api/nothing", 404),
        ("POST", "/api/articles/", 404),
        ("GET", "/api/docs", 404),
        ("DELETE", "/api/articles", 405),
        ("DELETE", "/api/articles/a1b2c3d4e5f6", 405),
        ("PUT", "/api/articles/a1b2c3d4e5f6", 404),
        ("POST", "/api/articles/a1b2c3d4e5f6/submit", 404),
        ("POST", "/api/articles/a1b2c3d4e5f6/approve", 404),
        ("POST", "/api/articles/a1b2c3d4e5f6/stop", 404),
        ("GET", "/api/articles/a1b2c3d4e5f6/revisions", 404),
        ("GET", "/api/articles/a1b2c3d4e5f6/revisions/1", 404),
        ("GET", "/api/articles/a1b2c3d4e5f6/diff?from=1&to=2", 404),
        ("GET", "/api/articles/a1b2c3d4e5f6/preview", 404),
        ("GET", "/api/assets", 405),
    ],
)
async def test_what_is_not_there_is_a_problem_document(
    ingest: Ingest, method: str, path: str, status: int
) -> None:
    answer = await ingest.http.request(method, path)
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert ("allow" in answer.headers) == (status == 405)


async def test_the_openapi_document_describes_bodies_and_problems(ingest: Ingest) -> None:
    document = (await ingest.http.get("/api/openapi.json")).json()
    post = document["paths"]["/api/articles"]["post"]
    assert set(post["requestBody"]["content"]) == {"application/json", "text/markdown"}
    assert set(post["responses"]) >= {"201", "400", "401", "403", "409", "413", "415", "422", "503"}
    assert "application/problem+json" in post["responses"]["422"]["content"]
    schemas = document["components"]["schemas"]
    assert {"title", "alert", "body", "draft"} <= set(schemas["SubmittedArticle"]["properties"])
    references = {
        part.split('"')[0] for part in json.dumps(document).split('"#/components/schemas/')[1:]
    }
    assert references <= set(schemas)


async def test_a_redis_that_is_away_is_told_and_nothing_is_lost() -> None:
    server = Valkey().start()
    try:
        async with Redis.from_url(server.url) as redis:
            key = await create_key(redis, "Test", "editor")
        service = create(make.settings(), as_user(server.url, "ingest"))
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(service.http),
            base_url="http://test",
            headers={"Authorization": f"Bearer {key}"},
        ) as http:
            article = make.news().model_dump(mode="json")
            server.kill()
            answer = await http.post("/api/articles", json=article)
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["retry-after"]) > 0
            server.start()
            assert (await http.post("/api/articles", json=article)).status_code == 201
        await service.bus.stop()
    finally:
        server.close()


async def test_over_a_real_connection_a_body_without_end_is_cut_off(ingest: Ingest) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        address = listener.getsockname()
        config = uvicorn.Config(
            create(ingest.settings, f"unix://ingest@{_socket(ingest)}").http, log_level="error"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
        thread.start()
        try:
            status = await _flood(address, ingest.http.headers["Authorization"])
        finally:
            server.should_exit = True
            await asyncio.to_thread(thread.join)
    assert status == b"413"


def _socket(ingest: Ingest) -> str:
    return str(ingest.redis.connection_pool.connection_kwargs["path"])


async def _flood(address: tuple[str, int], key: str) -> bytes:
    """Send chunks until the server answers or closes: the status. TimeoutError where it reads on
    and on."""
    reader, writer = await asyncio.open_connection(*address)
    head = f"POST /api/articles HTTP/1.1\r\nHost: a\r\nAuthorization: {key}\r\n"
    writer.write(
        f"{head}Content-Type: text/markdown\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    )
    answer = asyncio.create_task(reader.readline())
    async with asyncio.timeout(30):
        with contextlib.suppress(ConnectionError):
            while not answer.done():
                writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
                await writer.drain()
        line = await answer
    writer.close()
    return line.split(b" ")[1]
