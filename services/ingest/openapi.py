"""What the OpenAPI document says beyond what FastAPI finds by itself: bodies that ingest reads as
bytes, and problem documents."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from services.ingest.problems import MEDIA_TYPE
from services.ingest.submission import Submission

_SCHEMAS = "#/components/schemas/"
_PREFIX = "Submitted"

_TITLES = {
    400: "The document or a header cannot be read",
    401: "No API key, or a wrong one; see `WWW-Authenticate`",
    403: "The key's role may not do this",
    404: "There is no such article",
    409: "The same content was posted before, or the first request is still in flight",
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


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem documents that a route may answer with."""
    content = {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMAS}{ProblemDocument.__name__}"}}}
    return {status: {"description": _TITLES[status], "content": content} for status in statuses}


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
            "application/json": {"schema": {"$ref": f"{_SCHEMAS}{_PREFIX}Article"}},
            "text/markdown": {
                "schema": {
                    "type": "string",
                    "description": "YAML 1.2 front matter with the same fields, then the body.",
                }
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


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of `app`, made once."""
    if not app.openapi_schema:
        document = get_openapi(title=app.title, version=app.version, routes=app.routes)
        document["components"]["schemas"].update(_own_schemas())
        app.openapi_schema = document
    return app.openapi_schema


def _own_schemas() -> dict[str, Any]:
    submitted = Submission.model_json_schema(ref_template=f"{_SCHEMAS}{_PREFIX}{{model}}")
    inner = {f"{_PREFIX}{name}": schema for name, schema in submitted.pop("$defs").items()}
    problem = ProblemDocument.model_json_schema(ref_template=f"{_SCHEMAS}{{model}}")
    inner.update(problem.pop("$defs"))
    return inner | {f"{_PREFIX}Article": submitted, ProblemDocument.__name__: problem}
