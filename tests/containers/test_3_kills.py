"""SIGKILL to each container in mid-delivery, seen from outside: G1, G6 and G7 hold."""

import signal
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.containers.conftest import MEMBERS
from tests.containers.stack import Stack
from tests.make import alert
from tests.wait import until

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("containers")]
MOST_TWICE = 64
"""Mails that one killed worker may have handed over and not recorded."""


def post(stack: Stack, key: str, title: str) -> str:
    """Post a new alert; its id, once it was answered with 201."""
    answer = stack.post(key, alert(title=title).model_dump(mode="json"))
    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "published"
    return str(answer.json()["id"])


def sums(stack: Stack, key: str, article: str) -> dict[str, Any] | None:
    """The receipt, which must add up whenever there is one (G6)."""
    receipt = stack.receipt(key, article)
    if receipt and receipt["state"] != "none":
        parts = ("handed_over", "failed", "suppressed", "open")
        assert receipt["audience"] == sum(receipt[part] for part in parts)
    return receipt


async def in_mid_delivery(stack: Stack, key: str, article: str) -> None:
    def under_way() -> bool:
        receipt = sums(stack, key, article)
        return bool(receipt and receipt["handed_over"] > 0)

    await until(under_way, 30)
    receipt = sums(stack, key, article)
    assert receipt
    assert receipt["open"] > 0, "it was over before the kill; the test shows nothing"


async def complete(stack: Stack, key: str, article: str) -> dict[str, Any]:
    def done() -> dict[str, Any] | None:
        receipt = sums(stack, key, article)
        return receipt if receipt and receipt["state"] == "complete" else None

    found = await until(done, 90)
    assert found
    return found


async def everybody_has_it(
    stack: Stack, key: str, article: str, title: str, members: set[str], *, at_most_twice: int
) -> None:
    receipt = await complete(stack, key, article)
    assert receipt["handed_over"] == receipt["audience"] == len(members)
    mails = stack.mails(title)
    times = Counter(mail["to"][0]["address"] for mail in mails)
    assert set(times) == members
    assert len(mails) - len(members) <= at_most_twice
    ids = {(mail["to"][0]["address"], mail["headers"]["message-id"]) for mail in mails}
    assert len(ids) == len(members), "a copy has another Message-ID"


@pytest.mark.parametrize(
    ("victim", "at_most_twice"),
    [("notify", MOST_TWICE), ("redis", MOST_TWICE), ("ingest", 0), ("render", 0), ("caddy", 0)],
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


@pytest.mark.parametrize("victim", ["ingest", "redis", "render"])
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
        for after in (0, 0.1, 0.3, 1, 2):
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
