"""What the OpenAPI document says beyond what FastAPI finds by itself: bodies that ingest reads as
bytes, headers, and problem documents."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from services.ingest import examples
from services.ingest.problems import MEDIA_TYPE
from services.ingest.submission import Submission

_SCHEMAS = "#/components/schemas/"
_PREFIX = "Submitted"

_TITLES = {
    400: "The document or a header cannot be read",
    401: "No API key, or a wrong one; see `WWW-Authenticate`",
    403: "The key's role may not do this",
    404: "There is no such article",
    409: "The same content was posted before, as `article` at `url`; or the first request with "
    "this `Idempotency-Key` is still in flight",
    413: "Too large",
    415: "Not an accepted content type",
    422: "Fields are wrong; `errors` names each",
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
    503: {"Retry-After": _header("Seconds", pattern="^[0-9]+$")},
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem documents that a route may answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMAS}{ProblemDocument.__name__}"}}}
    return {
        status: {"description": _TITLES[status], "content": content}
        | ({"headers": _HEADERS[status]} if status in _HEADERS else {})
        for status in statuses
    }


_OF_THE_NEW = {"parameters": {"id": "$response.body#/id"}}
ARTICLE_ACCEPTED: dict[int | str, dict[str, Any]] = {
    201: {
        "description": "Published, sent to review, or saved as a draft; see `status`",
        "headers": {"Location": _header("The path of `GET /api/articles/{id}` for it")},
        "links": {
            "article": {"operationId": "get_article"} | _OF_THE_NEW,
            "receipt": {"operationId": "get_receipt"} | _OF_THE_NEW,
        },
    }
}

ARTICLE_BODY: dict[str, Any] = {
    "parameters": [
        {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "The same key and body get the same answer for 24 hours.",
            "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,255}$"},
        }
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": f"{_SCHEMAS}{_PREFIX}Article"},
                "examples": {
                    "news": {"value": examples.NEWS},
                    "safety_alert": {"value": examples.SAFETY_ALERT},
                    "every_field": {"value": examples.EVERY_FIELD},
                },
            },
            "text/markdown": {
                "schema": {
                    "type": "string",
                    "description": "YAML 1.2 front matter with the same fields, then the body.",
                },
                "examples": {"news": {"value": examples.NEWS_AS_MARKDOWN}},
            },
        },
    },
}

_BYTES = {"schema": {"type": "string", "format": "binary"}}
PICTURE_BODY: dict[str, Any] = {
    "parameters": [
        {
            "name": "name",
            "in": "query",
            "description": "The file's name, where the body is the picture itself.",
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

_AN_ALERT_IS_WHOLE: dict[str, Any] = {
    "if": {"properties": {"kind": {"const": "news"}}},
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
"""What the article's model checks by code."""


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of `app`, made once."""
    if not app.openapi_schema:
        document = get_openapi(title=app.title, version=app.version, routes=app.routes)
        _drop_validation_errors(document)
        document["components"]["schemas"].update(_own_schemas())
        app.openapi_schema = document
    return app.openapi_schema


def _drop_validation_errors(document: dict[str, Any]) -> None:
    """FastAPI takes it for granted that parameters can be wrong. Any id may be asked for."""
    for operations in document["paths"].values():
        for operation in operations.values():
            wrong = operation["responses"].get("422", {})
            if MEDIA_TYPE not in wrong.get("content", {}):
                operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)


def _own_schemas() -> dict[str, Any]:
    submitted = Submission.model_json_schema(ref_template=f"{_SCHEMAS}{_PREFIX}{{model}}")
    inner = {f"{_PREFIX}{name}": schema for name, schema in submitted.pop("$defs").items()}
    problem = ProblemDocument.model_json_schema(ref_template=f"{_SCHEMAS}{{model}}")
    inner.update(problem.pop("$defs"))
    submitted |= _AN_ALERT_IS_WHOLE
    return inner | {f"{_PREFIX}Article": submitted, ProblemDocument.__name__: problem}
