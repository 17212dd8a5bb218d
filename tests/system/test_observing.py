"""What an operator sees of a system that runs: its metrics, and an article's way in its log."""

import json
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families
from redis.asyncio import Redis

from shared.bus.users import OPERATOR
from shared.events import ArticleWithdrawn, to_fields
from shared.trace import new_traceparent
from tests.docs.observing import events, metrics
from tests.make import alert, news, revision
from tests.notify.relay_server import Relay
from tests.server import processes_with_open
from tests.system.running import Up
from tests.system.steps import SECRET, complete, follower, post, receipt
from tests.wait import until
from varsel.run.embedded import redis_url

Samples = dict[str, dict[tuple[tuple[str, str], ...], float]]
REFUSED = "borte@example.org"


def scrape(up: Up) -> Samples:
    """The samples of `/metrics` by their names and labels."""
    found: Samples = {}
    for family in text_string_to_metric_families(httpx.get(f"{up.url}/metrics").text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def one(up: Up, name: str, **labels: str) -> float | None:
    return scrape(up).get(name, {}).get(tuple(sorted(labels.items())))


@asynccontextmanager
async def with_relay(folder: Path, **settings: str) -> AsyncIterator[tuple[Up, str, Relay]]:
    """A system that mails by a relay, with three members of whom it takes two."""
    relay = await Relay().start()
    relay.rcpt = lambda address: "550 5.1.1 no such user" if address == REFUSED else None
    file = folder / "medlemmer.csv"
    members = ["kari@example.org", "ola@example.org", REFUSED]
    file.write_text("email,name,lang\n" + "".join(f"{m},Medlem,nb\n" for m in members))
    url = f"smtp://127.0.0.1:{relay.port}?starttls=none"
    needed = {
        "VARSEL_SMTP_URL": url,
        "VARSEL_MAIL_FROM": "varsel@example.org",
        "VARSEL_ALERT_APPROVALS": "0",
    }
    try:
        with Up(**needed, **settings) as up:
            up.start()
            up.json("members", "import", str(file), "--consent", "Ja takk")
            yield up, up.key(), relay
    finally:
        await relay.stop()


async def test_metrics_tell_of_pages_mails_ledgers_and_dead_letters(tmp_path: Path) -> None:
    async with follower() as (hook, posts):
        hooks = json.dumps([{"url": hook, "secret": SECRET}])
        async with with_relay(tmp_path, VARSEL_WEBHOOKS=hooks) as (up, key, _):
            article = post(up, key, alert()).json()["id"]
            await complete(up, key, article)
            other = post(up, key, news()).json()["id"]
            await until(lambda: receipt(up, key, other)["page"])
            await until(lambda: len(posts) == 2)
            await until(lambda: one(up, "varsel_post_replies_total", **{"class": "2xx"}) == 2)

            found = scrape(up)
            as_documented(up)
            assert found["varsel_accepted_to_page_seconds_count"] == {(): 2}
            assert 0 < found["varsel_accepted_to_page_seconds_sum"][()] < 60
            assert found["varsel_page_to_handed_over_seconds_count"] == {(): 2}
            assert 0 < found["varsel_page_to_handed_over_seconds_sum"][()] < 60
            replies = found["varsel_relay_replies_total"]
            assert replies[(("class", "2xx"), ("phase", "data"))] == 2
            assert replies[(("class", "5xx"), ("phase", "rcpt"))] == 1
            assert found["varsel_deliveries_under_way"] == {(): 0}
            assert found["varsel_ledger_imbalance"] == {(): 0}
            assert set(found["varsel_redis_up"].values()) == {1}
            assert set(found["varsel_health_problems"].values()) == {0}
            lags = found["varsel_group_lag"]
            assert lags[(("group", "notify"), ("stream", "pages"))] == 0
            assert (("group", "ingest"), ("stream", "deliveries")) in lags
            oldest = found["varsel_group_oldest_seconds"]
            assert oldest[(("group", "notify"), ("stream", "chunks"))] == 0
            assert found["varsel_delivery_quiet_seconds"] == {(): 0}

            async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
                # A repeat is rendered again and counted once.
                [_, (_, repeated)] = await redis.xrange("articles")
                await redis.xadd("articles", repeated)
                await until(lambda: up.log().count('"page_rendered"') == 3)
                # A withdrawal is no way to a page.
                gone = revision(news(), revision=2, id=other)
                withdrawn = ArticleWithdrawn.about(gone, traceparent=new_traceparent())
                await redis.xadd("articles", to_fields(withdrawn))
                await until(lambda: up.log().count('"page_rendered"') == 4)
                assert one(up, "varsel_accepted_to_page_seconds_count") == 2
                # What must never be is seen where it is.
                await redis.hincrby(f"notify:delivery:{article}.1", "open", 3)
                assert one(up, "varsel_ledger_imbalance") == 3
                await redis.xadd("chunks.dead", {"type": "chunk.planned"})
                assert one(up, "varsel_dead_letters", stream="chunks") == 1


def as_documented(up: Up) -> None:
    """`/metrics` has what docs/observing.md lists, and nothing else of ours."""
    text = httpx.get(f"{up.url}/metrics").text
    documented = metrics()
    told = {}
    for family in text_string_to_metric_families(text):
        if family.name.startswith("varsel_"):
            total = "_total" if family.type == "counter" else ""
            told[family.name + total] = family
    assert told.keys() == documented.keys()
    for name, family in told.items():
        assert {family.type} == documented[name].kind, name
        assert family.documentation
        series = [(sample.name, *sorted(sample.labels.items())) for sample in family.samples]
        assert len(series) == len(set(series)), f"{name} is told twice"
        for sample in family.samples:
            assert sample.labels.keys() - {"le"} == documented[name].names, name


def test_health_and_metrics_are_only_read() -> None:
    with Up() as up:
        up.start()
        for path in ("/health/live", "/health/ready", "/metrics"):
            for method in ("POST", "PUT", "DELETE"):
                answer = httpx.request(method, up.url + path)
                assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
            head = httpx.head(up.url + path)
            assert (head.status_code, head.text) == (200, "")


async def test_a_delivery_under_way_is_told_in_sums(tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (up, key, relay):
        relay.rcpt = lambda address: "450 4.2.0 later" if address == REFUSED else None
        post(up, key, alert())
        await until(lambda: len(relay.mails) == 2)
        wanted = {"handed_over": 2, "failed": 0, "suppressed": 0, "open": 1}
        await until(
            lambda: (
                scrape(up).get("varsel_delivery_members")
                == {(("state", name),): count for name, count in wanted.items()}
            )
        )
        assert one(up, "varsel_deliveries_under_way") == 1
        assert one(up, "varsel_ledger_imbalance") == 0


async def test_a_redis_that_hangs_neither_holds_up_nor_fails_a_scrape() -> None:
    with Up() as up:
        up.start()
        assert set(scrape(up)["varsel_redis_up"].values()) == {1}
        [server] = processes_with_open(up.data / "appendonlydir")
        os.kill(server, signal.SIGSTOP)
        try:
            started = time.monotonic()
            found = scrape(up)
            assert time.monotonic() - started < 4
            assert found["varsel_redis_up"] == {
                (("service", name),): 0 for name in ("ingest", "render", "notify")
            }
            for gauge in ("varsel_group_lag", "varsel_dead_letters", "varsel_ledger_imbalance"):
                assert gauge not in found
            assert "varsel_articles_accepted_total" not in found  # nothing is counted yet
            assert found["varsel_accepted_to_page_seconds_count"] == {(): 0}
            await until(
                lambda: set(scrape(up)["varsel_health_problems"].values()) == {1}, timeout=20
            )
        finally:
            os.kill(server, signal.SIGCONT)
        await until(lambda: set(scrape(up)["varsel_redis_up"].values()) == {1}, timeout=20)


async def test_a_server_that_does_not_start_again_is_told_without_the_errors_words() -> None:
    with Up() as up:
        up.start()
        users = up.data / "users.acl"
        users.unlink()
        users.mkdir()  # which the server's users cannot be written into
        for server in processes_with_open(up.data / "appendonlydir"):
            os.kill(server, signal.SIGKILL)
        await until(lambda: '"server_does_not_start"' in up.log())
        users.rmdir()
        await until(lambda: '"server_started_again"' in up.log(), timeout=20)
        [told, *_] = [line for line in up.log().splitlines() if "server_does_not_start" in line]
        assert json.loads(told)["cause"].startswith("IsADirectoryError at ")
        assert str(up.data) not in told


async def test_one_id_follows_an_article_through_all_three_services(tmp_path: Path) -> None:
    async with follower() as (hook, posts):
        hooks = json.dumps([{"url": hook, "secret": SECRET}])
        async with with_relay(tmp_path, VARSEL_WEBHOOKS=hooks) as (up, key, _):
            other = post(up, key, news()).json()["id"]
            article = post(up, key, alert()).json()["id"]
            await complete(up, key, article)
            await until(lambda: up.log().count('"post_delivered"') == 2)
            await until(lambda: '"chunk_delivered"' in up.log())
            lines = [json.loads(line) for line in logged(up)]
            [accepted] = about(lines, "article_accepted", article)
            trace = accepted["trace"]
            assert len(trace) == 32
            mine = [line for line in lines if line.get("trace") == trace]
            assert [(line["service"], line["event"]) for line in mine if told_once(line)] == [
                ("ingest", "article_accepted"),
                ("render", "page_rendered"),
                ("notify", "page_live"),
                ("notify", "delivery_started"),
            ]
            assert {line["event"] for line in mine} >= {
                "chunk_delivered", "delivery_completed", "post_delivered",
            }  # fmt: skip
            assert not about(mine, "page_rendered", other)
            for line in lines:
                assert events()[line["event"]].kind >= {line["level"]}
                assert line.keys() - {"event", "level", "timestamp", "service", "trace"} <= (
                    events()[line["event"]].names
                ), line

            async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
                for stream in ("articles", "pages", "chunks", "deliveries"):
                    entries = [fields for _, fields in await redis.xrange(stream)]
                    of_article = [f for f in entries if f[b"subject"] == article.encode()]
                    assert of_article
                    assert {f[b"traceparent"].decode()[3:35] for f in of_article} == {trace}
            assert trace in {headers["traceparent"][3:35] for _, headers in posts}


def logged(up: Up) -> list[str]:
    """The lines of the log, from when `varsel up` has printed where everything is."""
    _, printed, rest = up.log().partition("Ctrl-C")
    assert printed
    return rest.splitlines()[1:]


def about(lines: list[dict[str, Any]], event: str, article: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["event"] == event and line["article"] == article]


def told_once(line: dict[str, Any]) -> bool:
    return line["event"] in {"article_accepted", "page_rendered", "page_live", "delivery_started"}
