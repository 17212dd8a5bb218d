"""One article's way through the services is one trace of OpenTelemetry, and nobody is named in it.
If no collector takes it, all goes on; without an address to send it to, there is none."""

import asyncio
import gzip
import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from shared import spans
from shared.trace import new_traceparent, trace_id
from tests.make import alert
from tests.system.running import Up
from tests.system.steps import complete, post
from tests.wait import until

WAY = {
    "begun",
    "render articles",
    "notify pages",
    "notify chunks",
    "ingest deliveries",
}
SAID = {
    "messaging.system",
    "messaging.destination.name",
    "messaging.consumer.group.name",
    "varsel.event",
}


class Collector(ThreadingHTTPServer):
    """Takes what a process exports (OTLP over HTTP), as any collector does."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Export)
        self.spans: list[Any] = []
        self.names: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Export(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.server.names |= {
                one.value.string_value
                for one in resource.resource.attributes
                if one.key == "service.name"
            }
            for scope in resource.scope_spans:
                self.server.spans += scope.spans
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """No lines."""


@contextmanager
def collector() -> Iterator[Collector]:
    server = Collector()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


async def test_an_article_s_trace_goes_from_ingest_by_render_to_notify_and_names_nobody(
    tmp_path: Path,
) -> None:
    file = tmp_path / "medlemmer.csv"
    file.write_text("email,name,lang\nkari.kanari@example.org,Kari Kanari,nb\n")
    with (
        collector() as taken,
        Up(OTEL_EXPORTER_OTLP_ENDPOINT=taken.url, OTEL_BSP_SCHEDULE_DELAY="100") as up,
    ):
        up.start()
        up.json("members", "import", str(file), "--consent", "Ja takk")
        key = up.key()
        article = post(up, key, alert(title="Varsel om kanaricin")).json()["id"]
        await complete(up, key, article)
        lines = [json.loads(line) for line in up.log().splitlines() if line[:1] == "{"]
        [trace] = {
            line["trace"]
            for line in lines
            if line["event"] == "page_live" and line["article"] == article
        }

        def of_the_article() -> dict[str, Any]:
            return {one.name: one for one in taken.spans if one.trace_id.hex() == trace}

        await until(lambda: of_the_article().keys() >= WAY)
        found = of_the_article()
        assert found["begun"].parent_span_id == b""
        for name in WAY - {"begun"}:
            assert found[name].parent_span_id == found["begun"].span_id, name
        assert taken.names == {"varsel"}
        # In a library that made spans of requests there would be links that let members in.
        assert {attribute.key for one in taken.spans for attribute in one.attributes} == SAID
        everything = " ".join(map(str, taken.spans)).lower()
        for canary in ("kanari", "kanaricin", "example.org", article):
            assert canary not in everything

        taken.shutdown()
        taken.server_close()
        article = post(up, key, alert(title="Varsel mens ingen samler spor")).json()["id"]
        await complete(up, key, article)
        assert await asyncio.to_thread(up.end, signal.SIGTERM) == 0


def test_without_an_address_there_are_no_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(spans.ENDPOINT, raising=False)
    spans.start("varsel")
    assert spans.begun() == ""
    assert trace_id(new_traceparent())
