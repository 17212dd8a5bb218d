"""What the OpenAPI document says beyond what FastAPI finds by itself.

These are the bodies that ingest reads as bytes, headers, and problem documents.
"""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from services.ingest.api import examples
from services.ingest.problems import MEDIA_TYPE
from services.ingest.reading.submission import Changed, MovedSubmission, Resubmission, Submission
from shared.fields import Model

_SCHEMAS = "#/components/schemas/"
_PREFIX = "Submitted"

_TITLES = {
    400: "The document or a header cannot be read",
    401: "No API key, or a wrong one; see `WWW-Authenticate`",
    403: "The key's role may not do this, or an author would approve their own words",
    404: "There is no such article or revision",
    409: "The step is not possible now: `state` says why and `steps` what is. Or the same content "
    "was posted before, as `article` at `url`; or the first request with this `Idempotency-Key` is "
    "still in flight",
    412: "`If-Match` names another revision than the newest, whose tag is `etag`",
    413: "Too large",
    415: "Not an accepted content type",
    422: "Fields are wrong; `errors` names each",
    428: "`If-Match` is missing: look first",
    429: "Too often: over 1,000 requests in a row, or 100 a second, of the key, or of the source "
    "without a key that is good. See `Retry-After`",
    503: "Not now; see `Retry-After`",
}


class ProblemError(BaseModel):
    field: str
    message: str


class ProblemDocument(BaseModel):
    """RFC 9457, with what is wrong by field."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemError]


def _header(description: str, **schema: str) -> dict[str, Any]:
    return {"description": description, "required": True, "schema": {"type": "string"} | schema}


_HEADERS = {
    401: {"WWW-Authenticate": _header("RFC 6750, section 3", pattern="^Bearer ")},
    429: {"Retry-After": _header("Seconds", pattern="^[0-9]+$")},
    503: {"Retry-After": _header("Seconds", pattern="^[0-9]+$")},
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """A route's `responses`: the problem documents of these statuses; who needs a key may ask too
    often, too."""
    statuses = tuple(sorted({*statuses, *([429] if 401 in statuses else [])}))
    content = {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMAS}{ProblemDocument.__name__}"}}}
    return {
        status: {"description": _TITLES[status], "content": content}
        | ({"headers": _HEADERS[status]} if status in _HEADERS else {})
        for status in statuses
    }


_ETAG_HEADER = {
    "ETag": _header(
        "The newest revision's, which names its content", pattern='^"[0-9]+-[0-9a-f]+"$'
    )
}
ETAG: dict[int | str, dict[str, Any]] = {200: {"headers": _ETAG_HEADER}}
_OF_THE_NEW = {"parameters": {"id": "$response.body#/id"}}
ARTICLE_ACCEPTED: dict[int | str, dict[str, Any]] = {
    201: {
        "description": "Published, waiting for its time, sent to review, or saved as a draft; see "
        "`status`",
        "headers": _ETAG_HEADER
        | {"Location": _header("The path of `GET /api/articles/{id}` for it")},
        "links": {
            "article": {"operationId": "get_article"} | _OF_THE_NEW,
            "receipt": {"operationId": "get_receipt"} | _OF_THE_NEW,
        },
    }
}

IDEMPOTENT = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key and body get the same answer for 24 hours.",
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The `ETag` of the revision that you have seen.",
    "schema": {"type": "string"},
}


def parameters(*of_the_header: dict[str, Any]) -> dict[str, Any]:
    """A route's `openapi_extra`: the headers that it reads by itself."""
    return {"parameters": list(of_the_header)}


def step_body(model: type[Model]) -> dict[str, Any]:
    """The `openapi_extra` of a step that takes `model` as JSON."""
    shape = model.model_json_schema()
    body = {
        "required": bool(shape.get("required")),
        "content": {"application/json": {"schema": shape}},
    }
    return parameters(IDEMPOTENT, IF_MATCH) | {"requestBody": body}


def notice_body(model: type[Model]) -> dict[str, Any]:
    """The `openapi_extra` of the route that takes a notice as JSON."""
    content = {"application/json": {"schema": model.model_json_schema()}}
    return {"requestBody": {"required": True, "content": content}}


