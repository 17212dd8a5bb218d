"""docs/openapi.json and docs/asyncapi.json say what runs."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft7Validator
from redis.asyncio import Redis

from services.ingest.audit.seal_days import SealDays
from services.ingest.deliveries.ask_of_delivery import AskOfDelivery
from services.ingest.people.person import Person
from services.ingest.receipts.store import Receipts
from services.ingest.sketches.store import Sketches
from services.ingest.subjects.store import Subjects
from shared.bus.users import OPERATOR
from shared.event_data import Preview
from shared.events import ArticleSketched, from_fields, to_fields
from shared.subject import Subject
from shared.topology import DEAD, STREAMS, TOPOLOGY
from shared.trace import new_traceparent
from tests.make import alert, revision
from tests.notify.relay_server import Relay
from tests.server import free_port
from tests.system.hands import ByApi
from tests.system.running import Up
from tests.system.steps import SECRET, complete, follower, post
from tests.wait import until
from varsel.contracts import asyncapi, documents
from varsel.run.embedded import redis_url

REPO = documents.DOCS.parent
THEME = REPO / "tests/render/look/second"
PICTURE = REPO / "varsel/demo_data/brev.jpg"
STREAMED: dict[str, Any] = json.loads((documents.DOCS / "asyncapi.json").read_text())
COMPONENTS = STREAMED["components"]


@pytest.mark.parametrize("file", documents.documents(), ids=lambda file: file.name)
def test_a_document_is_what_the_code_makes(file: Path) -> None:
    assert file.read_text() == documents.documents()[file], "make it anew with `make contracts`"


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        yield from [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        for inner in part.values():
            yield from references(inner)
    if isinstance(part, list):
        for inner in part:
            yield from references(inner)


def target(reference: str) -> Any:
    found: Any = STREAMED
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_each_reference_leads_somewhere_and_each_part_is_referred_to() -> None:
    used = set(references(STREAMED))
    assert all(target(reference) for reference in used)
    for section, parts in COMPONENTS.items():
        assert {f"#/components/{section}/{name}" for name in parts} <= used
    for name, channel in STREAMED["channels"].items():
        assert f"#/channels/{name}" in used
        assert {f"#/channels/{name}/messages/{kind}" for kind in channel["messages"]} <= used


def carried_by(operation: dict[str, Any]) -> tuple[str, list[str]]:
    stream = operation["channel"]["$ref"].rpartition("/")[2]
    return stream, [message["$ref"].rpartition("/")[2] for message in operation["messages"]]


def test_operations_are_the_topology() -> None:
    found = {
        (operation["tags"][0]["name"], operation["action"], carried_by(operation)[0])
        for operation in STREAMED["operations"].values()
    }
    written = {(s.writer, "send", s.name) for s in STREAMS}
    given_up = {(g, "send", s.name + DEAD) for s in STREAMS for g in s.groups}
    read = {(g, "receive", s.name) for s in TOPOLOGY.values() for g in s.groups}
    assert found == written | given_up | read


def test_each_type_of_event_is_on_one_stream_and_sent_where_its_writer_makes_it() -> None:
    kinds = {event.model_fields["type"].default: event.__name__ for event in asyncapi.EVENTS}
    on = Counter(kind for channel in STREAMED["channels"].values() for kind in channel["messages"])
    assert {kind: on[kind] for kind in kinds} == dict.fromkeys(kinds, 1)
    for stream in STREAMS:
        folder = REPO / "services" / stream.writer
        files = [*folder.rglob("*.py"), *folder.rglob("*.lua")]
        code = "\n".join(file.read_text() for file in files)
        told = carried_by(STREAMED["operations"][f"{stream.writer}.send.{stream.name}"])[1]
        on_it = STREAMED["channels"][stream.name]["messages"]
        written = {kind for kind in on_it if re.search(rf"\b{kinds[kind]}\b|'{kind}'", code)}
        assert set(told) == written


def wrong_in(fields: dict[bytes, bytes], message: str) -> list[str]:
    """What a stream entry has that the document does not know, or the other way round."""
    plain = {name.decode(): value.decode() for name, value in fields.items()}
    data = plain.pop("data", "null")
    return [
        f"{part}: {error.json_path} {error.message}"
        for part, value in (("headers", plain), ("payload", json.loads(data)))
        for error in Draft7Validator(
            {"$ref": f"#/components/messages/{message}/{part}", "components": COMPONENTS}
        ).iter_errors(value)
    ]


NO_EVENT = "article.unknown"


async def notice(up: Up, editor: str, api: ByApi) -> None:
    """Two people approve a notice to members."""
    written = {"lang": "nb", "what_happened": "En kopi kom bort.", "consequences": "Ingen.",
               "measures": "Ny nøkkel.", "contact": "Kari Eksempel"}  # fmt: skip
    second = up.json("keys", "create", "Ola", "--role", "approver")["key"]
    async with httpx.AsyncClient(base_url=f"{up.url}/api") as http:
        headers = {"Authorization": f"Bearer {editor}"}
        found = (await http.post("/notices", json=written, headers=headers)).json()["id"]
        for key in (api.approver, second):
            headers = {"Authorization": f"Bearer {key}"}
            answer = await http.post(f"/notices/{found}/approve", headers=headers)
            assert answer.status_code == 200, answer.text


async def test_a_real_run_writes_what_the_document_says_and_all_of_it(tmp_path: Path) -> None:
    members = tmp_path / "members.csv"  # so many that a delivery also progresses
    rows = "".join(f"member{n}@example.org,Kari,nb\n" for n in range(200))
    members.write_text("email,name,lang\n" + rows)
    relay = await Relay().start()
    relay.rcpt = lambda _: "550 5.7.1 not from you"  # so the delivery pauses
    mail = {
        "VARSEL_SMTP_URL": f"smtp://127.0.0.1:{relay.port}?starttls=none",
        "VARSEL_MAIL_FROM": "varsel@example.org",
        "VARSEL_ALERT_APPROVALS": "1",
        "VARSEL_ALERT_HOLD": "0",
        "VARSEL_THEME": str(THEME),
    }
    async with follower() as (hook, _):
        gone = f"http://127.0.0.1:{free_port()}/"
        hooks = [{"url": url, "secret": SECRET} for url in (hook, gone)]
        with Up(VARSEL_WEBHOOKS=json.dumps(hooks), **mail) as up:
            key = up.start().key()
            served = httpx.get(f"{up.url}/api/openapi.json").json()
            assert served == json.loads((documents.DOCS / "openapi.json").read_text())
            up.json("members", "import", str(members), "--consent", "Ja takk")
            api = ByApi(up, key, up.json("keys", "create", "Anne", "--role", "approver")["key"])
            file = {"file": ("brev.jpg", PICTURE.read_bytes(), "image/jpeg")}
            by_key = {"Authorization": f"Bearer {key}"}
            answer = httpx.post(f"{up.url}/api/assets", files=file, headers=by_key)
            assert answer.status_code == 201
            article = post(up, key, alert(body="![Brevet](brev.jpg)\n")).json()["id"]
            await api.preview(article)
            async with Redis.from_url(redis_url(up.data, OPERATOR)) as redis:
                # What waits for nobody any more is told to nobody.
                told = {"people.to_be_told"}
                await until(lambda: has_all(redis, "control", told), timeout=20)
                await api.approve(article)
                paused = {"delivery.paused"}
                await until(lambda: has_all(redis, "deliveries", paused), timeout=20)
                await steer(redis, article)
                relay.rcpt = lambda _: None
                await complete(up, key, article)
                changed = alert(lead="Myndighetene har rettet advarselen.")
                await api.correct(article, changed.model_dump(mode="json", exclude_none=True))
                await api.approve(article)
                await complete(up, key, article)
                await api.withdraw(article)
                await notice(up, key, api)
                up.json("people", "address", "Ola", "--link")
                up.json("people", "revoke", "Ola")
                await seal_and_fail(redis)
                for stream, kinds in sent().items():
                    await until(lambda s=stream, k=kinds: has_all(redis, s, k), timeout=20)
                    for _, fields in await redis.xrange(stream):
                        if kind_of(fields) != NO_EVENT:
                            assert wrong_in(fields, kind_of(fields)) == []
    await relay.stop()


async def steer(redis: Redis, article: str) -> None:
    """Hold the alert's delivery, which its relay pauses, and let it go on."""
    ask, kari = AskOfDelivery(redis, approvals=1), Person("0" * 16, "Kari", "approver")

    async def stands(cause: str) -> bool:
        newest = (await Receipts(redis).seen(article)).deliveries
        return bool(newest) and newest[0].state == "paused" and newest[0].cause.startswith(cause)

    await until(lambda: stands("rcpt"))
    await ask(article, f"{article}.1", "hold", "", kari)
    await until(lambda: stands("operator"))
    await ask(article, f"{article}.1", "resume", "operator", kari)


