"""What people do with a system that runs, and what they see of it, from outside."""

import asyncio
import base64
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.server import free_port
from tests.system.running import Up
from tests.wait import until

REAL = Path(__file__).parents[3] / "shared" / "articles" / "jak-hemmere.md"
SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()


@asynccontextmanager
async def follower() -> AsyncIterator[tuple[str, list[tuple[bytes, dict[str, str]]]]]:
    """A webhook's address, and the posts that it has got: body and headers."""
    got: list[tuple[bytes, dict[str, str]]] = []

    async def take(request: Request) -> Response:
        got.append((await request.body(), dict(request.headers)))
        return Response(status_code=204)

    app = Starlette(routes=[Route("/hook", take, methods=["POST"])])
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield f"http://127.0.0.1:{port}/hook", got
    server.should_exit = True
    await task


def post(up: Up, key: str, article: Any) -> httpx.Response:
    return httpx.post(
        f"{up.url}/api/articles",
        json=article.model_dump(mode="json", exclude_none=True),
        headers={"Authorization": f"Bearer {key}"},
    )


def receipt(up: Up, key: str, article: str) -> dict[str, Any]:
    answer = httpx.get(
        f"{up.url}/api/articles/{article}/receipt", headers={"Authorization": f"Bearer {key}"}
    )
    document: dict[str, Any] = answer.json()
    return document


def inbox(up: Up) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = httpx.get(
        f"{up.url}/inbox/api/messages", params={"limit": 1000}
    ).json()["messages"]
    return messages


async def complete(up: Up, key: str, article: str) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def done() -> bool:
        found.update(receipt(up, key, article))
        assert (
            found["audience"]
            == found["handed_over"] + found["failed"] + found["suppressed"] + found["open"]
        )
        return found["state"] == "complete"

    await until(done, timeout=30)
    return found


def told(done: subprocess.CompletedProcess[str], code: int) -> str:
    """What a command said, in one line, having ended with `code` and no stack trace."""
    said = " ".join((done.stdout + done.stderr).replace("│", " ").split())
    assert done.returncode == code, said
    assert "Traceback" not in said
    return said
