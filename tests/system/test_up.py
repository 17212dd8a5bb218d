"""`varsel up` and its embedded server, however it ends: nothing acknowledged is ever gone, and no
server is left over."""

import os
import signal

import httpx
import pytest

from tests.make import news
from tests.server import Valkey, processes_with_open
from tests.system.running import Up
from tests.wait import until


def post(up: Up, key: str, title: str) -> httpx.Response:
    article = news(title=title).model_dump(mode="json", exclude_none=True)
    return httpx.post(
        f"{up.url}/api/articles", json=article, headers={"Authorization": f"Bearer {key}"}
    )


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda n: n.name
)
async def test_g1_nothing_acknowledged_is_gone_however_up_ends(number: signal.Signals) -> None:
    with Up() as up:
        up.start()
        key = up.key()
        answers = [post(up, key, f"Sak nummer {n}").json() for n in range(5)]
        code = up.end(number)
        assert code == (-signal.SIGKILL if number is signal.SIGKILL else 0), up.log()
        await until(lambda: not processes_with_open(up.data))
        up.start()
        for answer in answers:
            await until(lambda a=answer: httpx.get(a["url"]).status_code == 200)  # type: ignore[misc]
            found = httpx.get(
                f"{up.url}/api/articles/{answer['id']}", headers={"Authorization": f"Bearer {key}"}
            )
            assert found.json()["revision"] == answer["revision"]


async def test_started_twice_on_one_folder_the_second_says_so_and_the_first_goes_on() -> None:
    with Up() as up, Up(VARSEL_DATA=str(up.data)) as second:
        up.start()
        key = up.key()
        assert second.launch().wait(30) == 1
        assert "er i bruk av et Varsel som allerede kjører" in " ".join(second.log().split())
        assert post(up, key, "Den første lever").status_code == 201


async def test_a_taken_port_is_said_and_nothing_is_started() -> None:
    with Up() as up, Up(VARSEL_PORT=str(up.port)) as second:
        up.start()
        assert second.launch().wait(30) == 1
        assert f"127.0.0.1:{up.port}" in second.log().replace("\n", "")
        assert not processes_with_open(second.data)


async def test_after_kill_9_it_starts_again_at_once() -> None:
    with Up() as up:
        for _ in range(3):
            up.start()
            up.end(signal.SIGKILL)
        up.start()


async def test_an_embedded_server_that_dies_is_started_again() -> None:
    with Up() as up:
        up.start()
        key = up.key()
        first = post(up, key, "Før den døde").json()
        for server in processes_with_open(up.data / "appendonlydir"):
            os.kill(server, signal.SIGKILL)
        await until(lambda: "server_started_again" in up.log())
        await until(lambda: httpx.get(f"{up.url}/health/ready").status_code == 200, timeout=20)
        assert post(up, key, "Etter den døde").status_code == 201
        assert httpx.get(first["url"]).status_code == 200


async def test_sigterm_while_it_starts_ends_it() -> None:
    with Up() as up, Up(VARSEL_DATA=str(up.data)) as second:
        up.start()
        second.launch()  # waits for the folder for a while
        await until(lambda: second.waits_for(up.data / "lock"))
        assert second.end(signal.SIGTERM) == 0


async def test_a_redis_that_is_away_at_the_start_is_waited_for(own_server: Valkey) -> None:
    own_server.kill()
    with Up(VARSEL_REDIS_URL=own_server.url) as up:
        up.launch()
        await until(lambda: "svarer ikke ennå" in up.log(), timeout=20)
        own_server.start()
        await until(up.is_ready, timeout=20)


def test_commands_without_a_running_system_say_how_to_start_it() -> None:
    with Up() as up:
        for command in (("watch", "--once"), ("dead", "list"), ("keys", "create", "kari")):
            done = up.run(*command)
            assert done.returncode == 1
            assert "varsel up" in done.stderr
