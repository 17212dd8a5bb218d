"""Each service as a process of its own, as in a container, with users of its own in one Redis."""

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from shared.bus.users import as_user
from tests.make import alert
from tests.server import Valkey
from tests.system.alone import Alone
from tests.system.running import Up
from tests.wait import until


@pytest.fixture
def services(own_server: Valkey) -> Iterator[dict[str, Alone]]:
    with ExitStack() as stack:
        render = stack.enter_context(Alone("render", own_server)).start()
        site = {"VARSEL_SITE_URL": render.url}
        ingest = stack.enter_context(Alone("ingest", own_server, **site)).start()
        notify = stack.enter_context(Alone("notify", own_server, **site)).start()
        yield {"ingest": ingest, "render": render, "notify": notify}


async def test_three_processes_are_one_system(
    services: dict[str, Alone], own_server: Valkey, tmp_path: Path
) -> None:
    ingest, notify = services["ingest"], services["notify"]
    notify.env["VARSEL_REDIS_URL"] = as_user(own_server.url, "operator")
    members = tmp_path / "medlemmer.csv"
    members.write_text("email,name,lang\nkari@example.org,Kari,nb\nola@example.net,Ola,nb\n")
    notify.json("members", "import", str(members), "--consent", "Ja takk")
    key = notify.json("keys", "create", "test")["key"]

    posted = httpx.post(
        f"{ingest.url}/api/articles",
        json=alert().model_dump(mode="json"),
        headers={"Authorization": f"Bearer {key}"},
    )
    assert posted.status_code == 201, posted.text
    await until(lambda: httpx.get(posted.json()["url"]).status_code == 200)
    await until(lambda: len(httpx.get(f"{notify.url}/inbox/api/messages").json()["messages"]) == 2)
    for service in services.values():
        assert service.is_ready()
        others = {"ingest": "/inbox/", "render": "/api/articles", "notify": "/"}
        assert httpx.get(service.url + others[service.service]).status_code == 404


def test_what_render_alone_writes_another_container_can_serve(
    services: dict[str, Alone],
) -> None:
    """`varsel up` of everything keeps its files to itself."""
    page = services["render"].data / "site" / "index.html"
    umask = os.umask(0o077)
    os.umask(umask)
    assert stat.S_IMODE(page.stat().st_mode) == 0o666 & ~umask


def test_a_service_alone_needs_a_redis_and_says_so() -> None:
    with Up() as up:
        done = up.run("up", "ingest")
        assert done.returncode == 2
        assert "VARSEL_REDIS_URL" in done.stderr
