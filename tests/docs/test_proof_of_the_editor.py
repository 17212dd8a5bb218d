"""What was tried on ten thousand bodies is the editor that is served."""

import hashlib
from pathlib import Path

from services.ingest.newsroom.look import STATIC

_DECISION = Path(__file__).parents[2] / "docs" / "decisions" / "0039-the-visual-editor.md"


def test_the_figures_of_the_visual_editor_are_of_the_one_that_is_served() -> None:
    """If it was built anew: run `make proof`, and write what it finds beside the new hash."""
    served = hashlib.sha256((STATIC / "editor.js").read_bytes()).hexdigest()
    assert f"`{served}`" in _DECISION.read_text()
