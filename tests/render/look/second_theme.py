"""A second theme, as an association may have one: its own templates, stylesheet and words."""

from pathlib import Path

SECOND = Path(__file__).parent / "second"