def _article_body(schema: str, examples_: dict[str, dict[str, Any]]) -> dict[str, Any]:
    text = "YAML 1.2 front matter with the same fields, then the body."
    content = {
        "application/json": {"schema": {"$ref": f"{_SCHEMAS}{_PREFIX}{schema}"}},
        "text/markdown": {"schema": {"type": "string", "description": text}},
    }
    for kind, found in examples_.items():
        content[kind]["examples"] = found
    return {"requestBody": {"required": True, "content": content}}


ARTICLE_BODY = parameters(IDEMPOTENT) | _article_body(
    "Article",
    {
        "application/json": {
            "news": {"value": examples.NEWS},
            "safety_alert": {"value": examples.SAFETY_ALERT},
            "every_field": {"value": examples.EVERY_FIELD},
        },
        "text/markdown": {"news": {"value": examples.NEWS_AS_MARKDOWN}},
    },
)
REVISION_BODY = parameters(IF_MATCH) | _article_body("Revision", {})

_BYTES = {"schema": {"type": "string", "format": "binary"}}
PICTURE_BODY: dict[str, Any] = {
    "parameters": [
        {
            "name": "name",
            "in": "query",
            "description": "The file's name, if the body is the picture itself.",
            "schema": {"type": "string"},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": _BYTES["schema"]},
                }
            },
            "image/jpeg": _BYTES,
            "image/png": _BYTES,
            "image/webp": _BYTES,
        },
    },
}

_BODIES: dict[str, type[Submission]] = {
    "Article": Submission,
    "Revision": Resubmission,
    "Moved": MovedSubmission,
}
MOVED_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": f"{_SCHEMAS}{_PREFIX}Moved"},
                "examples": {"news": {"value": examples.MOVED}},
            }
        },
    }
}

_AN_ALERT_IS_WHOLE: dict[str, Any] = {
    "if": {"properties": {"kind": {"enum": ["news", "info"]}}},
    "then": {"properties": {"alert": {"type": "null"}}},
    "else": {
        "required": ["alert", "kicker", "topics", "sources"],
        "properties": {
            "alert": {"type": "object"},
            "kicker": {"type": "string"},
            "topics": {"minItems": 1},
            "sources": {"minItems": 1},
        },
    },
}
"""What the article's model checks by code, as JSON Schema."""
_A_CORRECTION_SAYS_WHAT: dict[str, Any] = {
    "if": {"required": ["kind"], "properties": {"kind": {"const": "correction"}}},
    "then": {"required": ["note"], "properties": {"note": {"type": "string"}}},
}
"""What `Changed` checks by code, as JSON Schema."""


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of `app`, made once."""
    if not app.openapi_schema:
        document = get_openapi(title=app.title, version=app.version, routes=app.routes)
        _drop_validation_errors(document)
        document["components"]["schemas"].update(_own_schemas())
        app.openapi_schema = document
    return app.openapi_schema


def _drop_validation_errors(document: dict[str, Any]) -> None:
    """Without the 422 that FastAPI gives every route with parameters: any id may be asked for."""
    for operations in document["paths"].values():
        for operation in operations.values():
            wrong = operation["responses"].get("422", {})
            if MEDIA_TYPE not in wrong.get("content", {}):
                operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)


def _own_schemas() -> dict[str, Any]:
    template = f"{_SCHEMAS}{_PREFIX}{{model}}"
    found: dict[str, Any] = {}
    for name, model in _BODIES.items():
        shape = model.model_json_schema(ref_template=template)
        found |= {f"{_PREFIX}{inner}": schema for inner, schema in shape.pop("$defs").items()}
        found[f"{_PREFIX}{name}"] = shape | _AN_ALERT_IS_WHOLE
    found[f"{_PREFIX}{Changed.__name__}"] |= _A_CORRECTION_SAYS_WHAT
    problem = ProblemDocument.model_json_schema(ref_template=f"{_SCHEMAS}{{model}}")
    found |= problem.pop("$defs")
    return found | {ProblemDocument.__name__: problem}
