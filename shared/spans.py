"""Spans for OpenTelemetry: what each service did with an event, and how long it took.

Off, unless OTEL_EXPORTER_OTLP_ENDPOINT says where they go; the packages are the extra `otel`. They
hang on the trace that `traceparent` carries through the streams. A span tells the service, the
stream and the type of an event, and never what an event says. The provider is ours alone: libraries
that would make spans of requests, with addresses that let people in, find none.
"""

import os
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_SAID = (b"traceparent", b"type")
"""Fields of an event that its span is made of."""
_KIND = re.compile(r"[a-z_.]{1,40}")
_END_SECONDS = 3.0
"""How long an end waits for what is not sent yet."""


class PackagesMissing(Exception):
    """The extra `otel` is not installed."""


class _Spans:
    """What a process sends its spans by; nothing while `tracer` is none."""

    provider: Any = None
    tracer: Any = None


def start(name: str) -> None:
    """Send spans as `name`, if there is somewhere to send them; PackagesMissing."""
    if not os.environ.get(ENDPOINT):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise PackagesMissing from None
    os.environ.setdefault("OTEL_SERVICE_NAME", name)
    _Spans.provider = TracerProvider(shutdown_on_exit=False)
    _Spans.provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _Spans.tracer = _Spans.provider.get_tracer("varsel")


def stop() -> None:
    """Send what is left, and no more. Blocks for some seconds at most."""
    if _Spans.provider:
        # Its own timeouts add up to half a minute while nobody takes them.
        end = threading.Thread(target=_Spans.provider.shutdown, daemon=True)
        end.start()
        end.join(_END_SECONDS)
    _Spans.provider = _Spans.tracer = None


def begun() -> str:
    """The `traceparent` of a new trace, whose first span says when it began; empty if none are
    sent."""
    if not _Spans.tracer:
        return ""
    from opentelemetry.context import Context

    span = _Spans.tracer.start_span("begun", context=Context())
    span.end()
    of = span.get_span_context()
    return f"00-{of.trace_id:032x}-{of.span_id:016x}-01"


@contextmanager
def handling(service: str, stream: str, fields: Mapping[bytes, bytes]) -> Iterator[None]:
    """While it is entered, `service` handles the stream's entry with these fields."""
    if not _Spans.tracer:
        yield
        return
    from opentelemetry.trace import SpanKind
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    carried, kind = (fields.get(name, b"").decode(errors="replace") for name in _SAID)
    with _Spans.tracer.start_as_current_span(
        f"{service} {stream}",
        context=TraceContextTextMapPropagator().extract({"traceparent": carried}),
        kind=SpanKind.CONSUMER,
        attributes={
            "messaging.system": "redis",
            "messaging.destination.name": stream,
            "messaging.consumer.group.name": service,
            "varsel.event": kind if _KIND.fullmatch(kind) else "unknown",
        },
        record_exception=False,  # its text may quote what was handled
        set_status_on_exception=False,
    ):
        yield


def failed(cause: str) -> None:
    """The event in hand failed, or waits; `cause` as in the log."""
    if _Spans.tracer:
        from opentelemetry.trace import Status, StatusCode, get_current_span

        get_current_span().set_status(Status(StatusCode.ERROR, cause))
