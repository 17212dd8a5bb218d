"""Every text of the doors' pages is there in nynorsk too, with the same places for values."""

import re
from pathlib import Path

from services.ingest.newsroom.doors import routes
from services.ingest.newsroom.nynorsk.doors import TEXTS
from services.ingest.newsroom.nynorsk.texts import NYNORSK

_TEXT = re.compile(r'\bt\("([^"]+)"')
_PLACE = re.compile(r"\{\w+\}")
TEMPLATES = Path(routes.__file__).parent / "templates"


def _said() -> set[str]:
    return {text for file in TEMPLATES.glob("*.html") for text in _TEXT.findall(file.read_text())}


def test_every_text_is_there_in_nynorsk() -> None:
    said = _said()
    assert len(said) > 40
    assert said - NYNORSK.keys() == set()
    assert {text for text in said if _PLACE.findall(text) != _PLACE.findall(NYNORSK[text])} == set()


def test_nothing_is_said_in_nynorsk_that_no_page_says() -> None:
    assert TEXTS.keys() - _said() == set()
