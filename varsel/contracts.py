"""What others build on, as documents: `python -m varsel.contracts` writes both into docs/.

They are the same on every machine: neither settings nor a Redis take part.
"""

import json
from pathlib import Path
from typing import Any

from services.ingest import app as ingest
from services.ingest.api import openapi
from shared.settings import Settings
from varsel import asyncapi

DOCS = Path(__file__).parents[1] / "docs"


def documents() -> dict[Path, str]:
    """Each document's file and text."""
    return {
        DOCS / "openapi.json": _text(openapi.describe(_api())),
        DOCS / "asyncapi.json": _text(asyncapi.describe()),
    }


def _api() -> Any:
    nothing_of_here = Settings.model_construct()
    return ingest.create(nothing_of_here, "redis://never-called").http


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for file, text in documents().items():
        file.write_text(text)
