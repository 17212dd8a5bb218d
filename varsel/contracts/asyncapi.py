"""The AsyncAPI 3.0 document of the streams, made from `shared.topology` and `shared.events`: which
service tells which other what.

FastStream could describe its own subscribers, but the bus gives it raw readers, so that no entry is
parsed before an attempt is counted: it knows no types.

An entry's plain fields are a message's headers, its field `data` is the payload. The binding for
Redis is empty by its specification (bindings/redis 0.1.0), so that groups are in `x-groups`.
"""

from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from shared.events import (
    ArticleEvent,
    ArticlePublished,
    ArticleSketched,
    ArticleSubmitted,
    AuditSealed,
    ChunkPlanned,
    DeliveryEvent,
    DeliveryWanted,
    MailPreviewed,
    MailSketched,
    NoticeApproved,
    PageEvent,
    PageLookedAt,
    PagePreviewed,
    PageSketched,
    PicturesScaled,
    PostEvent,
    ReferenceEvent,
    SiteDressed,
    StaffEvent,
    StaffReachCounted,
)
from shared.topology import DEAD, DEAD_LETTER_STREAMS, STREAMS, Stream

Document = dict[str, Any]

CARRIES: dict[str, tuple[type[BaseModel], ...]] = {
    "articles": (
        *get_args(ArticleEvent),
        ArticleSketched,
        ArticleSubmitted,
        AuditSealed,
        PicturesScaled,
    ),
    "pages": (*get_args(PageEvent), PagePreviewed, PageSketched),
    "chunks": (ChunkPlanned,),
    "deliveries": (
        *get_args(DeliveryEvent | PostEvent),
        *(MailPreviewed, MailSketched, PageLookedAt, StaffReachCounted),
    ),
    "control": (NoticeApproved, DeliveryWanted, *get_args(StaffEvent)),
    "reference": (*get_args(ReferenceEvent), SiteDressed),
}
"""Which events each stream may carry."""

EVENTS = tuple(event for carried in CARRIES.values() for event in carried)

_SCHEMAS = "#/components/schemas/"
_LETTER = "dead-letter"
_SCHEME = {"$ref": "#/components/securitySchemes/user"}

_INFO = {
    "title": "Varsel's streams",
    "version": "1",
    "description": (
        "Every channel is a Redis stream, every message an entry of it: the attributes of a "
        "CloudEvents 1.0 event as plain fields (here: headers), and `data` as JSON (here: the "
        "payload). A reader is a consumer group with its service's name, made at 0; it gets "
        "every entry at least once and acknowledges it together with its effects. An event's "
        "`id` is the same on a repeat. No event tells anything about a member."
    ),
}
_SERVER = {
    "host": "redis:6379",
    "protocol": "redis",
    "description": (
        "Redis 7.0 or newer, or Valkey; `redis` is its name in compose. `varsel up` without "
        "VARSEL_REDIS_URL starts one of its own, on a unix socket."
    ),
    "security": [_SCHEME],
}
_USER = {
    "type": "userPassword",
    "description": "Each service is a Redis user of its own, who may do what its operations say.",
}


def describe() -> Document:
    """The document."""
    channels = {s.name: _channel(s) for s in STREAMS}
    channels |= {s.name: _dead_channel(s) for s in DEAD_LETTER_STREAMS}
    messages = {_type(event): _message(event) for event in EVENTS}
    return {
        "asyncapi": "3.0.0",
        "info": _INFO,
        "defaultContentType": "application/json",
        "servers": {"redis": _SERVER},
        "channels": channels,
        "operations": dict(_operations()),
        "components": {
            "messages": messages | {_LETTER: _dead_letter()},
            "schemas": {"CloudEvent": _cloud_event(list(messages))} | _payloads(),
            "securitySchemes": {"user": _USER},
        },
    }


def _type(event: type[BaseModel]) -> str:
    return str(event.model_fields["type"].default)


