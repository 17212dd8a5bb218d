"""Whatever an admin reads is there in nynorsk too, with the same places for values."""

import re
from pathlib import Path

from services.ingest.newsroom import admin
from services.ingest.newsroom.admin import trail_words
from services.ingest.newsroom.admin.people_pages import ROLE_HINTS
from services.ingest.newsroom.nynorsk.admin import TEXTS
from services.ingest.newsroom.nynorsk.texts import NYNORSK
from services.ingest.people.person import ROLE_NAMES

TEMPLATES = Path(admin.__file__).parent / "templates"
_SAID = re.compile(r"\bt\(\"([^\"]+)\"")
_PLACE = re.compile(r"\{\w+\}")


def test_every_text_is_there_in_nynorsk_with_the_same_places() -> None:
    said = {text for page in TEMPLATES.glob("*.html") for text in _SAID.findall(page.read_text())}
    said |= {*trail_words.WORDS.values(), *trail_words.BROKEN.values()}
    said |= {*ROLE_HINTS.values(), *ROLE_NAMES.values()}
    assert said - NYNORSK.keys() == set()
    for text, nynorsk in TEXTS.items():
        assert sorted(_PLACE.findall(text)) == sorted(_PLACE.findall(nynorsk)), text
