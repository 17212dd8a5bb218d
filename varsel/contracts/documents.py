"""Both documents as text, each with its file."""

import json
from pathlib import Path
from typing import Any

from services.ingest import app as ingest
from services.ingest.api import openapi
from shared.settings import Settings
from varsel.contracts import asyncapi

DOCS = Path(__file__).parents[2] / "docs"


def documents() -> dict[Path, str]:
    """Each document's text, by its file in docs/."""
    return {
        DOCS / "openapi.json": _text(openapi.describe(_api())),
        DOCS / "asyncapi.json": _text(asyncapi.describe()),
    }


def _api() -> Any:
    nothing_of_here = Settings.model_construct()
    http = ingest.create(nothing_of_here, "redis://never-called").http
    assert isinstance(http, ingest.IngestHttp)
    return http.api


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