def _payload(event: type[BaseModel]) -> type[BaseModel]:
    model = event.model_fields["data"].annotation
    assert isinstance(model, type) and issubclass(model, BaseModel)
    return model


def _channel(stream: Stream) -> Document:
    types = map(_type, CARRIES[stream.name])
    return {
        "address": stream.name,
        "summary": f"Written by {stream.writer}, read by {' and '.join(stream.groups)}.",
        "messages": {kind: {"$ref": f"#/components/messages/{kind}"} for kind in types},
        "x-groups": list(stream.groups),
    }


def _dead_channel(stream: Stream) -> Document:
    of = stream.name.removesuffix(DEAD)
    return {
        "address": stream.name,
        "summary": f"Events of `{of}` a reader gave up; `varsel dead replay` puts one back.",
        "messages": {_LETTER: {"$ref": f"#/components/messages/{_LETTER}"}},
        "x-groups": list(stream.groups),
    }


def _operations() -> list[tuple[str, Document]]:
    found = []
    for stream in STREAMS:
        written = list(map(_type, CARRIES[stream.name]))
        found.append(_operation(stream.writer, "send", stream.name, written))
        for group in stream.groups:
            read = list(map(_type, CARRIES[stream.name]))
            found.append(_operation(group, "receive", stream.name, read))
            found.append(_operation(group, "send", stream.name + DEAD, [_LETTER]))
    for stream in DEAD_LETTER_STREAMS:
        found += [_operation(group, "receive", stream.name, [_LETTER]) for group in stream.groups]
    return found


def _operation(service: str, action: str, stream: str, kinds: list[str]) -> tuple[str, Document]:
    return f"{service}.{action}.{stream}", {
        "action": action,
        "channel": {"$ref": f"#/channels/{stream}"},
        "messages": [{"$ref": f"#/channels/{stream}/messages/{kind}"} for kind in kinds],
        "tags": [{"name": service}],
    }


def _message(event: type[BaseModel]) -> Document:
    kind = _type(event)
    summary = {"summary": " ".join(event.__doc__.split())} if event.__doc__ else {}
    return {
        "name": kind,
        **summary,
        "headers": {
            "allOf": [{"$ref": f"{_SCHEMAS}CloudEvent"}, {"properties": {"type": {"const": kind}}}]
        },
        "payload": {"$ref": f"{_SCHEMAS}{_payload(event).__name__}"},
        "correlationId": {"location": "$message.header#/traceparent"},
    }


def _cloud_event(types: list[str]) -> Document:
    """The plain fields that every event has."""
    schema = ArticlePublished.model_json_schema(mode="serialization")
    fields = {name: field for name, field in schema["properties"].items() if name != "data"}
    fields["type"] = {"type": "string", "enum": types}
    return {
        "type": "object",
        "description": "Attributes of CloudEvents 1.0, and its extension for W3C Trace Context.",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def _payloads() -> Document:
    models = dict.fromkeys(map(_payload, EVENTS))
    _, schemas = models_json_schema(
        [(model, "serialization") for model in models], ref_template=f"{_SCHEMAS}{{model}}"
    )
    found: Document = schemas["$defs"]
    return dict(sorted(found.items()))


def _dead_letter() -> Document:
    added = {
        "dead_stream": "The stream that it was on.",
        "dead_group": "The service that gave it up.",
        "dead_entry": "Its entry id on that stream.",
        "dead_cause": "The last error: its kind, never its text.",
        "dead_attempts": "How often it was tried.",
        "dead_at": "When it was given up.",
    }
    fields = {name: {"type": "string", "description": text} for name, text in added.items()}
    fields["dead_stream"]["enum"] = [s.name for s in STREAMS]  # type: ignore[assignment]
    return {
        "name": _LETTER,
        "summary": "An event that a service gave up on, with all its fields, whatever they hold.",
        "headers": {
            "type": "object",
            "properties": fields,
            "required": list(fields),
            "additionalProperties": {"type": "string"},
        },
        "payload": {"description": "The event's own `data`; it need not be readable."},
    }