async def seal_and_fail(redis: Redis) -> None:
    """Write what ingest writes at the end of a day and of subjects, and something that render must
    give up."""
    subjects = Subjects(redis)
    await subjects.put(Subject(id="jak-hemmere", name="JAK-hemmere"), "operator")
    await subjects.remove("jak-hemmere", "operator")
    [(_, fields), *_] = await redis.xrange("articles")
    published = from_fields(fields)
    await sketch(redis)
    await SealDays(redis)((datetime.now(UTC) + timedelta(days=2)).date())
    entry = await redis.xadd("articles", to_fields(published) | {"type": NO_EVENT})
    # Not waiting out the growing pauses: it is one failure from being given up.
    await until(lambda: redis.hexists("render:attempts:articles", entry))
    await redis.hset("render:attempts:articles", entry, 7)


async def sketch(redis: Redis) -> None:
    """Ask for the page and the mail of what somebody writes, as the newsroom does."""
    written = revision(alert(), id="skrives00001", slug="skrives")
    event = ArticleSketched(
        id="skrives00001.1.article.sketched",
        source="/varsel/ingest",
        subject=written.id,
        time=datetime.now(UTC),
        traceparent=new_traceparent(),
        data=Preview(revision=written, token="c" * 32),
    )
    await Sketches(redis).begin(event, "1-0", [])


def sent() -> dict[str, set[str]]:
    """What the services send by the document, by stream, and the dead letters of one."""
    found = {f"articles{DEAD}": {"dead-letter"}}
    for operation in STREAMED["operations"].values():
        stream, kinds = carried_by(operation)
        if operation["action"] == "send" and not stream.endswith(DEAD):
            found[stream] = set(kinds)
    return found


def kind_of(fields: dict[bytes, bytes]) -> str:
    return "dead-letter" if b"dead_at" in fields else fields[b"type"].decode()


async def has_all(redis: Redis, stream: str, kinds: set[str]) -> bool:
    return kinds <= {kind_of(fields) for _, fields in await redis.xrange(stream)}
