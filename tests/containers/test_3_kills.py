"""SIGKILL to each container in mid-delivery, seen from outside: G1, G6 and G7 hold."""

import signal

import httpx
import pytest

from tests.containers.conftest import MEMBERS
from tests.containers.stack import Stack
from tests.containers.steps import complete, everybody_has_it, in_mid_delivery, post
from tests.examples import every
from tests.make import alert

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("containers")]
MOST_TWICE = 64
"""Mails that one killed worker may have handed over and not recorded."""


@pytest.mark.parametrize(
    ("victim", "at_most_twice"),
    every(
        4,
        [("redis", MOST_TWICE), ("ingest", 0), ("render", 0), ("caddy", 0), ("notify", MOST_TWICE)],
    ),
)
async def test_g7_a_container_killed_in_mid_delivery_leaves_nobody_out(
    stack: Stack, key: str, members: set[str], victim: str, at_most_twice: int
) -> None:
    title = f"Varsel mens {victim} dør"
    article = post(stack, key, title)
    await in_mid_delivery(stack, key, article)
    stack.kill(victim)
    await everybody_has_it(stack, key, article, title, members, at_most_twice=at_most_twice)
    assert stack.inspect(victim)["RestartCount"] >= 1


@pytest.mark.parametrize("victim", every(3, ["ingest", "redis", "render"]))
async def test_g1_a_container_killed_right_after_the_answer_loses_no_article(
    stack: Stack, key: str, members: set[str], victim: str
) -> None:
    title = f"Varsel rett før {victim} dør"
    article = post(stack, key, title)
    stack.kill(victim)
    await everybody_has_it(stack, key, article, title, members, at_most_twice=MOST_TWICE)


async def test_three_notify_containers_share_a_delivery_and_one_may_die(
    stack: Stack, key: str, members: set[str]
) -> None:
    stack.run("up", "--detach", "--no-recreate", "--scale", "notify=3", "notify")
    title = "Varsel fra tre tjenester"
    article = post(stack, key, title)
    await in_mid_delivery(stack, key, article)
    stack.kill("notify")
    await everybody_has_it(stack, key, article, title, members, at_most_twice=MOST_TWICE)
    stack.run("up", "--detach", "--no-recreate", "--scale", "notify=1", "notify")


async def test_a_stop_in_mid_delivery_mails_nobody_twice(
    stack: Stack, key: str, members: set[str]
) -> None:
    title = "Varsel over en vanlig stopp"
    article = post(stack, key, title)
    await in_mid_delivery(stack, key, article)
    stack.run("stop", "notify")
    assert stack.inspect("notify")["State"]["ExitCode"] == 0
    stack.run("start", "notify")
    await everybody_has_it(stack, key, article, title, members, at_most_twice=0)


def test_a_stop_at_any_moment_of_a_start_ends_it_in_time(stack: Stack) -> None:
    all_of_them = ("redis", "ingest", "render", "notify", "caddy", "inbox")
    killed = []
    try:
        for after in every(3, (0, 0.1, 0.3, 1, 2)):
            ends = stack.start_and_stop(all_of_them, after=after, limit=60)  # as in compose.yaml
            killed += [(after, one) for one in ends if ends[one] == 128 + signal.SIGKILL]
        assert killed == []
    finally:
        stack.run("up", "--detach", "--wait")


async def test_down_and_up_keeps_everything(stack: Stack, key: str, members: set[str]) -> None:
    title = "Varsel før alt ble tatt ned"
    article = post(stack, key, title)
    before = await complete(stack, key, article)
    url = httpx.get(
        f"{stack.url}/api/articles/{article}", headers={"Authorization": f"Bearer {key}"}
    ).json()["url"]
    page = httpx.get(url).content
    stack.run("restart")
    stack.run("stop")  # while they still start
    ends = {
        name: stack.inspect(name)["State"]["ExitCode"] for name in ("ingest", "render", "notify")
    }
    assert set(ends.values()) <= {0, 128 + signal.SIGTERM}, f"not ended in order: {ends}"
    stack.run("down")
    stack.run("up", "--detach", "--wait")

    assert httpx.get(url).content == page
    assert stack.receipt(key, article) == before
    again = stack.post(key, alert(title=title).model_dump(mode="json"))
    assert (again.status_code, again.json()["article"]) == (409, article)
    report = stack.varsel("members", "import", "medlemmer.csv", "--consent", "Ja")
    assert (report["taken"], report["unchanged"]) == (0, MEMBERS)
    title = "Varsel etter at alt kom opp igjen"
    article = post(stack, key, title)
    await everybody_has_it(stack, key, article, title, members, at_most_twice=0)
