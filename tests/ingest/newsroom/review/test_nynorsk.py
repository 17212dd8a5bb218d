"""Whoever reads nynorsk finds every text of these pages in it."""

import re
from pathlib import Path

import pytest

from services.ingest.newsroom import look
from services.ingest.newsroom.nynorsk.texts import NYNORSK
from services.ingest.newsroom.review import refused
from services.ingest.newsroom.shown.words import NAMES
from tests.ingest.conftest import Ingest
from tests.ingest.newsroom.review.cases import person, waiting
from tests.ingest.newsroom.steps import browser_of

ROOMS = ("review", "experts")
_SAID = re.compile(r'\bt\("((?:[^"\\]|\\.)*)"')
_PLACES = re.compile(r"\{\w+\}")


def templates() -> list[Path]:
    folder = Path(look.__file__).parent
    return [path for room in ROOMS for path in sorted((folder / room).glob("templates/*.html"))]


def said() -> set[str]:
    texts = {text for path in templates() for text in _SAID.findall(path.read_text())}
    texts |= {text for title, text, _ in refused._WORDS.values() for text in (title, text)}
    texts |= {text for _, text in refused._WAY_ON.values()} | set(refused._STATES.values())
    return texts | {NAMES[path] for path in NAMES if path.count(".") < 2}


def test_no_text_is_missing() -> None:
    inner = {NAMES[path] for path in NAMES if path.startswith(("sources.", "alert.report"))}
    assert sorted(said() - inner - NYNORSK.keys()) == []


@pytest.mark.parametrize("text", sorted(said() & NYNORSK.keys()))
def test_what_stands_in_a_text_stands_in_both(text: str) -> None:
    assert sorted(_PLACES.findall(text)) == sorted(_PLACES.findall(NYNORSK[text]))


async def test_a_page_is_said_in_nynorsk(make_ingest) -> None:  # type: ignore[no-untyped-def]
    ingest: Ingest = await make_ingest(alert_approvals=1, alert_hold=60)
    article = await waiting(ingest)
    async with browser_of(ingest, await person(ingest, "Ola Eksempel")) as ola:
        ola.http.cookies.set("varsel-maal", "nn", domain="varsel.example.org")
        page = (await ola.get(f"/redaksjon/sak/{article}/godkjenn/")).text
    assert '<html lang="nn">' in page and "Kven får ho?" in page
    assert "Ingen har godkjent noko av denne saka før." in page
